// Rule time-after-loop: time.After in a loop, in files whose language is older than Go 1.23. Since then a
// timer that nobody refers to is collected before it fires.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  GoVersion language = code.program().language_version(code.file());
  if (!language.known() || language >= GoVersion{1, 23}) return;
  for (NodeId call : code.calls(Known::kTimeAfter))
    if (is_there(code.loop(call)))
      report.at(code, call, "each iteration leaves a timer behind that lives until it fires");
}

}  // namespace

constinit const Rule kTimeAfterLoop{.name = "time-after-loop", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
