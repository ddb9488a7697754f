// From the sources of a command line to one profile: read or fetched, merged, the base taken off, symbolized.
// Facts: internal/driver/fetch.go of google/pprof, cmd/pprof of Go.
#pragma once

#include "base/result.h"
#include "driver/cli.h"
#include "driver/world.h"
#include "tables/profile.h"

#include <string>

namespace memsnap {

Result<Profile> fetch_profiles(const ProfileSources& from, const PprofWorld& world);

// "; did you mean cpu.pb.gz?" when the folder has a file of nearly that name, else "".
std::string nearest_file(const std::string& path);

}  // namespace memsnap
