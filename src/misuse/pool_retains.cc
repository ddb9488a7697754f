// Rule pool-retains: a small piece of a large array (see subslice-retains) is put into a sync.Pool.
#include "misuse/all.h"
#include "misuse/retains.h"

namespace memsnap::misuse {
namespace {

void file(const FileFacts& facts, Report& report) {
  constexpr Out kOuts[] = {Out::kPooled};
  report_pieces(facts.code, kOuts, ", put into a pool,", report);
}

}  // namespace

constinit const Rule kPoolRetains{.name = "pool-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
