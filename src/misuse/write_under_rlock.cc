// Rule write-under-rlock: a map, slice or field of the very object whose RWMutex is only read-locked is
// written.
//
// Silent when any mutex is held for writing, when the object was made in this function, and when nobody ever
// touches the field under the lock for writing while others touch it under none: then the mutex guards
// something else, and the field belongs to one goroutine. What one function writes under one RLock is one
// finding.
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void module_part(Module& module, Report& report) {
  std::span<const RlockWrite> writes = module.rlock_writes();
  auto reported = [&](const RlockWrite& one) { return !module.is_unguarded(one.field); };
  auto beside = [](const RlockWrite& one, const RlockWrite& other) {
    return one.function == other.function && one.lock.file == other.lock.file &&
           one.lock.from == other.lock.from;
  };
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const RlockWrite& write = writes[i];
    auto before = [&](const RlockWrite& other) { return reported(other) && beside(write, other); };
    if (!reported(write) || std::any_of(writes.begin(), writes.begin() + std::ptrdiff_t(i), before)) continue;
    Diagnostic& found =
        report.at(module.span(write.at), module.function(write.function).name, std::string(write.at.text),
                  std::string(write.shown) + " is written while only its read lock is held");
    found.related.push_back({.at = module.span(write.lock), .words = "RLock here"});
    for (std::size_t j = i + 1; j < writes.size(); ++j)
      if (reported(writes[j]) && beside(write, writes[j]))
        found.related.push_back(
            {.at = module.span(writes[j].at), .words = "and " + std::string(writes[j].shown) + " here"});
    found.related_is_path = found.related.size() == 1;
  }
}

}  // namespace

constinit const Rule kWriteUnderRLock{
    .name = "write-under-rlock", .severity = Severity::kHigh, .module = module_part};

}  // namespace memsnap::misuse
