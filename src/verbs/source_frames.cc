#include "verbs/source_frames.h"

#include "base/text.h"
#include "os/files.h"
#include "verbs/address_lines.h"

#include <algorithm>
#include <array>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kWidestType = 48, kWidestPlace = 40;

bool in_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Where the text or comment that begins at `at` ends; `at` when none does.
std::size_t behind_text(std::string_view line, std::size_t at) {
  char mark = line[at];
  if (mark == '/' && line.substr(at).starts_with("//")) return line.size();
  if (mark == '/' && line.substr(at).starts_with("/*")) {
    std::size_t end = line.find("*/", at + 2);
    return end == line.npos ? line.size() : end + 2;
  }
  if (mark != '"' && mark != '\'' && mark != '`') return at;
  for (std::size_t i = at + 1; i < line.size(); ++i) {
    if (line[i] == '\\' && mark != '`')
      ++i;
    else if (line[i] == mark)
      return i + 1;
  }
  return line.size();
}

}  // namespace

bool mentions(std::string_view line, std::string_view name) {
  if (name.starts_with('&')) name.remove_prefix(1);
  for (std::size_t at = 0; at < line.size();) {
    if (std::size_t behind = behind_text(line, at); behind != at) {
      at = behind;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && in_word(line[end])) ++end;
    if (end != at && line.substr(at, end - at) == name) return true;
    at = std::max(end, at + 1);
  }
  return false;
}

SourceFrames::SourceFrames(const std::string& folder, bool ascii, Out& out)
    : folder_(folder), files_("", "", false), ascii_(ascii), out_(out) {}

std::string SourceFrames::safe(std::string_view text) const {
  return ascii_ ? escape_ascii(text) : escape_terminal(text);
}

const std::string* SourceFrames::source_of(const CodeFrame& frame) {
  if (frame.file.empty() || frame.line == 0) return nullptr;
  std::string path(frame.file);
  if (folder_.empty()) return files_.line(path, frame.line);
  auto [found, fresh] = found_.try_emplace(path);
  if (fresh) {
    // Below the folder under the longest end of the path that is there; one that climbs could leave it.
    bool climbs = ("/" + path + "/").find("/../") != std::string::npos;
    for (std::string_view end = path; !end.empty() && !climbs && found->second.empty();) {
      while (end.starts_with('/')) end.remove_prefix(1);
      std::string candidate = folder_ + "/" + std::string(end);
      if (is_there(candidate) && !is_folder(candidate)) found->second = candidate;
      std::size_t slash = end.find('/');
      end = slash == end.npos ? std::string_view() : end.substr(slash + 1);
    }
    if (found->second.empty()) found->second = path;
  }
  return files_.line(found->second, frame.line);
}

void SourceFrames::print_variables(std::size_t frame, const std::string* source,
                                   std::span<const ScopeVariable> variables) {
  using Row = std::array<std::string, 5>;
  std::vector<Row> rows;
  std::array<std::size_t, 5> widest{};
  for (const ScopeVariable& v : variables) {
    if (v.frame != frame) continue;
    bool used = source && mentions(*source, v.name);
    Row row = {fmt::format("{} {}", used ? '*' : ' ', safe(v.name)), fit(safe(v.type), kWidestType),
               fit(v.location, kWidestPlace), fmt::format("{:x}-{:x}", v.scope.from, v.scope.to),
               v.value ? "= " + safe(*v.value) : std::string()};
    for (std::size_t i = 0; i < row.size(); ++i) widest[i] = std::max(widest[i], columns(row[i]));
    rows.push_back(std::move(row));
  }
  for (const Row& row : rows) {
    std::string line = "          ";
    for (std::size_t i = 0; i < row.size(); ++i) line += "  " + pad(row[i], widest[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out_.put(line + "\n");
  }
}

// A line as it is printed: without the blanks before it, tabs as blanks.
std::string SourceFrames::shown(const std::string& source) const {
  std::string line = source.substr(std::min(source.find_first_not_of(" \t"), source.size()));
  std::ranges::replace(line, '\t', ' ');
  return safe(line);
}

void SourceFrames::print(std::string_view head, std::span<const CodeFrame> frames,
                         std::span<const ScopeVariable> variables) {
  if (frames.empty()) out_.print("{}?? ??:0\n", head);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const CodeFrame& f = frames[i];
    std::string line = f.line == 0 ? "?" : fmt::format("{}", f.line);
    out_.print("{}{} at {}:{}\n", i == 0 ? head : " (inlined by) ",
               f.function.empty() ? "??" : safe(demangle_(f.function)), f.file.empty() ? "??" : safe(f.file),
               line);
    const std::string* source = source_of(f);
    if (source) out_.print("{:>8}  {}\n", f.line, shown(*source));
    print_variables(i, source, variables);
  }
}

void SourceFrames::write_variables(std::size_t frame, const std::string* source,
                                   std::span<const ScopeVariable> variables, JsonWriter& json) {
  json.key("variables").open_array();
  for (const ScopeVariable& v : variables) {
    if (v.frame != frame) continue;
    json.open_object();
    json.member("name", v.name);
    json.member("type", v.type);
    json.member("parameter", v.parameter);
    json.member("line", v.line);
    json.member("location", v.location);
    json.key("scope").open_array();
    json.value(hex(v.scope.from));
    json.value(hex(v.scope.to));
    json.close_array();
    if (v.held.from < v.held.to) {
      json.key("held").open_array();
      json.value(hex(v.held.from));
      json.value(hex(v.held.to));
      json.close_array();
    }
    if (source) json.member("used", mentions(*source, v.name));
    if (v.value) json.member("value", *v.value);
    json.close_object();
  }
  json.close_array();
}

void SourceFrames::write(std::span<const CodeFrame> frames, std::span<const ScopeVariable> variables,
                         JsonWriter& json) {
  json.key("frames").open_array();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const CodeFrame& f = frames[i];
    const std::string* source = source_of(f);
    json.open_object();
    write_frame(f, i + 1 < frames.size(), demangle_, json);
    if (source) json.member("source", *source);
    write_variables(i, source, variables, json);
    json.close_object();
  }
  json.close_array();
}

}  // namespace memsnap
