#include "os/proc_text.h"

#include "base/lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace memsnap {
namespace {

// A path in maps has at most 4096 bytes, each of which may be written as four.
constexpr std::size_t kLongestLine = 32 << 10;

std::string_view take_word(std::string_view& text) {
  std::size_t from = std::min(text.find_first_not_of(" \t"), text.size());
  std::size_t end = std::min(text.find_first_of(" \t\n", from), text.size());
  std::string_view word = text.substr(from, end - from);
  text.remove_prefix(end);
  return word;
}

std::string_view trimmed(std::string_view text) {
  std::size_t from = text.find_first_not_of(" \t\n\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\n\r") - from + 1);
}

// seq_path writes a newline, and nothing else, as a backslash and three octal digits; mountinfo also blanks.
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto octal = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] <= '3' && octal(i + 1) && octal(i + 2) &&
        octal(i + 3)) {
      out += char((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "   123 kB" in bytes; saturates.
std::optional<std::uint64_t> parse_amount(std::string_view text) {
  auto number = parse_number(take_word(text));
  if (!number) return std::nullopt;
  if (take_word(text) != "kB") return number;
  return *number > (~0ull >> 10) ? ~0ull : *number << 10;
}

struct SizeField {
  std::string_view key;
  std::uint64_t Mapping::* member;
};
constexpr SizeField kSizes[] = {
    {"Rss", &Mapping::rss},
    {"Pss", &Mapping::pss},
    {"Shared_Clean", &Mapping::shared_clean},
    {"Private_Clean", &Mapping::private_clean},
    {"Private_Dirty", &Mapping::private_dirty},
    {"Anonymous", &Mapping::anonymous},
    {"LazyFree", &Mapping::lazy_free},
    {"Swap", &Mapping::swap},
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::size_t end = std::min(list.find(','), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t parse_runnable(std::string_view text) {
  for (int i = 0; i < 3; ++i) take_word(text);
  std::string_view tasks = take_word(text);
  std::size_t slash = tasks.find('/');
  if (slash == std::string_view::npos) return 0;
  return parse_number(tasks.substr(0, slash)).value_or(0);
}

std::optional<Mapping> parse_mapping(std::string_view line) {
  Mapping mapping;
  std::string_view range = take_word(line);
  std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  auto from = parse_number(range.substr(0, dash), 16), to = parse_number(range.substr(dash + 1), 16);
  std::string_view permissions = take_word(line);
  auto offset = parse_number(take_word(line), 16);
  std::string_view device = take_word(line), inode = take_word(line);
  if (!from || !to || *from > *to || permissions.size() != 4 || !offset) return std::nullopt;
  if (device.find(':') == std::string_view::npos || !parse_number(inode)) return std::nullopt;
  mapping.from = *from;
  mapping.to = *to;
  mapping.permissions = permissions;
  mapping.file_offset = *offset;
  mapping.inode = *parse_number(inode);
  // The name is padded to a column on its left; blanks at its end are its own.
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  mapping.name = without_escapes(line);
  return mapping;
}

void MappingParser::line(std::string_view text) {
  if (text.empty()) return;
  if (text[0] >= 'A' && text[0] <= 'Z') {
    std::size_t colon = text.find(':');
    if (out_.empty() || colon == std::string_view::npos) return void(++bad_lines_);
    for (const SizeField& field : kSizes)
      if (text.substr(0, colon) == field.key) {
        if (auto bytes = parse_amount(text.substr(colon + 1)))
          out_.back().*field.member = *bytes;
        else
          ++bad_lines_;
      }
    return;
  }
  if (auto mapping = parse_mapping(text))
    out_.push_back(std::move(*mapping));
  else
    ++bad_lines_;
}

void MappingParser::feed(std::string_view piece) {
  while (!piece.empty()) {
    std::size_t end = piece.find('\n');
    std::string_view part = piece.substr(0, end);
    bool ends = end != std::string_view::npos;
    piece.remove_prefix(ends ? end + 1 : piece.size());
    if (!skipping_ && rest_.size() + part.size() > kLongestLine) {
      skipping_ = true;
      rest_.clear();
      ++bad_lines_;
    }
    if (ends && !skipping_) {
      if (rest_.empty())
        line(part);
      else
        line(rest_.append(part));
      rest_.clear();
    } else if (!skipping_) {
      rest_.append(part);
    }
    if (ends) skipping_ = false;
  }
}

void MappingParser::finish() {
  if (!skipping_) line(rest_);
  rest_.clear();
  skipping_ = false;
}

std::optional<std::uint64_t> keyed_value(std::string_view text, std::string_view key) {
  std::optional<std::uint64_t> found;
  each_line(text, [&](std::string_view line) {
    if (!found && line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':')
      found = parse_amount(line.substr(key.size() + 1));
  });
  return found;
}

ProcessStatus parse_status(std::string_view text) {
  ProcessStatus status;
  each_line(text, [&](std::string_view line) {
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string_view key = line.substr(0, colon), value = trimmed(line.substr(colon + 1)), rest = value;
    auto amount = [&] { return parse_amount(value).value_or(0); };
    auto pid = [&] {
      return pid_t(std::min<std::uint64_t>(parse_number(take_word(rest)).value_or(0),
                                           std::numeric_limits<pid_t>::max()));
    };
    if (key == "Name")
      status.name = value;
    else if (key == "State" && !value.empty())
      status.state = value[0];
    else if (key == "Tgid")
      status.tgid = pid();
    else if (key == "PPid")
      status.parent = pid();
    else if (key == "TracerPid")
      status.tracer = pid();
    else if (key == "Uid")
      status.uid = uid_t(parse_number(take_word(rest)).value_or(0));
    else if (key == "Threads")
      status.threads = std::uint32_t(std::min<std::uint64_t>(amount(), ~0u));
    else if (key == "VmRSS")
      status.rss = amount();
    else if (key == "VmSwap")
      status.swap = amount();
    else if (key == "VmSize")
      status.vm_size = amount();
    else if (key == "VmPTE")
      status.page_tables = amount();
    else if (key == "NSpid")
      while (!trimmed(rest).empty()) status.ns_pid.push_back(pid());
  });
  return status;
}

std::optional<StatLine> parse_stat(std::string_view text) {
  // The name in parentheses may hold parentheses, blanks and newlines of its own: the last one counts.
  std::size_t end = text.rfind(')');
  if (end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(end + 1);
  StatLine stat;
  for (int field = 3; field <= 22; ++field) {
    std::string_view word = take_word(text);
    if (word.empty()) return std::nullopt;
    if (field == 3) stat.state = word[0];
    if (field != 9 && field != 22) continue;
    auto number = parse_number(word);
    if (!number) return std::nullopt;
    (field == 9 ? stat.flags : stat.start_ticks) = *number;
  }
  return stat;
}

std::optional<CgroupPath> parse_cgroup(std::string_view text) {
  std::optional<CgroupPath> found;
  each_line(text, [&](std::string_view line) {
    std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return;
    std::string_view controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    bool unified = line.substr(0, first) == "0" && controllers.empty();
    if (!unified && !has_word(controllers, "memory")) return;
    // With both, version 1 has the memory controller.
    if (found && unified) return;
    if (!path.starts_with('/') || path.find("/..") != std::string_view::npos) return;
    found = CgroupPath{std::string(path), unified};
  });
  return found;
}

std::optional<CgroupMount> find_cgroup_mount(std::string_view mountinfo, bool unified) {
  std::optional<CgroupMount> found;
  each_line(mountinfo, [&](std::string_view line) {
    std::size_t separator = line.find(" - ");
    if (found || separator == std::string_view::npos) return;
    std::string_view tail = line.substr(separator + 3), head = line.substr(0, separator);
    std::string_view type = take_word(tail);
    take_word(tail);
    bool fits = unified ? type == "cgroup2" : type == "cgroup" && has_word(trimmed(tail), "memory");
    if (!fits) return;
    std::array<std::string_view, 5> fields;
    for (std::string_view& field : fields) field = take_word(head);
    if (fields[4].empty()) return;
    found = CgroupMount{without_escapes(fields[4]), without_escapes(fields[3])};
  });
  return found;
}

std::optional<std::uint64_t> parse_limit(std::string_view text) {
  auto limit = parse_number(trimmed(text));
  // Version 1 writes the largest multiple of a page in a signed long for "no limit".
  if (!limit || *limit >= (1ull << 62)) return std::nullopt;
  return limit;
}

}  // namespace memsnap
