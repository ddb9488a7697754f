// The formats a profile comes in, in the order in which they are tried.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "pprof/read.h"
#include "tables/profile.h"

#include <optional>
#include <span>
#include <string>

namespace memsnap {

struct FormatInput {
  Bytes bytes;  // inflated, never empty
  const ReadOptions& options;
  // What reading it as profile.proto, which has no magic number, ran into; for the last error.
  std::string proto_problem;
};

struct ProfileFormat {
  const char* name;
  // Nothing when the input is of another format. The error is one when it is of this format and broken; its
  // words have no file name.
  Result<std::optional<Profile>> (*read)(FormatInput& input);
};

std::span<const ProfileFormat> profile_formats();

}  // namespace memsnap
