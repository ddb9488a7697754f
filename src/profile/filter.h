// Which samples, frames and labels of a profile a report is about: focus, ignore, hide, show, show_from,
// tagfocus, tagignore, tagshow, taghide, prune_from, in that order. A regular expression of frames is matched
// against function name, file name and the mapping's file.
// Facts: internal/driver/driver_focus.go, profile/filter.go, profile/prune.go of google/pprof.
#pragma once

#include "base/result.h"
#include "profile/config.h"
#include "profile/label_units.h"
#include "tables/profile.h"

#include <string>
#include <vector>

namespace memsnap {

// Changes the profile. Adds a line to `remarks` for each expression that matched nothing.
Result<void> apply_filters(Profile& profile, const PprofConfig& config, const LabelUnits& units,
                           std::vector<std::string>& remarks);

}  // namespace memsnap
