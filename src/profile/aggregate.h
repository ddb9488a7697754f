// How fine the rows of a report are, and frames made of labels.
#pragma once

#include "base/result.h"
#include "profile/config.h"
#include "tables/profile.h"

#include <string>
#include <vector>

namespace memsnap {

// Clears what config.granularity does not tell apart (internal/driver/driver.go, aggregate).
Result<void> aggregate(Profile& profile, const PprofConfig& config);

// tagroot and tagleaf: puts a frame for each key above the root or below the leaf of each sample, named by
// the label's values (internal/driver/tagroot.go).
void add_tag_frames(Profile& profile, const PprofConfig& config, std::vector<std::string>& remarks);

// Which of the profile's types: a name, a number, or what the profile says (profile/index.go).
Result<std::size_t> sample_index(const Profile& profile, const std::string& asked);

}  // namespace memsnap
