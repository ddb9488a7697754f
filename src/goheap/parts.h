// The parts of a capture that work on a RawHeap, and what they hand to each other. One .cc file per part.
#pragma once

#include "goheap/raw_heap.h"
#include "os/process.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// ---- stacks.cc: goroutines, their frames, and the pointer words of their stacks.
struct StackRoot {
  std::uint64_t value = 0;        // points into an allocated object
  std::uint64_t slot = 0;         // address of the stack word; 0 for a register
  std::uint32_t goroutine = 0;    // row of GoroutineTable
  FrameId frame = kNoFrame;       // row of FrameTable
  bool conservative = false;      // frame preempted asynchronously or without maps: may be stale
  DwarfType type = 0;             // of the local variable that the word belongs to, 0 when not known
  std::uint64_t type_offset = 0;  // of the word in that variable
  std::uint64_t type_bytes =
      0;            // of the variable that lie there, from this word on: the rest may be elsewhere
  StringId name{};  // of that variable
};
struct Trace {                    // frames of one goroutine
  std::uint32_t first_frame = 0;  // row of FrameTable; goroutines with equal frames share them
  std::uint32_t frames = 0;
};
struct Stacks {
  std::vector<StackRoot> roots;  // in the order of the goroutines
  std::vector<Trace> traces;     // one per goroutine
  std::uint64_t frames = 0, stack_bytes = 0;
  std::uint64_t bad_unwinds = 0;          // goroutines at rest whose frames do not fit their stack
  std::uint64_t conservative_frames = 0;  // of goroutines that ran or were preempted by a signal
  std::uint64_t conservative_stacks = 0;  // read word by word, since their thread was between two stacks
  std::uint64_t first_bad = 0;            // goid of a bad unwind
};

// ---- roots.cc: words of data and bss that the masks call pointers, specials, queues.
struct StaticRoot {
  std::uint64_t at = 0;  // address of the word in data or bss
  std::uint64_t value = 0;
};
struct SpecialRoot {
  RootKind kind = RootKind::kFinalizer;
  std::uint64_t object = 0;    // address of the object with the special; 0 for queue entries
  std::uint64_t value = 0;     // what the special keeps alive
  std::uint64_t function = 0;  // funcval of the finalizer or cleanup, 0 when there is none
};

// ---- typing.cc: types of objects by propagation, and the static memory that typed pointers lead to.
// Who owns a word of static memory: the variable at it, or the variable whose typed pointers lead to it.
struct StaticOwner {
  std::uint32_t global = kNoRow;  // row of DwarfIndex::globals
  StringId ref{};                 // where in it: ".sessions", " -> .head"
};
struct Typing {
  std::vector<TypeId> object_type;                   // one per object
  std::vector<std::uint8_t> guessed;                 // one per object: 1 when inferred
  std::uint64_t typed_objects = 0, typed_bytes = 0;  // of all allocated objects
  std::uint64_t conflicts = 0, rejects = 0;
};

}  // namespace memsnap
