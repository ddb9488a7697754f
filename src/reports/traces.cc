// -traces: every sample with its stack, in the order of the file, written as it goes.
#include "profile/graph_nodes.h"
#include "profile/paths.h"
#include "profile/units.h"
#include "reports/report.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kLine = "-----------+-------------------------------------------------------\n";

// "     bytes:  16B 32B" for each key, in the order of the lines.
void print_labels(const ProfileReport& report, std::span<const ProfileLabel> labels, bool text, Out& out) {
  const Profile& profile = report.profile;
  std::vector<std::pair<StringId, std::string>> by_key;
  for (const ProfileLabel& label : labels) {
    if (label.is_text() != text) continue;
    std::string value = text ? std::string(profile.text(label.text()))
                             : value_label(label.value, report.label_units[label.key]);
    auto at = std::ranges::find(by_key, label.key, &std::pair<StringId, std::string>::first);
    if (at == by_key.end())
      by_key.emplace_back(label.key, std::move(value));
    else
      at->second += " " + value;
  }
  std::vector<std::string> lines;
  for (const auto& [key, values] : by_key)
    lines.push_back(fmt::format("{}:  {}\n", pad_to(profile.text(key), 10), values));
  std::ranges::sort(lines);
  for (const std::string& line : lines) out.put(line);
}

}  // namespace

void print_traces(ProfileReport& report, Out& out) {
  const Profile& profile = report.profile;
  out.put(join_lines(profile_labels(report)));
  clean_files(report.profile);
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile, {}, nodes);
  std::vector<std::string> names;
  names.reserve(nodes.size());
  for (const GraphNode& node : nodes) names.push_back(printable_name(profile, node.info));

  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    if (profile.samples.stacks[row].size == 0) continue;
    out.put(kLine);
    print_labels(report, profile.samples.labels_of(row), true, out);
    print_labels(report, profile.samples.labels_of(row), false, out);
    std::int64_t value = profile.values_of(row)[report.value];
    std::int64_t divisor =
        report.divisor == GraphOptions::kNoDivisor ? 0 : profile.values_of(row)[report.divisor];
    std::string shown = pad_to(report.format(divisor == 0 ? value : wrap_divide(value, divisor)), 10);
    profile.samples.stacks[row].each([&](LocationId location) {
      std::span<const std::uint32_t> lines = of_location.of(location);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        out.put(shown);
        shown.assign(10, ' ');
        out.put("   ");
        out.put(names[lines[i]]);
        out.put(i + 1 != lines.size() ? " (inline)\n" : "\n");
      }
    });
  }
  out.put(kLine);
}

}  // namespace memsnap
