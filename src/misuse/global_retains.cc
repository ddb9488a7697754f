// Rule global-retains: a small piece of a large array (see subslice-retains) is kept in a package variable.
#include "misuse/all.h"
#include "misuse/retains.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  each_kept_piece(code, [&](NodeId expr, const Big& big, const Sink& sink) {
    bool appended = sink.out == Out::kAppended && types::is_there(code.root(sink.target)) &&
                    code.is_package_var(code.root(sink.target));
    if (sink.out != Out::kGlobal && !appended) return;
    Diagnostic& found = report.at(
        code, expr, code.shown(expr) + " in " + code.shown(sink.target) + " keeps the whole array alive");
    lead(found, code, big.by, "the whole array comes from here");
  });
}

}  // namespace

constinit const Rule kGlobalRetains{.name = "global-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
