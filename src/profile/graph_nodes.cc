#include "profile/graph_nodes.h"

#include "profile/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {

StringId NodeNamer::object_of(const ProfileLocation& location) const {
  return location.mapping == kNoMapping ? StringId{} : profile_[location.mapping].file;
}

NodeInfo NodeNamer::of_bare(const ProfileLocation& location) const {
  return {.address = location.address, .object = object_of(location)};
}

NodeInfo NodeNamer::of_line(const ProfileLocation& location, const ProfileLine& line) const {
  if (line.function == kNoFunction) return of_bare(location);
  const ProfileFunction& function = profile_[line.function];
  NodeInfo info{.name = function.name,
                .address = location.address,
                .file = function.file,
                .line = line.line,
                .column = line.column};
  if (object_names_ || info.name == StringId{}) {
    info.object = object_of(location);
    info.start_line = function.start_line;
  }
  return info;
}

LocationNodes make_nodes(const Profile& profile, const GraphOptions& options, std::vector<GraphNode>& nodes) {
  NodeNamer namer(profile, options.object_names);
  std::unordered_map<NodeInfo, std::uint32_t, NodeInfoHash> rows;
  LocationNodes out;
  out.first.reserve(profile.locations.size() + 1);
  out.node.reserve(profile.lines.size());
  auto add = [&](const NodeInfo& info) {
    auto [at, fresh] = rows.try_emplace(info, std::uint32_t(nodes.size()));
    if (fresh) nodes.push_back({.info = info});
    out.node.push_back(at->second);
  };
  for (const ProfileLocation& location : profile.locations) {
    out.first.push_back(std::uint32_t(out.node.size()));
    for (const ProfileLine& line : profile.lines_of(location)) add(namer.of_line(location, line));
    if (location.line_count == 0) add(namer.of_bare(location));
  }
  out.first.push_back(std::uint32_t(out.node.size()));
  return out;
}

SampleTags::SampleTags(const Profile& profile, const GraphOptions& options)
    : profile_(profile), options_(options), bytes_key_(profile.strings.find("bytes")) {}

void SampleTags::read(std::size_t row) {
  text_.clear();
  numbers_.clear();
  std::vector<std::string> parts;
  for (const ProfileLabel& label : profile_.samples.labels_of(row)) {
    if (label.is_text())
      parts.push_back(fmt::format("{}:{}", profile_.text(label.key), profile_.text(label.text())));
    else if (label.key == bytes_key_)
      numbers_.emplace_back(value_label(label.value, options_.bytes_unit, options_.tag_unit), label.value);
  }
  std::ranges::sort(parts);
  text_ = fmt::format("{}", fmt::join(parts, "\\n"));
}

void SampleTags::add_to(GraphNode& node, SampleWeight weight, bool flat) const {
  auto count = [&](NodeTag& tag) {
    std::int64_t& value = flat ? tag.flat : tag.cum;
    std::int64_t& divisor = flat ? tag.flat_divisor : tag.cum_divisor;
    value = wrap_add(value, weight.value);
    divisor = wrap_add(divisor, weight.divisor);
  };
  if (!text_.empty()) count(node.text_tags.try_emplace(text_, NodeTag{.name = text_}).first->second);
  if (numbers_.empty()) return;
  NodeTags& tags = node.numbers[text_];
  for (const auto& [name, value] : numbers_) {
    NodeTag fresh{.name = name, .unit = options_.bytes_unit, .value = value};
    count(tags.try_emplace(name, fresh).first->second);
  }
}

namespace {

// A mean when there is a divisor.
std::int64_t mean(std::int64_t sum, std::int64_t divisor) {
  return divisor == 0 ? sum : wrap_divide(sum, divisor);
}

}  // namespace

std::int64_t NodeTag::flat_value() const { return mean(flat, flat_divisor); }
std::int64_t NodeTag::cum_value() const { return mean(cum, cum_divisor); }
std::int64_t GraphEdge::value() const { return mean(weight, divisor); }
std::int64_t GraphNode::flat_value() const { return mean(flat, flat_divisor); }
std::int64_t GraphNode::cum_value() const { return mean(cum, cum_divisor); }

void select_nodes(CallGraph& graph, bool drop_negative) {
  graph.shown.clear();
  for (std::uint32_t row = 0; row < graph.nodes.size(); ++row) {
    const GraphNode& node = graph.nodes[row];
    if (node.cum == 0 && node.flat == 0) continue;
    if (drop_negative && (node.flat < 0 || (node.flat == 0 && node.cum < 0))) continue;
    graph.shown.push_back(row);
  }
}

}  // namespace memsnap
