// The must-lock sets of one function. What callers hold and what helpers do comes from facts of a lower
// level, so that recursion in the program ends here: level 0 looks at the function alone.
#pragma once

#include "flow/module.h"

namespace memsnap::flow {

class LockBuilder {
 public:
  static constexpr int kLevels = 2;  // callers of callers
  static constexpr std::size_t kMaxChanges = 20'000, kMaxVisits = 200'000;

  LockBuilder(Module& module, int level) : module_(module), program_(module.program()), level_(level) {}
  LockFacts run(FuncId function);
  LockSet held_by_callers(FuncId function);

 private:
  friend class FileLocksOf;
  using Bindings = std::vector<std::pair<PathId, PathId>>;  // parameter of the callee, its argument

  void collect();
  void collect_call(Point p, NodeId call);
  void collect_trial(NodeId call, const Held& lock);
  void collect_helper(Point p, const CallSite& site);
  void collect_assignments();
  void collect_notes();
  PathId resolved(PathId mutex);

  void solve(LockSet entry);
  LockSet through(BlockId b, LockSet set) const;
  void summarize();

  bool runs_apart() const;
  LockSet around_closure();
  LockSet at_calls_of_variable(const Body& around, const LockFacts& facts) const;
  LockSet at_site(const CallSite& site);
  Bindings bindings(FuncId callee, FileId file, NodeId call);
  PathId up(PathId path, const Bindings& bound);    // of the callee in the words of the caller
  PathId down(PathId path, const Bindings& bound);  // and the other way

  struct Trial {  // a condition that is true when the lock was taken
    NodeId cond;
    Held lock;
  };
  Module& module_;
  Program& program_;
  int level_;
  FuncId id_ = kNoFunc;
  const Function* function_ = nullptr;
  const Body* body_ = nullptr;
  std::vector<Trial> trials_;
  LockFacts facts_;
};

}  // namespace memsnap::flow
