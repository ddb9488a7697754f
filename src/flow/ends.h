// Calls that do not come back.
#pragma once

#include "flow/functions.h"

namespace memsnap::flow {

// 0: it comes back; 1: it panics; 2: it ends the goroutine or the program (os.Exit, log.Fatal, t.Fatal).
int never_returns(Program& program, FileId file, NodeId call);

}  // namespace memsnap::flow
