// Rule ctx-value-retains: a small piece of a large array (see subslice-retains) becomes a context value.
#include "misuse/all.h"
#include "misuse/retains.h"

namespace memsnap::misuse {
namespace {

void file(const FileFacts& facts, Report& report) {
  constexpr Out kOuts[] = {Out::kContext};
  report_pieces(facts.code, kOuts, ", kept in a context,", report);
}

}  // namespace

constinit const Rule kCtxValueRetains{
    .name = "ctx-value-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
