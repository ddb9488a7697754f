// Names, files and lines for what a profile only has addresses of, and names as people write them.
// Facts: internal/symbolizer and locateBinaries of internal/driver of google/pprof.
#pragma once

#include "base/result.h"
#include "driver/world.h"
#include "tables/profile.h"

#include <functional>
#include <string>

namespace memsnap {

// Where a mapping's program lies in a folder of PPROF_BINARY_PATH, it is that program.
void locate_programs(Profile& profile, const PprofWorld& world);

// As -symbolize says: local, fastlocal, remote, none, force and demangle=, with ':' between them. `remote`
// asks the servers that the profile came from.
Result<void> symbolize_profile(Profile& profile, const std::string& how, const PprofWorld& world,
                               const std::function<Result<void>(bool force)>& remote);

}  // namespace memsnap
