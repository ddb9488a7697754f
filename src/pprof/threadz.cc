// Stacks of all threads: `--- threadz 1 ---`, a block of lines with addresses for each thread, a memory map.
// Facts: parseThread in profile/legacy_profile.go of google/pprof.
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

// `--- threadz 12 ---` somewhere in the line
bool is_title(std::string_view line) {
  constexpr std::string_view kTitle = "--- threadz ";
  for (std::size_t at = 0; (at = line.find(kTitle, at)) != std::string_view::npos; ++at) {
    TextCursor in(line, at + kTitle.size());
    if (!in.run(is_digit).empty() && in.literal(" ---")) return true;
  }
  return false;
}

// `--- Thread 7f794ab90940 (name: main/14748) stack: ---` somewhere in the line: where its name begins
std::size_t thread_name(std::string_view line) {
  constexpr std::string_view kThread = "--- Thread ";
  for (std::size_t at = 0; (at = line.find(kThread, at)) != std::string_view::npos; ++at) {
    TextCursor in(line, at + kThread.size());
    if (!in.run(is_hex).empty() && in.literal(" (name: ")) return in.at();
  }
  return std::string_view::npos;
}

bool is_thread(std::string_view line) {
  std::size_t name = thread_name(line);
  if (name == std::string_view::npos) return false;
  constexpr std::string_view kEnd = ") stack: ---";
  for (std::size_t end = name; (end = line.find(kEnd, end)) != std::string_view::npos; ++end) {
    std::size_t digits = end;
    while (digits > name && is_digit(line[digits - 1])) --digits;
    if (digits < end && digits > name && line[digits - 1] == '/') return true;
  }
  return false;
}

struct Thread {
  std::vector<std::uint64_t> addresses;  // none: the stack is that of the thread before
  std::string_view next;                 // the line behind it
};

Result<Thread> read_thread(LineScanner& lines) {
  Thread out;
  bool same = false;
  while (lines.next()) {
    out.next = trim(lines.line());
    if (out.next.empty()) continue;
    if (out.next.starts_with("---")) break;
    if (out.next.find("same as previous thread") != std::string_view::npos) {
      same = true;
      continue;
    }
    ParsedAddresses found = parse_addresses(out.next);
    if (!found.problem.empty())
      return broken_text(fmt::format("malformed sample: {}: {}", out.next, found.problem));
    out.addresses.insert(out.addresses.end(), found.values.begin(), found.values.end());
  }
  if (lines.too_long()) return line_too_long();
  if (same) out.addresses.clear();
  return out;
}

void add_thread(const Thread& thread, LegacyBuilder& builder) {
  std::vector<std::int64_t>& values = builder.profile().samples.values;
  if (thread.addresses.empty()) {
    if (!values.empty()) ++values.back();
    return;
  }
  std::vector<LocationId> frames;
  for (std::uint64_t address : thread.addresses) frames.push_back(builder.at(address - !frames.empty()));
  builder.sample(frames, std::vector<std::int64_t>{1});
}

}  // namespace

Parsed read_threadz(FormatInput& input) {
  LineScanner lines = lines_of(input);
  while (lines.next() && is_blank_or_comment(lines.line())) {
  }
  std::string_view line = lines.line();
  if (is_title(line)) {
    while (lines.next()) {
      line = lines.line();
      if (is_memory_map_title(line) || line.starts_with('-')) break;
    }
  } else if (!is_thread(line)) {
    return std::nullopt;
  }
  LegacyBuilder builder{{"thread", "count"}};
  builder.set_period("thread", "count", 1);
  while (!is_memory_map_title(line) && !line.starts_with("---- no stack trace for")) {
    if (!is_thread(line)) return std::nullopt;
    Thread thread = TRY(read_thread(lines));
    add_thread(thread, builder);
    line = thread.next;
  }
  TRY_VOID(builder.finish(lines));
  builder.drop_doubled_leaves();
  return builder.build();
}

}  // namespace memsnap
