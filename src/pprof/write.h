// Writes a profile as profile.proto: the same bytes as go tool pprof -proto for the same profile.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "tables/profile.h"

#include <string>

namespace memsnap {

std::string write_profile(const Profile& profile);             // not compressed
Result<std::string> write_profile_gz(const Profile& profile);  // one gzip member, packed fast

}  // namespace memsnap
