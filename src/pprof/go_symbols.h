// The comment lines below a stack in Go's text profiles tell what is at its addresses:
//   #  0x48a444  internal/poll.(*pollDesc).wait+0x26  /usr/local/go/src/internal/poll/fd_poll_runtime.go:84
// Facts: printStackRecord of runtime/pprof.
#pragma once

#include "pprof/legacy.h"

#include <string_view>
#include <vector>

namespace memsnap {

// Collects the symbols of one stack after the other. Frames that Go has left out there, goexit at the root
// and the allocator at the leaf, leave the stack, as they do in its profile.proto.
class GoSymbols {
 public:
  explicit GoSymbols(LegacyBuilder& builder) : builder_(builder) {}
  void line(std::string_view comment);  // below the last sample
  void end_sample();                    // no more lines of it
  void end_profile();                   // marks mappings as symbolized when all their locations are

 private:
  struct Symbol {
    std::uint64_t address;
    std::string_view function, file;
    std::int64_t line;
  };
  void give(LocationId to, std::span<const Symbol> lines);

  LegacyBuilder& builder_;
  std::vector<Symbol> block_;
};

}  // namespace memsnap
