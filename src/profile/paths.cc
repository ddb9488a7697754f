#include "profile/paths.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {

std::string clean_path(std::string_view path) {
  if (path.empty()) return ".";
  bool rooted = path.front() == '/';
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= path.size();) {
    std::size_t slash = std::min(path.find('/', at), path.size());
    std::string_view part = path.substr(at, slash - at);
    at = slash + 1;
    if (part.empty() || part == ".") continue;
    if (part != ".." || (!rooted && (parts.empty() || parts.back() == "..")))
      parts.push_back(part);
    else if (!parts.empty())
      parts.pop_back();
  }
  if (parts.empty()) return rooted ? "/" : ".";
  return fmt::format("{}{}", rooted ? "/" : "", fmt::join(parts, "/"));
}

std::string base_name(std::string_view path) {
  if (path.empty()) return ".";
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/") return "/";
  return std::string(path.substr(path.rfind('/') + 1));
}

std::vector<std::string> split_path_list(std::string_view list) {
  std::vector<std::string> parts;
  if (list.empty()) return parts;
  for (std::size_t at = 0; at <= list.size();) {
    std::size_t colon = std::min(list.find(':', at), list.size());
    parts.emplace_back(list.substr(at, colon - at));
    at = colon + 1;
  }
  return parts;
}

std::string_view trim_path(std::string_view path, std::string_view trim, std::string_view search) {
  if (trim.empty()) {
    for (const std::string& folder : split_path_list(search)) {
      std::string want = "/" + base_name(folder) + "/";
      if (std::size_t found = path.find(want); found != path.npos) return path.substr(found + want.size());
    }
  }
  std::vector<std::string> prefixes = split_path_list(trim);
  prefixes.insert(prefixes.end(), {"/proc/self/cwd/./", "/proc/self/cwd/"});
  for (std::string& prefix : prefixes) {
    if (!prefix.ends_with('/')) prefix += '/';
    if (path.starts_with(prefix)) return path.substr(prefix.size());
  }
  return path;
}

namespace {

bool is_clean(std::string_view path) {
  return path.find("//") == path.npos && path.find("./") == path.npos && !path.ends_with('/') &&
         !path.ends_with('.');
}

template <class Change>
void change_files(Profile& profile, Change&& change) {
  std::vector<StringId> known(profile.strings.rows(), ProfileStrings::kNoString);
  known[0] = StringId{};
  for (ProfileFunction& function : profile.functions) {
    std::size_t row = std::size_t(function.file);
    if (known[row] == ProfileStrings::kNoString) {
      std::string_view file = profile.text(function.file), changed = change(file);
      if (changed.empty())
        known[row] = StringId{};
      else if (!is_clean(changed))
        known[row] = profile.strings.add(clean_path(changed));
      else
        known[row] = changed.size() == file.size() ? function.file : profile.strings.add(changed);
    }
    function.file = known[row];
  }
}

}  // namespace

void trim_files(Profile& profile, std::string_view trim, std::string_view search) {
  change_files(profile, [&](std::string_view file) { return trim_path(file, trim, search); });
}

void clean_files(Profile& profile) {
  change_files(profile, [](std::string_view file) { return file; });
}

}  // namespace memsnap
