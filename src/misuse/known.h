// Functions that rules know by name, as numbers.
#pragma once

#include "gotypes/types.h"

#include <cstdint>
#include <vector>

namespace memsnap::misuse {

enum class Known : std::uint8_t {
  kNone,
  // Builtins.
  kAppend,
  kCap,
  kClear,
  kCopy,
  kDelete,
  kLen,
  kMake,
  kNew,
  kPanic,
  kRecover,
  // Locks, pools and groups.
  kLock,
  kUnlock,
  kRLock,
  kRUnlock,
  kPoolGet,
  kPoolPut,
  kSyncMapStore,
  kSyncMapDelete,
  kWait,  // of a WaitGroup or errgroup
  kGroupGo,
  // Copies, which share nothing with what they were made of.
  kClone,
  // Whole files and bodies.
  kReadWhole,
  // Pieces of strings: the first argument shares its bytes with the results.
  kCutString,
  // Pieces of slices that share the array: slices.Clip, bytes.TrimSpace, bytes.Cut ...
  kCutSlice,
  kSlicesDelete,
  kFormat,    // fmt.Sprint, Sprintf, Sprintln
  kStringOf,  // strconv.Itoa and the like
  kContextWithValue,
  kSetFinalizer,
  kAddCleanup,
  kTimeAfter,
  kNewTimer,
  kBufferBytes,   // a slice that the next call of the receiver overwrites: Scanner.Bytes, Buffer.Bytes,
                  // ReadSlice
  kScannerBytes,  // the same, inside a loop that moves the receiver on
  kFill,          // fills its argument: Unmarshal, Decode, Scan ...
  kReadInto,      // Read(buf), io.ReadFull(r, buf)
  kMapsCopy,
  kMapsDeleteFunc,
  kHandle,  // registers a handler: http.HandleFunc, ServeMux.Handle ...
  kAfterFunc,
  kExit,
  kStringData,
  kSort,  // goes through what it gets and leaves it as it is but for the order: slices.Sort, maps.Keys
};

class KnownCalls {
 public:
  Known of(types::Program& program, types::ObjectId callee);

 private:
  std::vector<std::uint8_t> seen_;  // by ObjectId: 0 not yet, else Known + 1
};

}  // namespace memsnap::misuse
