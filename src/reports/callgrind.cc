// -callgrind: for KCachegrind. Format: valgrind.org/docs/manual/cl-format.html
#include "profile/graph_nodes.h"
#include "profile/units.h"
#include "reports/report.h"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

namespace memsnap {
namespace {

// The first time a name comes it gets a number, from then on the number is enough.
class ShortNames {
 public:
  std::string operator()(const std::string& name) {
    if (name.empty()) return "";
    auto [at, fresh] = numbers_.try_emplace(name, numbers_.size() + 1);
    return fresh ? fmt::format("({}) {}", at->second, name) : fmt::format("({})", at->second);
  }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
};

// Relative to the address before where that is shorter.
std::string short_address(const NodeInfo* before, std::uint64_t address) {
  std::string absolute = fmt::format("{:#x}", address);
  if (!before) return absolute;
  if (before->address == address) return "*";
  std::string relative = fmt::format("{:+}", std::int64_t(address - before->address));
  return relative.size() < absolute.size() ? relative : absolute;
}

// KCachegrind merges functions of one file and name. Where they are several here (other executables, other
// call paths), they get [1/3], [2/3] … behind the name.
std::vector<std::string> distinct_names(const ProfileReport& report, const CallGraph& graph) {
  struct Function {
    std::uint32_t parent;
    NodeInfo info;
    auto operator<=>(const Function& other) const {
      auto key = [](const Function& f) {
        return std::tuple(f.parent, f.info.name, f.info.file, f.info.start_line, f.info.object);
      };
      return key(*this) <=> key(other);
    }
  };
  auto function_of = [&](std::uint32_t row) {
    return Function{graph.nodes[row].parent, graph.nodes[row].info};
  };
  std::map<std::pair<StringId, StringId>, std::map<Function, std::size_t>> numbers;
  for (std::uint32_t row : graph.shown) {
    const NodeInfo& info = graph.nodes[row].info;
    auto& same = numbers[{info.file, info.name}];
    same.try_emplace(function_of(row), same.size() + 1);
  }
  std::vector<std::string> names(graph.nodes.size());
  for (std::uint32_t row : graph.shown) {
    const NodeInfo& info = graph.nodes[row].info;
    const auto& same = numbers[{info.file, info.name}];
    names[row] = report.profile.text(info.name);
    if (same.size() > 1) names[row] += fmt::format(" [{}/{}]", same.at(function_of(row)), same.size());
  }
  return names;
}

}  // namespace

void print_callgrind(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  const Profile& profile = report.profile;
  std::vector<std::string> names = distinct_names(report, graph);
  ShortNames objects, files, functions;
  auto text = [&](StringId id) { return std::string(profile.text(id)); };
  auto scaled = [&](std::int64_t value) {
    return whole(scale_value(value, report.sample_unit, report.output_unit).value);
  };
  out.print("positions: instr line\nevents: {}({})\n", report.sample_type, report.output_unit);
  const NodeInfo* before = nullptr;
  for (std::uint32_t row : graph.shown) {
    const GraphNode& node = graph.nodes[row];
    const NodeInfo& info = node.info;
    if (!before || info.object != before->object || info.file != before->file || info.name != before->name) {
      out.print("\nob={}\n", objects(text(info.object)));
      out.print("fl={}\n", files(text(info.file)));
      out.print("fn={}\n", functions(text(info.name)));
    }
    out.print("{} {} {}\n", short_address(before, info.address), info.line, scaled(node.flat_value()));
    for (std::uint32_t i : graph.sorted_out(profile, row)) {
      const GraphEdge& edge = graph.edges[i];
      const NodeInfo& callee = graph.nodes[edge.target].info;
      out.print("cfl={}\n", files(text(callee.file)));
      out.print("cfn={}\n", functions(names[edge.target]));
      out.print("calls=0 {} {}\n", short_address(before, callee.address), callee.line);
      out.print("* * {}\n", scaled(edge.weight));
    }
    before = &info;
  }
}

}  // namespace memsnap
