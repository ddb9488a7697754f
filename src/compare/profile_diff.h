// Compares two profiles function by function: what each has itself, with the limits of the sampling, and what
// speaks against comparing the two at all.
#pragma once

#include "base/result.h"
#include "compare/comparison.h"
#include "tables/profile.h"

#include <string>

namespace memsnap {

// `sample_index` as -sample_index of pprof takes it; "" is the standard of the second profile. Values of CPU
// profiles are taken per second where the two differ in length. A function changes when it has more or less
// by the threshold, as a share of the whole before, and the limits of the difference do not hold 0.
Result<Comparison> diff_profiles(Profile before, Profile after, const std::string& sample_index,
                                 const CompareLimits& limits);

// Name of the row of the sum.
inline constexpr const char* kAllFunctions = "all functions";

// The release of Go whose library the profile's files lie in, as go1.27.0; "" when their paths do not say.
std::string go_release_of(const Profile& profile);

}  // namespace memsnap
