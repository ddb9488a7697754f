// Rule defer-in-loop: a defer in a loop that goes round. Unlocks are mutex-in-loop-defer's.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_unlock(Known known) { return known == Known::kUnlock || known == Known::kRUnlock; }

void each_defer(const Code& code, bool unlocks, Report& report, const char* message) {
  for (NodeId node : code.of(Kind::kDeferStmt)) {
    NodeId loop = code.loop(node);
    if (!is_there(loop) || !goes_round(code, node, loop)) continue;
    if (is_unlock(code.called(code.as<ast::DeferStmt>(node)->call)) == unlocks)
      report.at(code, node, message);
  }
}

void file(const FileFacts& facts, Report& report) {
  each_defer(facts.code, false, report, "runs when the function ends, once for each iteration");
}

void unlocks(const FileFacts& facts, Report& report) {
  each_defer(facts.code, true, report, "the lock stays taken until the function ends");
}

}  // namespace

constinit const Rule kDeferInLoop{.name = "defer-in-loop", .severity = Severity::kLow, .file = file};

// Rule mutex-in-loop-defer: the same with the unlock of a mutex.
constinit const Rule kMutexInLoopDefer{
    .name = "mutex-in-loop-defer", .severity = Severity::kLow, .file = unlocks};

}  // namespace memsnap::misuse
