// Reads a profile, whatever it was written by: profile.proto, gzipped or not, and the formats before it.
// README.md lists them.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "tables/profile.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace memsnap {

struct ReadOptions {
  // Errors and refusals of go tool pprof: no format that it does not know, no symbols out of comment lines.
  bool go_compat = false;
  // What is larger than this when it is inflated is refused. What a profile takes in memory is at most about
  // fifteen times what it is inflated.
  std::uint64_t inflate_limit = std::uint64_t(8) << 30;
};

// `bytes` lie in `owner`, which the profile keeps when it needs it, and gives back before its tables grow
// when it does not; null when the bytes outlive the profile. `name` is for errors: each begins with it and ":
// ". A profile without mappings gets an empty one, as in go tool pprof. Every row number of the tables is
// valid.
Result<Profile> read_profile(Bytes bytes, std::unique_ptr<ProfileMemory> owner, std::string_view name,
                             const ReadOptions& options = {});

}  // namespace memsnap
