#include "verbs/source_lines.h"

#include "os/files.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace memsnap {
namespace {

constexpr std::size_t kLargestFile = 16 << 20, kLongestLine = 200;

std::optional<std::string> read_source(const std::string& folder, std::string_view path) {
  // A path that climbs could leave the folder.
  for (std::string_view rest = path; !rest.empty();) {
    std::size_t slash = rest.find('/');
    if (rest.substr(0, slash) == "..") return std::nullopt;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  for (std::string_view end = path; !end.empty();) {
    while (end.starts_with('/')) end.remove_prefix(1);
    if (auto text = read_small_file(folder + "/" + std::string(end), kLargestFile)) return std::move(*text);
    std::size_t slash = end.find('/');
    if (slash == std::string_view::npos) break;
    end.remove_prefix(slash + 1);
  }
  return std::nullopt;
}

std::optional<std::string> line_of(std::string_view text, int line) {
  for (int at = 1; at < line; ++at) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  std::size_t from = text.find_first_not_of(" \t"), to = text.find_last_not_of(" \t\r");
  if (from == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(from, to - from + 1).substr(0, kLongestLine));
}

}  // namespace

std::map<std::pair<std::string, int>, std::string> source_lines(const std::string& folder,
                                                                std::span<const Finding> findings) {
  std::map<std::pair<std::string, int>, std::string> lines;
  std::map<std::string, std::optional<std::string>> files;
  for (const Finding& finding : findings) {
    for (const Site& site : finding.sites) {
      if (site.file.empty() || site.line <= 0) continue;
      auto [file, fresh] = files.try_emplace(site.file);
      if (fresh) file->second = read_source(folder, site.file);
      if (!file->second) continue;
      if (auto line = line_of(*file->second, site.line)) lines[{site.file, site.line}] = std::move(*line);
    }
  }
  return lines;
}

}  // namespace memsnap
