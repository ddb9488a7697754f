#include "reports/program_symbols.h"

#include "profile/units.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace memsnap {
namespace {

std::set<StringId> files_that_fit(const ProfileReport& report, const CallGraph& graph, const Regex& wanted) {
  std::set<StringId> files;
  for (std::uint32_t row : graph.shown) {
    const NodeInfo& info = graph.nodes[row].info;
    if (info.object != StringId{} && wanted.matches(printable_name(report.profile, info)))
      files.insert(info.object);
  }
  return files;
}

std::vector<std::uint32_t> nodes_inside(const CallGraph& graph, const BinarySymbol& symbol,
                                        std::uint64_t bias) {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t row : graph.shown) {
    std::uint64_t address = graph.nodes[row].info.address - bias;
    if (address >= symbol.start && address < symbol.end) nodes.push_back(row);
  }
  return nodes;
}

}  // namespace

std::optional<std::uint64_t> read_number(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    char letter = char(text[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    text.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void add_sums(GraphNode& to, const GraphNode& from) {
  to.flat = wrap_add(to.flat, from.flat);
  to.flat_divisor = wrap_add(to.flat_divisor, from.flat_divisor);
  to.cum = wrap_add(to.cum, from.cum);
  to.cum_divisor = wrap_add(to.cum_divisor, from.cum_divisor);
}

std::vector<ProgramSymbol> symbols_with_samples(const ProfileReport& report, const CallGraph& graph,
                                                const Regex& wanted, std::optional<std::uint64_t> address,
                                                BinaryTool* binaries, Out& out) {
  std::vector<ProgramSymbol> found;
  if (!binaries) return found;
  const Profile& profile = report.profile;
  std::set<StringId> files = files_that_fit(report, graph, wanted);
  for (const ProfileMapping& mapping : profile.mappings) {
    bool inside = address && mapping.start <= *address && *address <= mapping.limit;
    if (!files.contains(mapping.file) && !inside) continue;
    std::string file(profile.text(mapping.file));
    auto bias = binaries->load_bias(file, mapping);
    if (!bias) {
      out.print("{}\n", bias.error().what);
      continue;
    }
    auto symbols = binaries->symbols(file, report.request.symbol, address.value_or(0));
    if (!symbols) continue;
    for (const BinarySymbol& symbol : *symbols)
      if (auto nodes = nodes_inside(graph, symbol, *bias); !nodes.empty())
        found.push_back({symbol.names[0], file, symbol.start, symbol.end, *bias, std::move(nodes)});
  }
  std::ranges::stable_sort(found, [](const ProgramSymbol& a, const ProgramSymbol& b) {
    return a.name != b.name ? a.name < b.name : a.start < b.start;
  });
  return found;
}

}  // namespace memsnap
