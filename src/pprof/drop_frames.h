// Frames that a profiler of old left in its stacks, by the kind of profile.
#pragma once

#include "tables/profile.h"

namespace memsnap {

void set_drop_frames(Profile& profile);  // by its sample types

}  // namespace memsnap
