// -tags: what the labels of the samples sum up to.
#include "profile/units.h"
#include "reports/report.h"
#include "reports/tab_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace memsnap {
namespace {

struct TagSums {
  std::map<std::string, std::int64_t> values;
  std::int64_t total = 0;
};

struct LabelHash {
  std::size_t operator()(const ProfileLabel& label) const {
    std::uint64_t hash = (std::uint64_t(label.key) << 1 | label.is_text()) * 0x9e3779b97f4a7c15ull;
    return std::size_t((hash ^ std::uint64_t(label.value)) * 0xff51afd7ed558ccdull >> 7);
  }
};
struct SameLabel {
  bool operator()(const ProfileLabel& a, const ProfileLabel& b) const {
    return a.key == b.key && a.value == b.value && a.is_text() == b.is_text();
  }
};

// By key and printed value. Numbers that print alike are one row.
std::map<std::string, TagSums> sum_tags(const ProfileReport& report) {
  const Profile& profile = report.profile;
  std::unordered_map<ProfileLabel, std::int64_t, LabelHash, SameLabel> sums;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    std::int64_t value = profile.values_of(row)[report.value];
    for (const ProfileLabel& label : profile.samples.labels_of(row)) {
      std::int64_t& sum = sums[label];
      sum = wrap_add(sum, value);
    }
  }
  std::map<std::string, TagSums> tags;
  for (const auto& [label, sum] : sums) {
    TagSums& key = tags[std::string(profile.text(label.key))];
    std::string text = label.is_text()
                           ? std::string(profile.text(label.text()))
                           : value_label(label.value, report.label_units[label.key], report.output_unit);
    std::int64_t& value = key.values[text];
    value = wrap_add(value, sum);
    key.total = wrap_add(key.total, sum);
  }
  return tags;
}

}  // namespace

void print_tags(ProfileReport& report, Out& out) {
  std::string text;
  auto share = [&](std::int64_t value) {
    return report.total > 0 ? fmt::format(" ({})", percentage(value, report.total)) : std::string();
  };
  for (const auto& [key, sums] : sum_tags(report)) {
    text += fmt::format("{}:\t Total {} of {}{}\n", key, report.format(sums.total),
                        report.format(report.total), share(sums.total));
    std::vector<std::pair<std::string, std::int64_t>> rows(sums.values.begin(), sums.values.end());
    std::ranges::stable_sort(
        rows, [](const auto& a, const auto& b) { return magnitude(a.second) > magnitude(b.second); });
    for (const auto& [value, sum] : rows)
      text += fmt::format(" \t{}{}:\t {}\n", report.format(sum), share(sum), value);
    text += '\n';
  }
  out.put(align_tabs(text));
}

}  // namespace memsnap
