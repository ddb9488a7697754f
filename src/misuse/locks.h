// Which mutexes are held at a place for certain, as flow/locks.h finds them, in the words of the rules.
#pragma once

#include "flow/module.h"
#include "misuse/code.h"

namespace memsnap::misuse {

struct Held {
  ObjectId mutex = types::kNoObject;  // the field or variable that is the mutex, the embedded one too
  flow::PathId base = flow::kNoPath;  // x of x.mu; kNoPath for a variable
  NodeId call = ast::kNoNode;         // what locked it, in this file; kNoNode when callers did
  bool write = false;                 // Lock
};

class Locks {
 public:
  // `flow` has the package of the file.
  Locks(const Code& code, flow::Module& flow);
  std::vector<Held> at(NodeId node) const;
  bool any() const { return any_; }  // some function of the file locks or unlocks
  // The lock is of the object that has this field or method: c.mu of c.m or c.get, or a variable.
  bool of_same_object(const Held& held, NodeId selector) const;
  // The lock is of this very object, or a variable.
  bool of_object(const Held& held, NodeId expr) const;
  // Such a lock of the selector's object is held on some way to it: `if shared { mu.Lock() }`.
  bool perhaps(NodeId node, NodeId selector) const;
  bool perhaps_any(NodeId node) const;  // some lock, of whatever object

 private:
  struct Place {
    const flow::LockFacts* locks = nullptr;  // null: nothing is locked in its function
    flow::Point point = flow::kNoPoint;
  };
  Place place(NodeId node) const;
  Held held(const flow::Held& lock) const;

  const Code& code_;
  flow::Module& flow_;
  bool any_ = false;
};

// Its name or its comment says that the caller holds the lock: addLocked, "must be called with mu held",
// LOCK: mu.RLock(). Or a comment inside says that none is needed.
bool says_locked(const Code& code, NodeId function);
// `guarded by mu` in the comment of a field.
bool says_guarded(const Code& code, NodeId field);

bool started_with_go(const Code& code, NodeId literal);

}  // namespace memsnap::misuse
