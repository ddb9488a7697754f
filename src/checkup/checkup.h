// What profiles alone show of a program's memory: who allocates most, what only grows arrays, what are many
// small objects, where goroutines wait in numbers, and what grew between two. A profile says who allocated,
// never who holds, so nothing here is called a leak for certain.
#pragma once

#include "base/result.h"
#include "findings/finding.h"
#include "tables/profile.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct NamedProfile {
  std::string name;  // as the user wrote it; part of commands
  Profile profile;
};

// The text of a source line; null when there is none.
using SourceLineOf = std::function<const std::string*(std::string_view file, std::int64_t line)>;

struct Checkup {
  std::vector<Finding> findings;   // what is worth fixing first comes first; with words and fingerprints
  std::vector<std::string> notes;  // what stands in the way of a comparison, what was not looked at
  std::string summary;             // one sentence: what the profiles are
  std::uint64_t objects = 0, bytes = 0;  // in use, by the last heap profile
};

// Heap, goroutine and CPU profiles, the older ones first. Of several of one kind the first and the last are
// compared. Fails when none is of these kinds.
Result<Checkup> check_profiles(std::vector<NamedProfile> profiles, const SourceLineOf& source);

// Keys of data/rules that this room has.
const std::vector<std::string>& profile_rules();

// ---- The rules, one file each kind of profile.
void check_heap(const NamedProfile& profile, const SourceLineOf& source, Checkup& out);
void check_heap_growth(const NamedProfile& before, const NamedProfile& after, Checkup& out);
void check_goroutines(const NamedProfile* before, const NamedProfile& after, Checkup& out);
void check_cpu(const NamedProfile& profile, Checkup& out);

}  // namespace memsnap
