// -disasm: the instructions of functions whose symbol fits, with what each costs.
// Facts: PrintAssembly of internal/report/report.go of google/pprof.
#include "reports/disassembly.h"

#include "profile/paths.h"
#include "profile/regex.h"
#include "profile/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace memsnap {
namespace {

using Row = RoutineRow;

// Samples stand at calls and in the middle of instructions: each counts for the instruction it is in.
std::vector<Row> annotate(const ProfileReport& report, const CallGraph& graph, const ProgramSymbol& symbol,
                          const std::vector<MachineInstruction>& instructions) {
  const Profile& profile = report.profile;
  std::vector<std::uint32_t> nodes = symbol.nodes;
  sort_nodes(profile, graph, nodes, NodeOrder::kAddress);
  std::vector<Row> rows;
  std::size_t next = 0;
  for (std::size_t i = 0; i < instructions.size(); ++i) {
    const MachineInstruction& one = instructions[i];
    Row row{.instruction = &one, .function = one.function, .file = {}, .line = one.line, .sums = {}};
    if (!one.file.empty()) row.file = base_name(one.file);
    std::uint64_t end = i + 1 < instructions.size() ? instructions[i + 1].address : ~0ull;
    for (; next < nodes.size(); ++next) {
      const GraphNode& node = graph.nodes[nodes[next]];
      if (node.info.address - symbol.bias >= end) break;
      add_sums(row.sums, node);
      if (row.file.empty() && node.info.file != StringId{})
        row.file = base_name(profile.text(node.info.file));
      if (row.line == 0) row.line = node.info.line;
      if (row.function.empty()) row.function = profile.text(node.info.name);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string place_text(const Row& row) {
  std::string text = row.function.empty() ? "" : row.function + " ";
  if (row.file.empty()) return text;
  text += row.file;
  if (row.line != 0) text += fmt::format(":{}", row.line);
  return text;
}

// A place is named where it changes.
void print_rows(const ProfileReport& report, const std::vector<Row>& rows, Out& out) {
  constexpr std::size_t kShort = 40;  // columns of an instruction that the place stands beside
  const Row* before = nullptr;
  for (const Row& row : rows) {
    bool moved =
        before ? row.function != before->function || row.file != before->file || row.line != before->line
               : !row.function.empty() || !row.file.empty() || row.line != 0;
    std::string place = moved ? place_text(row) : "";
    before = &row;
    std::string numbers =
        fmt::format("{} {} {:10x}: ", pad_to(report.format_or_dot(row.sums.flat_value()), 10),
                    pad_to(report.format_or_dot(row.sums.cum_value()), 10), row.instruction->address);
    const std::string& text = row.instruction->text;
    if (place.empty())
      out.print("{}{}\n", numbers, text);
    else if (text.size() < kShort)
      out.print("{}{:<40};{}\n", numbers, text, place);
    else
      out.print("{:74};{}\n{}{}\n", "", place, numbers, text);
  }
}

}  // namespace

Result<void> each_routine(ProfileReport& report, BinaryTool* binaries, Out& remarks,
                          const std::function<void(const Routine&)>& visit) {
  Regex wanted = TRY(Regex::compile(report.request.symbol));
  prepare_graph(report);
  CallGraph graph = full_graph(report);
  std::optional<std::uint64_t> address = read_number(report.request.symbol);
  std::vector<ProgramSymbol> symbols =
      symbols_with_samples(report, graph, wanted, address, binaries, remarks);
  if (symbols.empty() && !address)
    return fail(Cause::usage, "no matches found for regexp {}", report.request.symbol);
  if (symbols.empty()) return fail(Cause::usage, "no matches found for address 0x{:x}", *address);
  if (report.config.intel_syntax && report.request.go_compat)
    return fail(Cause::usage, "printing assembly in Intel syntax is not supported");

  for (const ProgramSymbol& symbol : symbols) {
    auto instructions =
        TRY(binaries->disassemble(symbol.file, symbol.start, symbol.end, report.config.intel_syntax));
    Routine routine{.symbol = &symbol, .rows = annotate(report, graph, symbol, instructions)};
    for (std::uint32_t node : symbol.nodes) {
      routine.flat = wrap_add(routine.flat, graph.nodes[node].flat);
      routine.cum = wrap_add(routine.cum, graph.nodes[node].cum);
    }
    visit(routine);
  }
  return {};
}

Result<void> print_disasm(ProfileReport& report, BinaryTool* binaries, Out& out) {
  bool first = true;
  return each_routine(report, binaries, out, [&](const Routine& routine) {
    if (std::exchange(first, false)) out.print("Total: {}\n", report.format(report.total));
    out.print("ROUTINE ======================== {}\n", routine.symbol->name);
    out.print("{} {} (flat, cum) {} of Total\n", pad_to(report.format(routine.flat), 10),
              pad_to(report.format(routine.cum), 10), percentage(routine.cum, report.total));
    print_rows(report, routine.rows, out);
  });
}

}  // namespace memsnap
