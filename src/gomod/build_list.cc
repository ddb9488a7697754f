#include "gomod/build_list.h"

#include "gomod/version.h"

#include <algorithm>
#include <set>
#include <utility>

namespace memsnap {
namespace {

bool is_pruned(const ModFile& file) { return parse_go_version(file.go) >= GoVersion{1, 17, 0, 0}; }

}  // namespace

std::map<std::string, std::string> select_versions(const std::vector<RootModule>& roots,
                                                   const std::vector<ModuleVersion>& excluded,
                                                   const ReadModFile& read) {
  std::map<std::string, std::string> selected;
  std::set<std::pair<std::string, std::string>> expanded;
  std::vector<ModuleVersion> open;
  bool pruned = std::ranges::all_of(roots, [](const RootModule& r) { return is_pruned(r.file); });
  auto require = [&](const ModuleVersion& module, bool expand) {
    if (std::ranges::find(excluded, module) != excluded.end()) return;
    std::string& version = selected[module.path];
    if (version.empty() || compare_semver(version, module.version) < 0) version = module.version;
    if (expand && expanded.size() < kMostModFiles && expanded.emplace(module.path, module.version).second)
      open.push_back(module);
  };
  for (const RootModule& root : roots)
    for (const ModuleVersion& module : root.file.require) require(module, true);
  while (!open.empty()) {
    ModuleVersion module = std::move(open.back());
    open.pop_back();
    const ModFile* file = read(module);
    if (!file) continue;
    bool deeper = !(pruned && is_pruned(*file));
    for (const ModuleVersion& next : file->require) require(next, deeper);
  }
  for (const RootModule& root : roots) selected.erase(root.file.module);
  return selected;
}

}  // namespace memsnap
