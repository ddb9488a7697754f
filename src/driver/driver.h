// memsnap pprof as a whole: a profile is fetched, and one report printed, the shell run or the pages served.
#pragma once

#include "base/result.h"
#include "driver/cli.h"
#include "driver/world.h"
#include "tables/profile.h"

#include <string>

namespace memsnap {

// Gives the exit status.
Result<int> run_pprof(const PprofJob& job, const PprofWorld& world);

// One report, to standard output or to the file of config.output. `in_shell`: binary data never goes to the
// terminal.
Result<void> print_report(Profile profile, const PprofCommand& command, const std::string& symbol,
                          const PprofConfig& config, const PprofWorld& world, bool in_shell);

}  // namespace memsnap
