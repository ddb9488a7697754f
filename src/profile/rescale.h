// Changes to every sample of a profile: scaled values, a label more or less. As Profile.ScaleN, Normalize and
// SetLabel of google/pprof.
#pragma once

#include "base/result.h"
#include "tables/profile.h"

#include <span>
#include <string_view>
#include <vector>

namespace memsnap {

// Multiplies every value and rounds it. With a ratio other than 1, samples that have become 0 are dropped.
void scale_profile(Profile& profile, double ratio);
// Each type by its own ratio. Unless all are 1, a sample stays only when a value whose ratio is not 1 is not
// 0.
void scale_profile(Profile& profile, std::span<const double> ratios);
// Scales every type to the sum that it has in `base`; fails unless both have the same types.
Result<void> normalize_profile(Profile& profile, const Profile& base);

// Gives every sample this text label, in place of other texts of the same key.
void set_label(Profile& profile, std::string_view key, std::string_view text);
void remove_label(Profile& profile, std::string_view key);  // text labels only

}  // namespace memsnap
