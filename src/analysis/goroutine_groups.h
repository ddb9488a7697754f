// Goroutines that do the same thing: started with one function at one line, blocked at one line for one
// reason. What the rules about goroutines talk about is such a group.
#pragma once

#include "analysis/claim.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct GoroutineGroup {
  std::string_view start, creator, creator_file, reason;  // borrowed from the heap
  std::string_view entry;  // outermost function that a person wrote: start may be a wrapper
  std::uint32_t creator_line = 0;
  std::uint32_t place = kNoRow;           // row of FrameTable: where they are, in the program's own code
  std::vector<std::uint32_t> goroutines;  // rows of GoroutineTable
  std::uint64_t proven = 0;               // of them, how many nothing can wake
  std::uint64_t stacks = 0;               // bytes
  std::uint64_t retained = 0;             // heap bytes below their labels
  std::uint64_t longest_ns = 0;           // 0 when the runtime does not say
  std::uint32_t largest = 0;              // row with the most heap below it
  bool waiting = false;
  std::uint64_t bytes() const { return stacks + retained; }
};

// Where goroutine `row` stands, a row of FrameTable: its innermost frame outside the standard library; when
// there is none, outside the runtime, where all that wait are; kNoRow when its frames are not known.
std::uint32_t place_of(const Heap& heap, std::size_t row);

// Without the main goroutine and those of the runtime; largest first.
std::vector<GoroutineGroup> goroutine_groups(const Heap& heap);
// How the number of goroutines with this start and creator moved.
Rise group_rise(const Case& what, const GoroutineGroup& group);
// Whether the group is a leak, and how sure that is; nothing when it is a program at work.
std::optional<Verdict> leak_verdict(const Case& what, const GoroutineGroup& group);

}  // namespace memsnap
