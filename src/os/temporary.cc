#include "os/temporary.h"

#include <unistd.h>

#include <cstddef>
#include <list>
#include <mutex>
#include <new>
#include <utility>

namespace memsnap {
namespace {

// Under the lock nothing is allocated: when there is no more memory, remove_temporaries comes from inside of
// whatever allocates.
using Names = std::list<std::pair<int, std::string>>;
struct List {
  std::mutex lock;
  Names names;
};

// Never destroyed, as the watcher of signals may come after main has returned, and not allocated either.
List& list() {
  alignas(List) static std::byte place[sizeof(List)];
  static List& all = *new (place) List;
  return all;
}

}  // namespace

void remember_temporary(int folder, const std::string& name) {
  Names one{{folder, name}};
  std::lock_guard hold(list().lock);
  list().names.splice(list().names.end(), one);
}

void forget_temporary(int folder, const std::string& name) {
  std::lock_guard hold(list().lock);
  std::erase_if(list().names, [&](const auto& one) { return one.first == folder && one.second == name; });
}

void remove_temporaries() {
  std::lock_guard hold(list().lock);
  for (const auto& [folder, name] : list().names) unlinkat(folder, name.c_str(), 0);
}

}  // namespace memsnap
