// tagfocus and tagignore: key=value, where the value is a range of numbers or a list of regular expressions.
#pragma once

#include "base/result.h"
#include "profile/label_units.h"
#include "profile/regex.h"
#include "tables/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace memsnap {

// Numbers from least to most, both included; each may be missing. In `unit` as scale_value names it.
struct TagRange {
  std::string unit;
  std::optional<double> least, most;
  bool holds(std::int64_t value, std::string_view of_unit) const;
};

// 32kb, :64kb, 4mb:, 1kb:2mb; nothing when the text is none of these.
Result<std::optional<TagRange>> parse_tag_range(const std::string& text);

class TagFilter {
 public:
  // `name` is the option's, for errors and remarks.
  static Result<TagFilter> compile(const std::string& name, const std::string& value,
                                   std::vector<std::string>& remarks);
  bool matches(const Profile& profile, std::span<const ProfileLabel> labels, const LabelUnits& units) const;

 private:
  bool matches_range(const Profile& profile, std::span<const ProfileLabel> labels,
                     const LabelUnits& units) const;
  bool matches_key(const Profile& profile, std::span<const ProfileLabel> labels) const;
  bool matches_all(const Profile& profile, std::span<const ProfileLabel> labels) const;

  std::optional<std::string> key_;
  std::optional<TagRange> range_;
  std::vector<Regex> expressions_;
};

}  // namespace memsnap
