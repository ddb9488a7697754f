// What a verb looks at: a process or a snapshot, and the heap of it.
#pragma once

#include "base/result.h"
#include "tables/heap.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <sys/types.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

struct Target {
  pid_t pid = 0;     // 0: a snapshot
  std::string path;  // of the snapshot
};

// Of -p and the positional words, in their order.
Result<std::vector<Target>> targets_of(const Flags& flags);
Result<Target> target_of(const std::string& word);
Result<Target> one_target(const Flags& flags);

// A heap and whatever keeps its columns alive.
class OpenHeap {
 public:
  struct Keeper {
    virtual ~Keeper() = default;
    virtual const Heap& heap() const = 0;
  };
  explicit OpenHeap(std::unique_ptr<Keeper> keeper) : keeper_(std::move(keeper)) {}
  const Heap& operator*() const { return keeper_->heap(); }
  const Heap* operator->() const { return &keeper_->heap(); }

 private:
  std::unique_ptr<Keeper> keeper_;
};

Result<OpenHeap> open_snapshot_file(const std::string& path);
// The snapshot, or one capture of the process (kTargetFlags), announced on standard error.
Result<OpenHeap> open_heap(const Target& target, const Flags& flags, Io& io);
// The same of the only target on the line.
Result<OpenHeap> open_one(const Flags& flags, Io& io);

}  // namespace memsnap
