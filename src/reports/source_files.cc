#include "reports/source_files.h"

#include "os/files.h"
#include "profile/paths.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace memsnap {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Where modules are unpacked: GOMODCACHE, or pkg/mod below the first folder of GOPATH, which is ~/go.
std::string module_cache() {
  if (std::string set = environment("GOMODCACHE"); !set.empty()) return set;
  std::vector<std::string> paths = split_path_list(environment("GOPATH"));
  std::string path = paths.empty() ? environment("HOME") + "/go" : paths.front();
  return path + "/pkg/mod";
}

// GOROOT, or the folder of the go command on PATH.
std::vector<std::string> go_roots() {
  std::vector<std::string> roots;
  if (std::string set = environment("GOROOT"); !set.empty()) roots.push_back(set);
  for (const std::string& folder : split_path_list(environment("PATH"))) {
    std::error_code error;
    std::filesystem::path real = std::filesystem::canonical(folder + "/go", error);
    if (!error) roots.push_back(real.parent_path().parent_path());
  }
  roots.emplace_back("/usr/local/go");
  return roots;
}

// A module's path as its folder is named: capital letters as ! and the small one.
std::string escape_module(std::string_view path) {
  std::string escaped;
  for (char c : path) {
    bool capital = c >= 'A' && c <= 'Z';
    if (capital) escaped += '!';
    escaped += capital ? char(c + 32) : c;
  }
  return escaped;
}

// Where else a file of a Go build may be.
std::vector<std::string> other_places(const std::string& file) {
  std::vector<std::string> places;
  std::string_view module = file;
  constexpr std::string_view kMod = "/pkg/mod/";
  if (std::size_t at = file.find(kMod); at != file.npos) module.remove_prefix(at + kMod.size());
  std::size_t version = module.find('@');
  if (version != module.npos && !module.starts_with('/')) {
    std::size_t end = std::min(module.find('/', version), module.size());
    bool escaped = module.substr(0, version).find('!') != module.npos;
    std::string folder =
        escaped ? std::string(module.substr(0, version)) : escape_module(module.substr(0, version));
    places.push_back(fmt::format("{}/{}{}{}", module_cache(), folder, module.substr(version, end - version),
                                 module.substr(end)));
  }
  std::string_view package = file;
  constexpr std::string_view kSrc = "/src/";
  if (file.starts_with('/')) {
    std::size_t at = file.find(kSrc);
    if (at == file.npos) return places;
    package.remove_prefix(at + kSrc.size());
  }
  for (const std::string& root : go_roots()) places.push_back(fmt::format("{}/src/{}", root, package));
  return places;
}

// Lines without their ends, \n or \r\n; a line of 64 KiB ends the file, as it ends bufio.Scanner's reading.
std::vector<std::string> split_lines(std::string_view text) {
  constexpr std::size_t kLongest = 64 << 10;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.size() >= kLongest) break;
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    at = end + 1;
  }
  return lines;
}

// What is left of the last slash, as filepath.Dir of Go: "." of a single word, "/" of "/".
std::string parent_folder(const std::string& folder) {
  return clean_path(std::string_view(folder).substr(0, folder.rfind('/') + 1));
}

}  // namespace

SourceFiles::SourceFiles(std::string search, std::string trim, bool go_compat)
    : search_(std::move(search)), trim_(std::move(trim)), go_compat_(go_compat) {
  std::error_code error;
  if (search_.empty()) search_ = std::filesystem::current_path(error).string();
}

Result<std::string> SourceFiles::find(const std::string& file) const {
  std::string path(trim_path(file, trim_, search_));
  std::string reason;
  if (path.starts_with('/')) {
    if (is_there(path)) return path;
    reason = fmt::format("open {}: no such file or directory", path);
  } else {
    for (std::string folder : split_path_list(search_)) {
      for (;;) {
        std::string candidate = clean_path(folder.empty() ? path : folder + "/" + path);
        if (is_there(candidate)) return candidate;
        std::string parent = parent_folder(folder);
        if (parent == folder) break;
        folder = parent;
      }
    }
    reason = fmt::format("could not find file {} on path {}", path, search_);
  }
  if (!go_compat_)
    for (const std::string& place : other_places(file))
      if (is_there(place)) return place;
  return fail(Cause::bad_input, "{}", reason);
}

SourceFiles::File& SourceFiles::read(const std::string& file) {
  auto [at, fresh] = files_.try_emplace(file);
  if (!fresh) return at->second;
  Result<std::string> path = find(file);
  if (!path) {
    at->second.error = path.error().what;
    return at->second;
  }
  if (is_folder(*path)) return at->second;
  Result<std::string> text = read_small_file(*path);
  if (text)
    at->second.lines = split_lines(*text);
  else
    at->second.error = fmt::format("open {}: permission denied", *path);
  return at->second;
}

const std::string* SourceFiles::line(const std::string& file, std::int64_t number) {
  File& source = read(file);
  if (number < 1 || std::uint64_t(number) > source.lines.size()) return nullptr;
  return &source.lines[std::size_t(number - 1)];
}

const std::string& SourceFiles::error(const std::string& file) { return read(file).error; }

}  // namespace memsnap
