#include "os/temporary.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

struct List {
  std::mutex lock;
  std::vector<std::pair<int, std::string>> names;
};

// Never destroyed: the watcher of signals may come after main has returned.
List& list() {
  static List& all = *new List;
  return all;
}

}  // namespace

void remember_temporary(int folder, const std::string& name) {
  std::lock_guard hold(list().lock);
  list().names.emplace_back(folder, name);
}

void forget_temporary(int folder, const std::string& name) {
  std::lock_guard hold(list().lock);
  std::erase(list().names, std::pair(folder, name));
}

void remove_temporaries() {
  std::lock_guard hold(list().lock);
  for (const auto& [folder, name] : list().names) unlinkat(folder, name.c_str(), 0);
}

}  // namespace memsnap
