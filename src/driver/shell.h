// The shell: a profile is read once, and reports are asked for line by line.
// Facts: internal/driver/interactive.go of google/pprof.
#pragma once

#include "base/result.h"
#include "driver/world.h"
#include "profile/config.h"
#include "tables/profile.h"

namespace memsnap {

// Until the end of the input or the word to quit. What goes wrong in a line is said and does not end it.
Result<void> run_shell(Profile profile, const PprofConfig& config, const PprofWorld& world);

}  // namespace memsnap
