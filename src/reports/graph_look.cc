#include "profile/frame_names.h"
#include "profile/paths.h"
#include "profile/units.h"
#include "reports/dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {

std::string share_colour(double share, bool background) {
  constexpr double kShift = 0.7;  // how far colours are moved away from grey
  double saturation = background ? 0.1 : 1.0, value = background ? 0.93 : 0.7;
  // As Go's Max and Min: a share of nothing stays none.
  if (!std::isnan(share)) share = std::clamp(share, -1.0, 1.0);
  if (std::abs(share) < 0.2) saturation *= std::abs(share) / 0.2;
  if (share > 0) share = std::pow(share, 1 - kShift);
  if (share < 0) share = -std::pow(-share, 1 - kShift);
  double red = share < 0 ? value * (1 + saturation * share) : value;
  double green = share < 0 ? value : value * (1 - saturation * share);
  double blue = value * (1 - saturation);
  auto byte = [](double part) { return unsigned(std::uint8_t(whole(part * 255))); };
  return fmt::format("#{:02x}{:02x}{:02x}", byte(red), byte(green), byte(blue));
}

namespace {

void sort_tags(std::vector<NodeTag>& tags, bool by_flat) {
  std::ranges::stable_sort(tags, [&](const NodeTag& a, const NodeTag& b) {
    if (!by_flat && a.cum != b.cum) return magnitude(a.cum) > magnitude(b.cum);
    if (a.flat != b.flat) return magnitude(a.flat) > magnitude(b.flat);
    return a.name < b.name;
  });
}

double distance(const NodeTag& a, const NodeTag& b) {
  double scaled = scale_value(b.value, b.unit, a.unit).value;
  return std::abs(scaled - double(a.value));
}

// One row for several numbers, from the least to the largest.
NodeTag group_of(const std::vector<NodeTag>& tags) {
  if (tags.size() == 1) {
    const NodeTag& one = tags[0];
    return {.name = value_label(one.value, one.unit), .flat = one.flat_value(), .cum = one.cum_value()};
  }
  const NodeTag *least = &tags[0], *most = &tags[0];
  NodeTag sum;
  for (const NodeTag& tag : tags) {
    if (whole(scale_value(tag.value, tag.unit, least->unit).value) < least->value) least = &tag;
    if (whole(scale_value(tag.value, tag.unit, most->unit).value) > most->value) most = &tag;
    sum.flat = wrap_add(sum.flat, tag.flat);
    sum.flat_divisor = wrap_add(sum.flat_divisor, tag.flat_divisor);
    sum.cum = wrap_add(sum.cum, tag.cum);
    sum.cum_divisor = wrap_add(sum.cum_divisor, tag.cum_divisor);
  }
  return {.name = value_label(least->value, least->unit) + ".." + value_label(most->value, most->unit),
          .flat = sum.flat_value(),
          .cum = sum.cum_value()};
}

// Each number beyond the heaviest joins the one that it is nearest to.
std::vector<NodeTag> collapse(const NodeTags& numbers, bool by_flat) {
  std::vector<NodeTag> tags;
  for (const auto& [name, tag] : numbers) tags.push_back(tag);
  sort_tags(tags, by_flat);
  if (tags.size() <= kMostTagBoxes) return tags;
  std::vector<std::vector<NodeTag>> groups;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (i < kMostTagBoxes) {
      groups.push_back({tags[i]});
      continue;
    }
    std::size_t best = 0;
    for (std::size_t j = 1; j < kMostTagBoxes; ++j)
      if (distance(tags[i], groups[j][0]) < distance(tags[i], groups[best][0])) best = j;
    groups[best].push_back(tags[i]);
  }
  std::vector<NodeTag> rows;
  for (const auto& group : groups) rows.push_back(group_of(group));
  sort_tags(rows, by_flat);
  return rows;
}

std::vector<TagBox> number_boxes(const GraphNode& node, const std::string& text, bool by_flat) {
  std::vector<TagBox> boxes;
  auto at = node.numbers.find(text);
  if (at == node.numbers.end()) return boxes;
  for (const NodeTag& tag : collapse(at->second, by_flat)) {
    bool flat = by_flat || tag.flat_value() == tag.cum_value();
    boxes.push_back({tag.name, flat ? tag.flat_value() : tag.cum_value(), !flat, {}});
  }
  return boxes;
}

}  // namespace

std::vector<TagBox> tag_boxes(const CallGraph& graph, const GraphNode& node) {
  // A leaf of the picture shows what its callees, which are left out, add; others only what is their own.
  bool by_flat = std::ranges::any_of(node.out, [&](std::uint32_t i) { return !graph.edges[i].removed; });
  std::vector<NodeTag> tags;
  for (const auto& [name, tag] : node.text_tags) tags.push_back(tag);
  sort_tags(tags, by_flat);
  if (tags.size() > kMostTagBoxes) tags.resize(kMostTagBoxes);
  std::vector<TagBox> boxes;
  for (const NodeTag& tag : tags)
    boxes.push_back({tag.name, by_flat ? tag.flat_value() : tag.cum_value(), false,
                     number_boxes(node, tag.name, by_flat)});
  // What has no text label hangs on the node itself.
  boxes.push_back({"", 0, false, number_boxes(node, "", by_flat)});
  return boxes;
}

std::vector<std::string> node_lines(const ProfileReport& report, const NodeInfo& info) {
  const Profile& profile = report.profile;
  std::string file(profile.text(info.file));
  if (!file.empty()) file = base_name(file);
  return name_parts(info.address, short_function_name(profile.text(info.name)), file, info.line, info.column,
                    profile.text(info.object));
}

std::string node_value_text(const ProfileReport& report, const GraphNode& node, const char* line_end) {
  std::int64_t flat = node.flat_value(), cum = node.cum_value();
  auto with_share = [&](std::int64_t value) {
    return fmt::format("{} ({})", report.format(value), trimmed_percentage(value, report.total));
  };
  std::string text = flat != 0 ? with_share(flat) : "0";
  if (cum == flat) return text;
  return text + (flat != 0 ? line_end : " ") + "of " + with_share(cum);
}

int node_font_size(std::int64_t flat, std::int64_t largest) {
  double own = double(magnitude(flat)), most = double(largest);
  if (largest == 0 || flat == 0 || own > most) return 8;
  return 8 + int(std::ceil(16 * std::sqrt(own / most)));
}

int edge_strength(const ProfileReport& report, const GraphEdge& edge, std::int64_t most) {
  if (report.total == 0) return 1;
  std::int64_t share = magnitude(wrap_divide(wrap_multiply(edge.value(), most), report.total));
  return 1 + int(std::min(share, most));
}

std::int64_t largest_flat(const CallGraph& graph) {
  std::int64_t largest = 0;
  for (std::uint32_t row : graph.shown) largest = std::max(largest, magnitude(graph.nodes[row].flat_value()));
  return largest;
}

std::vector<std::uint32_t> shown_edges(const ProfileReport& report, const CallGraph& graph) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row : graph.shown)
    for (std::uint32_t i : graph.nodes[row].out)
      if (!graph.edges[i].removed) rows.push_back(i);
  graph.sort_edges(report.profile, rows);
  return rows;
}

}  // namespace memsnap
