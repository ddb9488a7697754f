#include "profile/aggregate.h"

#include "profile/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace memsnap {
namespace {

struct Kept {
  bool function = false, file = false, line = false, address = false;
};

// Nothing when all of it is kept.
Result<std::optional<Kept>> kept_of(const PprofConfig& config) {
  const std::string& granularity = config.granularity;
  if (granularity.empty() || granularity == "functions") return Kept{.function = true};
  if (granularity == "filefunctions") return Kept{.function = true, .file = true};
  if (granularity == "files") return Kept{.file = true};
  if (granularity == "lines") return Kept{.function = true, .file = true, .line = true};
  if (granularity != "addresses") return fail(Cause::usage, "unexpected granularity");
  if (!config.noinlines) return std::nullopt;
  return Kept{true, true, true, true};
}

std::vector<std::string> split_keys(const std::string& text) {
  std::vector<std::string> keys;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t comma = std::min(text.find(',', at), text.size());
    if (comma > at) keys.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return keys;
}

// The values of a label, numbers in the unit of the report. Numbers are left out when only some have units.
std::vector<std::string> label_values(const Profile& profile, std::span<const ProfileLabel> labels,
                                      StringId key, const std::string& unit) {
  std::vector<std::string> values;
  bool any_unit = false;
  for (const ProfileLabel& label : labels) {
    if (label.key != key) continue;
    if (label.is_text())
      values.emplace_back(profile.text(label.text()));
    else
      any_unit |= label.unit != StringId{};
  }
  for (const ProfileLabel& label : labels) {
    if (label.key != key || label.is_text()) continue;
    values.push_back(any_unit ? value_label(label.value, profile.text(label.unit), unit)
                              : value_label(label.value, "", ""));
  }
  return values;
}

// Makes frames of labels, each text once.
class TagFrames {
 public:
  TagFrames(Profile& profile, const std::string& unit) : profile_(profile), unit_(unit) {
    for (const ProfileLocation& location : profile.locations)
      next_location_ = std::max(next_location_, location.id + 1);
    for (const ProfileFunction& function : profile.functions)
      next_function_ = std::max(next_function_, function.id + 1);
  }

  // Appends one frame per key, the last key first; true when the sample has one of the labels.
  bool append(std::size_t sample, const std::vector<std::string>& keys, std::vector<LocationId>& out) {
    bool matched = false;
    std::span<const ProfileLabel> labels = profile_.samples.labels_of(sample);
    for (std::size_t i = keys.size(); i-- > 0;) {
      StringId key = profile_.strings.find(keys[i]);
      std::vector<std::string> values;
      if (key != ProfileStrings::kNoString) values = label_values(profile_, labels, key, unit_);
      matched |= !values.empty();
      out.push_back(frame(fmt::format("{}", fmt::join(values, ",")), keys[i]));
    }
    return matched;
  }

 private:
  LocationId frame(const std::string& name, const std::string& file) {
    auto [at, fresh] =
        frames_.try_emplace({name, file}, LocationId(std::uint32_t(profile_.locations.size())));
    if (!fresh) return at->second;
    FunctionId function{std::uint32_t(profile_.functions.size())};
    profile_.functions.push_back(
        {.id = next_function_++, .name = profile_.strings.add(name), .file = profile_.strings.add(file)});
    profile_.locations.push_back(
        {.id = next_location_++, .first_line = std::uint32_t(profile_.lines.size()), .line_count = 1});
    profile_.lines.push_back({.function = function});
    return at->second;
  }

  Profile& profile_;
  const std::string& unit_;
  std::uint64_t next_location_ = 1, next_function_ = 1;
  std::map<std::pair<std::string, std::string>, LocationId> frames_;
};

}  // namespace

Result<void> aggregate(Profile& profile, const PprofConfig& config) {
  std::optional<Kept> kept = TRY(kept_of(config));
  if (!kept) return {};
  for (ProfileMapping& mapping : profile.mappings) {
    mapping.has_inline_frames &= !config.noinlines;
    mapping.has_functions &= kept->function;
    mapping.has_filenames &= kept->file;
    mapping.has_line_numbers &= kept->line;
  }
  for (ProfileFunction& function : profile.functions) {
    if (!kept->function) function.name = function.system_name = StringId{};
    if (!kept->file) function.file = StringId{};
  }
  for (ProfileLocation& location : profile.locations) {
    if (config.noinlines && location.line_count > 1) {
      location.first_line += location.line_count - 1;
      location.line_count = 1;
    }
    if (!kept->address) location.address = 0;
  }
  for (ProfileLine& line : profile.lines) {
    if (!kept->line) line.line = 0;
    if (!kept->line || !config.showcolumns) line.column = 0;
  }
  return {};
}

void add_tag_frames(Profile& profile, const PprofConfig& config, std::vector<std::string>& remarks) {
  std::vector<std::string> roots = split_keys(config.tagroot), leaves = split_keys(config.tagleaf);
  bool root_matched = false, leaf_matched = false;
  if (!roots.empty() || !leaves.empty()) {
    TagFrames frames(profile, config.unit);
    std::vector<LocationId> stack;
    for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
      stack.clear();
      leaf_matched |= frames.append(row, leaves, stack);
      profile.samples.stacks[row].append_to(stack);
      root_matched |= frames.append(row, roots, stack);
      profile.samples.stacks[row] = profile.arena.pack(stack);
    }
  }
  if (!config.tagroot.empty() && !root_matched) remarks.push_back("TagRoot expression matched no samples");
  if (!config.tagleaf.empty() && !leaf_matched) remarks.push_back("TagLeaf expression matched no samples");
}

Result<std::size_t> sample_index(const Profile& profile, const std::string& asked) {
  if (profile.types() == 0) return fail(Cause::bad_input, "profile has no samples");
  if (asked.empty()) {
    if (profile.default_sample_type != StringId{})
      for (std::size_t i = 0; i < profile.types(); ++i)
        if (profile.sample_types[i].type == profile.default_sample_type) return i;
    return profile.types() - 1;
  }
  std::string_view digits = asked;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  long long number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    if (number >= 0 && std::size_t(number) < profile.types()) return std::size_t(number);
    return fail(Cause::usage, "sample_index {} is outside the range [0..{}]", asked, profile.types() - 1);
  }
  std::string_view short_name = asked;
  if (short_name.starts_with("inuse_")) short_name.remove_prefix(6);
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < profile.types(); ++i) {
    names.push_back(profile.text(profile.sample_types[i].type));
    if (names.back() == asked || names.back() == short_name) return i;
  }
  return fail(Cause::usage, "sample_index \"{}\" must be one of: [{}]", asked, fmt::join(names, " "));
}

}  // namespace memsnap
