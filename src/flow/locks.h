// Which mutexes are held for certain at each point of a function: sync.Mutex and RWMutex, embedded ones too,
// by access path. `defer mu.Unlock()` keeps it to the end; TryLock holds where it answered true; a helper
// that locks or unlocks is followed one level deep; where every caller of a function that nobody outside the
// package can call holds a lock, it is held at its entry.
//
//   const LockFacts& locks = module.locks(function);
//   for (const Held& h : locks.at(p)) if (h.path == mutex && h.mode == LockMode::kRead) ...
//   if (locks.may_be_assumed(p)) return;   // "mu must be held", fooLocked(): the reader is told, not the
//   compiler
#pragma once

#include "flow/access_path.h"
#include "flow/cfg.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap::flow {

enum class LockMode : std::uint8_t { kRead, kWrite };

struct Held {
  PathId path = kNoPath;  // of the mutex
  LockMode mode = LockMode::kWrite;
  bool from_caller = false;
  NodeId since = ast::kNoNode;  // the call that locked; kNoNode when the caller did
  bool operator==(const Held&) const = default;
};
using LockSet = std::vector<Held>;  // by path

enum class LockOp : std::uint8_t { kNone, kLock, kRLock, kTryLock, kTryRLock, kUnlock, kRUnlock };
struct LockCall {
  LockOp op = LockOp::kNone;
  PathId path = kNoPath;  // kNoPath: a mutex that has no path
};
// What a CallExpr does to a mutex, by its name and type alone.
LockCall lock_call(Program& program, PathTable& paths, FileId file, NodeId call);
bool is_mutex(Program& program, TypeId type);  // sync.Mutex or RWMutex, or a pointer to one; sync.Locker

// What a function says of the locks that its caller has to hold: a name that ends in Locked, a comment "mu
// must be held", "caller holds the lock", "LOCK: mu.RLock()", "+checklocks:mu".
struct LockPromise {
  bool any = false;
  bool reads_only = false;  // RLock is enough
  std::string_view mutex;   // its name when the comment gives it; else empty
};
LockPromise lock_promise(const Program& program, const Function& function);

// `// guarded by mu` on a field or variable, or `+checklocks:mu`: the name of the mutex, else empty.
std::string_view guarded_by(const Program& program, ObjectId object);

class LockFacts {
 public:
  bool none() const { return entry_.empty(); }  // no lock is held anywhere
  // Held just before the step. Empty where control does not come.
  LockSet at(Point p) const;
  bool holds(Point p, PathId mutex, LockMode mode = LockMode::kRead) const;
  // Locked on some way to the step and not unlocked since.
  LockSet may_hold(Point p) const;
  const LockPromise& promise() const { return promise_; }
  // The function promises a lock, or a comment `LOCK: ...` stands on the line of the step or above it.
  bool may_be_assumed(Point p) const;
  // false: too many blocks or locks; then at() says nothing is held and may_be_assumed() yes
  bool complete() const { return complete_; }
  // Locked here and still held at every normal exit; released here without having been locked here.
  const LockSet& acquired() const { return acquired_; }
  const LockSet& released() const { return released_; }

 private:
  friend class LockBuilder;
  friend class KnownFiles;
  struct Change {
    Point at{};
    bool held = false;        // from here on
    bool drops_root = false;  // a variable is assigned: paths that mention it are gone
    Held lock;
    ObjectId var = types::kNoObject;
  };
  void apply(LockSet& set, const Change& change) const;

  const Cfg* cfg_ = nullptr;
  const PathTable* paths_ = nullptr;
  std::vector<LockSet> entry_;   // per block
  std::vector<Change> changes_;  // by point
  std::vector<Point> noted_;     // steps on lines with a LOCK comment
  LockPromise promise_;
  LockSet acquired_, released_;
  bool complete_ = true;
};

}  // namespace memsnap::flow
