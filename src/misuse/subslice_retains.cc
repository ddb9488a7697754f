// Rule subslice-retains: a small piece of a large array is returned or stored in a struct.
//
// The array is a whole file or body, or made with a constant size of at least 4 KiB; the piece has constant
// bounds and is less than half of it, or less than 4 KiB of a file. slices.Clip changes nothing about it.
#include "misuse/all.h"
#include "misuse/retains.h"

namespace memsnap::misuse {
namespace {

void file(const FileFacts& facts, Report& report) {
  constexpr Out kOuts[] = {Out::kReturned, Out::kField};
  report_pieces(facts.code, kOuts, "", report);
}

}  // namespace

constinit const Rule kSubsliceRetains{
    .name = "subslice-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
