#include "pprof/legacy.h"

#include "pprof/drop_frames.h"

#include <cmath>

namespace memsnap {

std::unexpected<Error> broken_text(std::string_view what) {
  return fail(Cause::bad_input, "parsing profile: {}", what);
}

LineScanner lines_of(const FormatInput& input) {
  constexpr std::size_t kLongestOfGo = (64 << 10) - 1, kLongest = 1 << 20;
  return LineScanner(text_of(input.bytes), input.options.go_compat ? kLongestOfGo : kLongest);
}

bool gives_up(const LineScanner& lines, const FormatInput& input) {
  return lines.too_long() && input.options.go_compat;
}
std::unexpected<Error> line_too_long() { return broken_text("bufio.Scanner: token too long"); }

std::int64_t go_int(double value) {
  bool fits = value >= -9223372036854775808.0 && value < 9223372036854775808.0;
  return fits ? std::int64_t(value) : INT64_MIN;
}

HeapCount scale_heap_count(HeapCount sampled, std::int64_t rate) {
  if (sampled.count == 0 || sampled.size == 0) return {};
  if (rate <= 1) return sampled;
  double average = double(sampled.size) / double(sampled.count);
  double scale = 1 / (1 - std::exp(-average / double(rate)));
  return {go_int(double(sampled.count) * scale), go_int(double(sampled.size) * scale)};
}

void LegacyBuilder::set_types(std::initializer_list<std::pair<const char*, const char*>> types) {
  profile_.sample_types.clear();
  for (auto [type, unit] : types)
    profile_.sample_types.push_back({profile_.strings.add(type), profile_.strings.add(unit)});
}

void LegacyBuilder::set_period(const char* type, const char* unit, std::int64_t period) {
  profile_.period_type = {profile_.strings.add(type), profile_.strings.add(unit)};
  profile_.period = period;
}

ProfileLabel LegacyBuilder::text_label(std::string_view key, std::string_view text) {
  return {profile_.strings.add(key), ProfileLabel::kText, std::int64_t(profile_.strings.add(text))};
}
ProfileLabel LegacyBuilder::number_label(std::string_view key, std::int64_t value, std::string_view unit) {
  return {profile_.strings.add(key), profile_.strings.add(unit), value};
}

LocationId LegacyBuilder::at(std::uint64_t address) {
  auto [place, fresh] =
      by_address_.try_emplace(address, LocationId(std::uint32_t(profile_.locations.size())));
  if (fresh) profile_.locations.push_back({.address = address});
  return place->second;
}

LocationId LegacyBuilder::find(std::uint64_t address) const {
  auto place = by_address_.find(address);
  return place == by_address_.end() ? LocationId{~0u} : place->second;
}

LocationId LegacyBuilder::add_location(const ProfileLocation& location) {
  profile_.locations.push_back(location);
  return LocationId(std::uint32_t(profile_.locations.size() - 1));
}

FunctionId LegacyBuilder::function(std::string_view name, std::string_view file) {
  std::string key = fmt::format("{}\n{}", name, file);
  auto [place, fresh] = functions_.try_emplace(key, FunctionId(std::uint32_t(profile_.functions.size())));
  if (fresh) {
    StringId text = profile_.strings.add(name);
    profile_.functions.push_back({.name = text, .system_name = text, .file = profile_.strings.add(file)});
  }
  return place->second;
}

void LegacyBuilder::sample(std::span<const LocationId> frames, std::span<const std::int64_t> values,
                           std::span<const ProfileLabel> labels) {
  stacks_.emplace_back(frames.begin(), frames.end());
  SampleTable& samples = profile_.samples;
  samples.values.insert(samples.values.end(), values.begin(), values.end());
  samples.labels.insert(samples.labels.end(), labels.begin(), labels.end());
  samples.label_end.push_back(std::uint32_t(samples.labels.size()));
}

// What no sample uses is dropped.
void LegacyBuilder::number_locations() {
  constexpr LocationId kNotYet{~0u};
  std::vector<LocationId> now(profile_.locations.size(), kNotYet);
  std::vector<ProfileLocation> used;
  for (std::vector<LocationId>& stack : stacks_)
    for (LocationId& frame : stack) {
      LocationId& place = now[std::size_t(frame)];
      if (place == kNotYet) {
        place = LocationId(std::uint32_t(used.size()));
        used.push_back(profile_[frame]);
        used.back().id = used.size();
      }
      frame = place;
    }
  profile_.locations = std::move(used);
  by_address_.clear();
}

void LegacyBuilder::number_functions() {
  std::vector<FunctionId> now(profile_.functions.size(), kNoFunction);
  std::vector<ProfileFunction> used;
  std::vector<ProfileLine> lines;
  for (ProfileLocation& location : profile_.locations) {
    auto first = std::uint32_t(lines.size());
    for (ProfileLine line : profile_.lines_of(location)) {
      FunctionId& place = now[std::size_t(line.function)];
      if (place == kNoFunction) {
        place = FunctionId(std::uint32_t(used.size()));
        used.push_back(profile_[line.function]);
        used.back().id = used.size();
      }
      line.function = place;
      lines.push_back(line);
    }
    location.first_line = first;
  }
  profile_.functions = std::move(used);
  profile_.lines = std::move(lines);
}

Result<void> LegacyBuilder::finish(LineScanner& lines) {
  while (!is_memory_map_title(lines.line()) && lines.next()) {
  }
  if (lines.too_long()) return line_too_long();
  return finish_at_map(lines);
}

Result<void> LegacyBuilder::finish_at_map(LineScanner& lines) {
  if (auto read = read_memory_map(lines, profile_); !read) return broken_text(read.error().what);
  tidy_mappings(profile_);
  return finish_without_map();
}

Result<void> LegacyBuilder::finish_without_map() {
  number_locations();
  number_functions();
  return assign_mappings(profile_);
}

void LegacyBuilder::drop_doubled_leaves() {
  for (std::vector<LocationId>& stack : stacks_)
    if (stack.size() > 1 && profile_[stack[0]].address == profile_[stack[1]].address + 1)
      stack.erase(stack.begin() + 1);
}

Parsed LegacyBuilder::build() {
  for (const std::vector<LocationId>& stack : stacks_)
    profile_.samples.stacks.push_back(profile_.arena.pack(stack));
  set_drop_frames(profile_);
  return std::move(profile_);
}

}  // namespace memsnap
