// The Go installation whose standard library is read.
#pragma once

#include "gomod/modules.h"

namespace memsnap {

struct GoRoot {
  std::string folder;  // empty when there is none
  GoVersion release;
  std::string note;     // which one it is and why
  std::string problem;  // one line, when it is not the one that is asked for
};

// The go on PATH (or $GOROOT). Where that is older than the toolchain line wants, the toolchain of that line
// in the module cache, unless GOTOOLCHAIN is local; where it is older than the go line (`least`), the oldest
// toolchain in the module cache that is new enough.
GoRoot find_goroot(const GoEnvironment& environment, GoVersion least, GoVersion wanted);

// What the compiler of that GOROOT is built with, as tags goexperiment.NAME.
std::vector<std::string> experiment_tags(const std::string& goroot, const std::string& goexperiment);

}  // namespace memsnap
