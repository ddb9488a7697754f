#include "profile/label_units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {

LabelUnits::LabelUnits(const Profile& profile) {
  StringId last_key{}, last_unit = ProfileLabel::kText;
  for (const ProfileLabel& label : profile.samples.labels) {
    if (label.is_text() || (label.key == last_key && label.unit == last_unit)) continue;
    last_key = label.key;
    last_unit = label.unit;
    Units& units = of_key_[label.key];
    if (label.unit == StringId{}) continue;
    std::string_view unit = profile.text(label.unit);
    if (units.first.empty())
      units.first = unit;
    else if (units.first != unit && std::ranges::find(units.ignored, label.unit) == units.ignored.end())
      units.ignored.push_back(label.unit);
  }
  for (auto& [key, units] : of_key_) {
    if (!units.first.empty()) continue;
    std::string_view name = profile.text(key);
    units.first = name == "alignment" || name == "request" ? "bytes" : name;
  }
}

std::string_view LabelUnits::operator[](StringId key) const {
  auto at = of_key_.find(key);
  return at == of_key_.end() ? std::string_view() : at->second.first;
}

std::vector<std::string> LabelUnits::remarks(const Profile& profile) const {
  std::vector<std::string> lines;
  for (const auto& [key, units] : of_key_) {
    if (units.ignored.empty()) continue;
    std::vector<std::string_view> names;
    for (StringId unit : units.ignored) names.push_back(profile.text(unit));
    std::ranges::sort(names);
    lines.push_back(fmt::format("For tag {} used unit {}, also encountered unit(s) {}", profile.text(key),
                                units.first, fmt::join(names, ", ")));
  }
  return lines;
}

}  // namespace memsnap
