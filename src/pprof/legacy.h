// What the readers of older formats build a profile with: addresses first, then the memory map that tells
// which mapping they lie in. Facts: profile/legacy_profile.go of google/pprof.
#pragma once

#include "base/result.h"
#include "pprof/formats.h"
#include "pprof/memory_map.h"
#include "pprof/text_scan.h"
#include "tables/profile.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace memsnap {

using Parsed = Result<std::optional<Profile>>;  // as ProfileFormat::read

std::unexpected<Error> broken_text(
    std::string_view what);                      // of a text profile, in the words of go tool pprof
LineScanner lines_of(const FormatInput& input);  // as long as this mode takes them
// Whether go tool pprof gives up here, before it knows the format; we go on to the next one.
bool gives_up(const LineScanner& lines, const FormatInput& input);
std::unexpected<Error> line_too_long();

// Go's conversion of a float to an int on amd64.
std::int64_t go_int(double value);
// What a record of a sampled heap stands for: one of s bytes is taken with the probability 1 - exp(-s /
// rate).
struct HeapCount {
  std::int64_t count = 0, size = 0;
};
HeapCount scale_heap_count(HeapCount sampled, std::int64_t rate);

class LegacyBuilder {
 public:
  explicit LegacyBuilder(std::initializer_list<std::pair<const char*, const char*>> types) {
    set_types(types);
  }
  void set_types(std::initializer_list<std::pair<const char*, const char*>> types);
  void set_period(const char* type, const char* unit, std::int64_t period);
  ProfileLabel text_label(std::string_view key, std::string_view text);
  ProfileLabel number_label(std::string_view key, std::int64_t value, std::string_view unit = {});

  // The location of an address. The address 0 is one like any other.
  LocationId at(std::uint64_t address);
  LocationId find(std::uint64_t address) const;                       // ~0 when no sample has it
  LocationId add_location(const ProfileLocation& location);           // one without an address
  FunctionId function(std::string_view name, std::string_view file);  // of this name and file, each once

  // One sample, leaf first; `values` has a number for each type.
  void sample(std::span<const LocationId> frames, std::span<const std::int64_t> values,
              std::span<const ProfileLabel> labels = {});

  // Reads on until the memory map and what it says; numbers locations in the order of their first use.
  Result<void> finish(LineScanner& lines);
  Result<void> finish_at_map(LineScanner& lines);  // all lines left are the map
  Result<void> finish_without_map();
  // Takes the second frame out of every stack where it is the leaf's address as the unwinder saw it.
  void drop_doubled_leaves();

  std::vector<std::vector<LocationId>>& stacks() {
    return stacks_;
  }  // one for each sample, to be changed before finish
  Profile& profile() { return profile_; }
  Parsed build();  // ends it, with the frames to drop of this kind of profile

 private:
  void number_locations();
  void number_functions();

  Profile profile_;
  std::vector<std::vector<LocationId>> stacks_;
  std::unordered_map<std::uint64_t, LocationId> by_address_;
  std::unordered_map<std::string, FunctionId> functions_;
};

}  // namespace memsnap
