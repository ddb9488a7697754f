// memsnap diff of files that are no snapshots: profiles, benchmark output, lists of findings.
#pragma once

#include "base/result.h"
#include "compare/comparison.h"
#include "tables/profile.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace memsnap {

enum class DiffKind : std::uint8_t { kSnapshot, kProfile, kBench, kFindings };

// By what the file holds. A file that cannot be read is taken for a snapshot, whose reader says why; a URL is
// a profile.
DiffKind diff_kind(const std::string& path);
const char* word(DiffKind kind);
std::string shown_source(const std::string& word);                       // of a URL without its password
Result<Profile> read_profile_source(const std::string& source, Io& io);  // a file or a URL

// Gives the exit status.
Result<int> diff_files(DiffKind kind, const std::string& before, const std::string& after, const Flags& flags,
                       Io& io);

// ---- What the diff of snapshots shares with it.
// Of --format and --json.
std::string diff_format(const Flags& flags);
// What counts as a failure: --fail-on, or medium when there is a baseline; nothing when neither is given.
std::optional<Severity> least_failure(const Flags& flags);
Result<std::set<std::string>> known_of(const Flags& flags);  // of --baseline
// Prints in the form that the flags ask for and gives the exit status.
int put_comparison(const Comparison& comparison, const std::string& before, const std::string& after,
                   const Flags& flags, Io& io);

}  // namespace memsnap
