// What comes before what within one function: loops, goroutines and what waits for them.
#pragma once

#include "flow/module.h"

namespace memsnap::flow {

// The loops around a node in its own function, innermost first: ForStmt and RangeStmt.
std::vector<NodeId> loops_around(Module& module, FileId file, NodeId node);
// Whether what the node's step does may happen again in the same call: a loop or a goto leads back to it.
bool repeats(Module& module, FuncId function, NodeId node);

// A go statement, or a call that starts a goroutine for a function given to it (wg.Go, errgroup's Go).
struct Start {
  NodeId node = ast::kNoNode;  // GoStmt or CallExpr
  FuncId function = kNoFunc;   // what runs there: a closure or a declared function; kNoFunc: not known
  Point at{};
};
std::vector<Start> starts(Module& module, FuncId function);

// A step that may wait for other goroutines: WaitGroup.Wait, errgroup's Wait, a receive, range over a
// channel, select, Cond.Wait.
bool is_wait(Module& module, FileId file, NodeId node);

// Control can come from the start to the point without waiting in between, so both may run at once.
bool may_overlap(Module& module, FuncId function, const Start& start, Point point);

}  // namespace memsnap::flow
