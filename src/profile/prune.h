// Leaves out the frames that a profile itself calls uninteresting: the allocator's, the signal handler's.
#pragma once

#include "base/result.h"
#include "tables/profile.h"

namespace memsnap {

// Cuts every stack behind the frame nearest to the root whose name without arguments is wholly matched by
// drop_frames and not by keep_frames, towards the leaf and with that frame; but never before the first frame
// that is not so. Does nothing without drop_frames. Fails when an expression is none. Facts: profile/prune.go
// of google/pprof.
Result<void> remove_uninteresting(Profile& profile);

}  // namespace memsnap
