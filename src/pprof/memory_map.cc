#include "pprof/memory_map.h"

#include <optional>
#include <string>
#include <utility>

namespace memsnap {
namespace {

constexpr std::size_t kMostVariables = 64, kLongestLine = 1 << 20;
constexpr std::uint64_t kMostComparisons = std::uint64_t(1) << 32;  // a few seconds

bool is_space(char c) { return is_blank(c) && c != '\v'; }  // as \s of Go's expressions
bool is_permission(char c) { return c == '-' || c == 'r' || c == 'w' || c == 'x' || c == 'p'; }
bool is_word(char c) { return !is_space(c); }

struct Entry {
  std::string_view start, limit, permissions, offset, file, build_id;
};

// The word behind at least one space; nothing is taken when there is none.
std::string_view next_word(TextCursor& in, bool (*is)(char)) {
  TextCursor ahead = in;
  if (ahead.run(is_space).empty()) return {};
  std::string_view word = ahead.run(is);
  if (!word.empty()) in = ahead;
  return word;
}
// The same, and the word must end where the text or a space is.
std::string_view whole_word(TextCursor& in, bool (*is)(char)) {
  TextCursor ahead = in;
  std::string_view word = next_word(ahead, is);
  if (word.empty() || (!ahead.done() && is_word(ahead.peek()))) return {};
  in = ahead;
  return word;
}

// permissions? offset? major:minor inode file?
bool proc_tail(TextCursor in, Entry& out) {
  out.permissions = whole_word(in, is_permission);
  out.offset = whole_word(in, is_hex);
  std::string_view major = next_word(in, is_hex);
  if (major.empty() || !in.literal(":") || in.run(is_hex).empty()) return false;
  if (next_word(in, is_digit).empty()) return false;
  out.file = next_word(in, is_word);
  return true;
}

// permissions? file? (@offset)? build id?, where each may be the beginning of a word
bool brief_tail(TextCursor in, Entry& out) {
  out.permissions = next_word(in, is_permission);
  out.file = next_word(in, is_word);
  TextCursor ahead = in;
  if (!ahead.run(is_space).empty() && ahead.literal("(@")) {
    std::string_view offset = ahead.run(is_hex);
    if (!offset.empty() && ahead.literal(")")) {
      out.offset = offset;
      in = ahead;
    }
  }
  out.build_id = next_word(in, is_hex);
  return true;
}

bool range_end(TextCursor& in, Entry& out, bool with_prefix) {
  if (with_prefix && !in.literal("0x")) return false;
  out.limit = in.run(is_hex);
  in.literal(":");
  return !out.limit.empty();
}

// `start-limit`. Without anything between them a run of digits is two numbers, the second of one digit: so
// the original's expression goes about words like "dead".
template <class Tail>
std::optional<Entry> match_range(std::string_view line, Tail&& tail) {
  TextCursor in(line);
  in.run(is_space);
  if (TextCursor prefixed = in; prefixed.literal("0x") && is_hex(prefixed.peek())) in = prefixed;
  TextCursor before = in;
  std::string_view digits = in.run(is_hex);
  if (digits.empty()) return std::nullopt;
  Entry out;
  out.start = digits;
  TextCursor second = in;
  second.literal("-");
  second.run(is_space);
  for (bool with_prefix : {true, false}) {
    TextCursor end = second;
    if (second.at() != in.at() && range_end(end, out, with_prefix) && tail(end, out)) return out;
  }
  if (digits.size() < 2) return std::nullopt;
  out.start = digits.substr(0, digits.size() - 1);
  for (bool with_prefix : {true, false}) {
    TextCursor end(line, before.at() + digits.size() - 1);
    if (range_end(end, out, with_prefix) && tail(end, out)) return out;
  }
  return std::nullopt;
}

std::optional<Entry> match_entry(std::string_view line) {
  if (auto entry = match_range(line, proc_tail)) return entry;
  return match_range(line, brief_tail);
}

// "… file.cc:12] text" is text.
std::string_view without_log_prefix(std::string_view line) {
  std::size_t bracket = line.find_first_of("[]");
  if (bracket == std::string_view::npos || line[bracket] != ']') return line;
  if (bracket + 1 >= line.size() || !is_space(line[bracket + 1])) return line;
  std::size_t digits = bracket;
  while (digits > 0 && is_digit(line[digits - 1])) --digits;
  if (digits == bracket || digits < 2 || line[digits - 1] != ':') return line;
  return line.substr(bracket + 2);
}

// `name=value` lines, whose values stand for $name in the lines below.
class Variables {
 public:
  void add(std::string_view line) {
    std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || all_.size() == kMostVariables) return;
    all_.emplace_back("$" + std::string(trim(line.substr(0, equals))), trim(line.substr(equals + 1)));
  }
  std::string replace(std::string_view line) const {
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
      const auto* variable = line[at] == '$' ? find(line.substr(at)) : nullptr;
      if (!variable || out.size() + variable->second.size() > kLongestLine) {
        out += line[at++];
      } else {
        out += variable->second;
        at += variable->first.size();
      }
    }
    return out;
  }

 private:
  using Variable = std::pair<std::string, std::string>;
  const Variable* find(std::string_view text) const {
    for (const Variable& each : all_)
      if (text.starts_with(each.first)) return &each;
    return nullptr;
  }
  std::vector<Variable> all_;
};

