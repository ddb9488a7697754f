#include "pprof/go_symbols.h"

namespace memsnap {
namespace {

bool is_field(char c) { return c != '\t'; }

}  // namespace

void GoSymbols::line(std::string_view comment) {
  TextCursor in(comment);
  auto tabs = [&] { return !in.run([](char c) { return c == '\t'; }).empty(); };
  if (!in.literal("#") || !tabs() || !in.literal("0x")) return;
  auto address = parse_hex(in.run(is_lower_hex));
  if (!address || !tabs()) return;
  std::string_view function = in.run(is_field);
  if (!tabs()) return;
  std::string_view place = in.rest();
  std::size_t plus = function.rfind("+0x"), colon = place.rfind(':');
  if (plus == std::string_view::npos || colon == std::string_view::npos) return;
  ParsedInt number = parse_go_int(place.substr(colon + 1), 10);
  if (!number.problem.empty()) return;
  block_.push_back({*address, function.substr(0, plus), place.substr(0, colon), number.value});
}

void GoSymbols::give(LocationId to, std::span<const Symbol> lines) {
  Profile& profile = builder_.profile();
  ProfileLocation& location = profile.locations[std::size_t(to)];
  if (location.line_count != 0) return;
  location.first_line = std::uint32_t(profile.lines.size());
  location.line_count = std::uint32_t(lines.size());
  for (const Symbol& each : lines)
    profile.lines.push_back({builder_.function(each.function, each.file), each.line, 0});
}

// Inlined calls may share an address: then it stands in more lines than frames.
void GoSymbols::end_sample() {
  if (block_.empty() || builder_.stacks().empty()) return block_.clear();
  std::vector<LocationId>&stack = builder_.stacks().back(), kept;
  std::size_t line = 0;
  for (std::size_t i = 0; i < stack.size();) {
    std::uint64_t address = builder_.profile()[stack[i]].address;
    std::size_t frames = 1, lines = 0;
    while (i + frames < stack.size() && stack[i + frames] == stack[i]) ++frames;
    while (line + lines < block_.size() && block_[line + lines].address == address) ++lines;
    if (lines >= frames) {
      std::span<const Symbol> all(block_);
      for (std::size_t k = 0; k < frames; ++k) kept.push_back(stack[i + k]);
      give(stack[i], all.subspan(line, lines / frames));
    }
    line += lines;
    i += frames;
  }
  if (!kept.empty()) stack = std::move(kept);
  block_.clear();
}

void GoSymbols::end_profile() {
  Profile& profile = builder_.profile();
  if (profile.lines.empty()) return;
  std::vector<bool> all(profile.mappings.size(), true);
  for (const ProfileLocation& location : profile.locations)
    if (location.mapping != kNoMapping && location.line_count == 0)
      all[std::size_t(location.mapping)] = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ProfileMapping& mapping = profile.mappings[i];
    if (all[i]) mapping.has_functions = mapping.has_filenames = mapping.has_line_numbers = true;
  }
}

}  // namespace memsnap
