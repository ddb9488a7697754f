// Rule chan-retains: a small piece of a large array (see subslice-retains) is sent on a channel.
#include "misuse/all.h"
#include "misuse/retains.h"

namespace memsnap::misuse {
namespace {

void file(const FileFacts& facts, Report& report) {
  constexpr Out kOuts[] = {Out::kSent};
  report_pieces(facts.code, kOuts, ", sent on a channel,", report);
}

}  // namespace

constinit const Rule kChanRetains{.name = "chan-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
