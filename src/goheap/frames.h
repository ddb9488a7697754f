// What a pc says about its stack frame: size, pointer words, variables, source lines. Goroutines stand at few
// different places, so each is worked out once.
// Facts: runtime/stkframe.go (getStackMap), runtime/traceback.go (unwinder), cmd/link pcln.go.
#pragma once

#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "gosym/pclntab.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

// Where in a function a frame stands.
enum class PcKind : std::uint8_t {
  kReturn,    // behind a call: the call's own maps hold
  kExact,     // at an instruction: no map holds
  kPanicked,  // at an instruction that panicked: only what deferreturn needs is alive
};

struct StackObject {        // a variable whose address was taken; alive when something points to it
  std::int32_t offset = 0;  // from the locals' end when negative, else from the arguments
  std::uint32_t size = 0;
  std::vector<std::uint8_t> mask;
};

struct FrameShape {
  enum class Kind : std::uint8_t { kPlain, kAsyncPreempt, kSigPanic, kReflectStub };
  Kind kind = Kind::kPlain;
  bool known = false;                // the table has an answer for this pc
  bool top = false;                  // no frame above
  bool dead = false;                 // panicked, and nothing in it is alive
  std::int32_t size = 0;             // bytes from sp to the return address
  std::vector<std::uint8_t> locals;  // one bit per word, the last one ends at the locals' end
  std::vector<std::uint8_t> args;    // one bit per word, the first one is the first argument
  std::uint32_t local_words = 0, arg_words = 0;
  std::uint32_t arg_bytes = 0;  // for conservative scanning
  std::vector<StackObject> objects;
  std::vector<GoFrame> lines;  // innermost first, inlined calls expanded
  std::uint64_t entry = 0;
  std::uint64_t lookup_pc = 0;  // unrelocated, of the instruction that the lines and variables are for
};

class FrameShapes {
 public:
  explicit FrameShapes(const RawHeap& heap);
  // pc: in the target. The shape stays where it is.
  const FrameShape& at(std::uint64_t pc, PcKind kind);
  // Bytes of gofunc that inline trees and stack maps lie in, from the executable.
  Bytes gofunc() const { return gofunc_; }

 private:
  FrameShape make(std::uint64_t pc, PcKind kind) const;
  void read_maps(const GoFunction& function, std::uint64_t pc, FrameShape& shape) const;
  void read_objects(const GoFunction& function, FrameShape& shape) const;
  bool read_map(std::uint32_t offset, std::int32_t index, std::vector<std::uint8_t>& mask,
                std::uint32_t& words) const;

  const RawHeap& heap_;
  std::uint64_t rodata_ = 0;  // unrelocated
  Bytes gofunc_;
  std::map<std::pair<std::uint64_t, PcKind>, FrameShape> shapes_;
};

}  // namespace memsnap