// False when the line is no mapping; what is not executable is none to add.
bool add_entry(std::string_view line, Profile& profile) {
  auto entry = match_entry(line);
  if (!entry) return false;
  if (!entry->permissions.empty() && entry->permissions.find('x') == std::string_view::npos) return true;
  auto start = parse_hex(entry->start), limit = parse_hex(entry->limit);
  auto offset = parse_hex(entry->offset.empty() ? "0" : entry->offset);
  if (!start || !limit || !offset) return false;
  profile.mappings.push_back({.start = *start,
                              .limit = *limit,
                              .offset = *offset,
                              .file = profile.strings.add(entry->file),
                              .build_id = profile.strings.add(entry->build_id)});
  return true;
}

bool is_split(const ProfileMapping& a, const ProfileMapping& b) {
  auto differ = [](StringId x, StringId y) { return x != StringId{} && y != StringId{} && x != y; };
  if (differ(a.file, b.file) || differ(a.build_id, b.build_id) || a.limit != b.start) return false;
  return a.offset == 0 || b.offset == 0 || a.offset + (a.limit - a.start) == b.offset;
}

// lib.so, lib.so.6, lib.so_1
bool is_library(std::string_view file) {
  for (std::size_t at = 0; (at = file.find(".so", at)) != std::string_view::npos; at += 3) {
    std::string_view rest = file.substr(at + 3);
    if (rest.empty()) return true;
    if (rest.size() > 1 && (rest[0] == '.' || rest[0] == '_') && is_digit(rest[1])) return true;
  }
  return false;
}

bool is_executable(std::string_view file) {
  constexpr std::string_view kDeleted = "(deleted)";
  std::string name(file);
  for (std::size_t at = 0; (at = name.find(kDeleted, at)) != std::string::npos;)
    name.erase(at, kDeleted.size());
  std::string_view text = trim(name);
  return !text.empty() && text[0] != '[' && !is_library(text);
}

void number_mappings(Profile& profile) {
  for (std::size_t i = 0; i < profile.mappings.size(); ++i) profile.mappings[i].id = i + 1;
}

// What profile handlers are known to write wrong about the executable.
void mend_first_mapping(Profile& profile) {
  constexpr std::uint64_t kUsualStart = 0x400000;
  std::vector<ProfileMapping>& all = profile.mappings;
  if (all.size() > 1 && profile.text(all[0].file).starts_with("/anon_hugepage") &&
      all[0].limit == all[1].start)
    all.erase(all.begin());
  if (!all.empty() && all[0].start - all[0].offset == kUsualStart) {
    all[0].start = kUsualStart;
    all[0].offset = 0;
  }
}

// kNoMapping when none fits; a mapping whose first part was left out grows to its offset.
MappingId mapping_of(std::uint64_t address, std::vector<ProfileMapping>& all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].start <= address && address < all[i].limit) return MappingId(std::uint32_t(i));
  for (std::size_t i = 0; i < all.size(); ++i) {
    ProfileMapping& each = all[i];
    if (each.offset == 0 || each.start - each.offset > address || address >= each.start) continue;
    each.start -= each.offset;
    each.offset = 0;
    return MappingId(std::uint32_t(i));
  }
  return kNoMapping;
}

}  // namespace

bool is_memory_map_title(std::string_view line) {
  return line.find("--- Memory map: ---") != std::string_view::npos ||
         line.find("MAPPED_LIBRARIES:") != std::string_view::npos;
}

Result<void> read_memory_map(LineScanner& lines, Profile& profile) {
  Variables variables;
  while (lines.next()) {
    std::string line = variables.replace(without_log_prefix(lines.line()));
    if (!add_entry(line, profile)) variables.add(line);
  }
  if (lines.too_long()) return fail(Cause::bad_input, "bufio.Scanner: token too long");
  return {};
}

void tidy_mappings(Profile& profile) {
  std::vector<ProfileMapping> joined;
  for (const ProfileMapping& each : profile.mappings) {
    if (joined.empty() || !is_split(joined.back(), each)) {
      joined.push_back(each);
      continue;
    }
    joined.back().limit = each.limit;
    if (each.file != StringId{}) joined.back().file = each.file;
    if (each.build_id != StringId{}) joined.back().build_id = each.build_id;
  }
  for (ProfileMapping& each : joined) {
    if (!is_executable(profile.text(each.file))) continue;
    std::swap(joined[0], each);
    break;
  }
  profile.mappings = std::move(joined);
  number_mappings(profile);
}

Result<void> assign_mappings(Profile& profile) {
  mend_first_mapping(profile);
  if (profile.mappings.size() > 1 && profile.locations.size() > kMostComparisons / profile.mappings.size())
    return fail(Cause::refused, "{} addresses in {} mappings are too many", profile.locations.size(),
                profile.mappings.size());
  MappingId other = kNoMapping;
  for (ProfileLocation& location : profile.locations) {
    if (location.address == 0) continue;
    location.mapping = mapping_of(location.address, profile.mappings);
    if (location.mapping != kNoMapping) continue;
    if (other == kNoMapping) {
      other = MappingId(std::uint32_t(profile.mappings.size()));
      profile.mappings.push_back({.limit = ~std::uint64_t(0)});
    }
    location.mapping = other;
  }
  number_mappings(profile);
  return {};
}

}  // namespace memsnap
