#include "gomod/walk_folders.h"

#include "os/folders.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

bool is_source(const BuildContext& context, const FolderEntry& entry) {
  return !entry.folder && entry.name.ends_with(".go") && file_name_matches(context, entry.name);
}

// The source files among the entries of a folder. A pipe, a device and a link to nowhere are named.
std::vector<std::string> sources_of(const std::string& folder, const std::vector<FolderEntry>& entries,
                                    const BuildContext& context, std::vector<std::string>& problems) {
  std::vector<std::string> files;
  for (const FolderEntry& entry : entries) {
    if (!is_source(context, entry)) continue;
    if (entry.file)
      files.push_back(entry.name);
    else
      problems.push_back(fmt::format("{}/{} is no regular file", folder, entry.name));
  }
  return files;
}

bool is_left_out(const std::string& name) {
  return name.starts_with('.') || name.starts_with('_') || name == "testdata" || name == "vendor";
}

}  // namespace

std::vector<SourceFolder> walk_folders(const std::string& top, const BuildContext& context,
                                       std::vector<std::string>& problems) {
  std::vector<SourceFolder> found;
  std::vector<std::string> open{top};
  while (!open.empty()) {
    std::string folder = std::move(open.back());
    open.pop_back();
    auto entries = entries_in(folder);
    if (!entries) {
      problems.push_back(entries.error().what);
      continue;
    }
    bool other_module = folder != top && std::ranges::any_of(*entries, [](const FolderEntry& e) {
                          return e.name == "go.mod" && e.file;
                        });
    if (other_module) continue;
    SourceFolder row{folder, sources_of(folder, *entries, context, problems)};
    for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry)
      if (entry->folder && !is_left_out(entry->name)) open.push_back(folder + "/" + entry->name);
    if (!row.files.empty()) found.push_back(std::move(row));
  }
  return found;
}

std::vector<std::string> go_files_in(const std::string& folder, const BuildContext& context,
                                     std::vector<std::string>& problems) {
  auto entries = entries_in(folder);
  if (entries) return sources_of(folder, *entries, context, problems);
  problems.push_back(entries.error().what);
  return {};
}

}  // namespace memsnap
