// Folded stacks, as stackcollapse scripts write them: functions from the root to the leaf, separated by ;, a
// space and a count. Lines that begin with # are comments.
#include "pprof/text_formats.h"

#include <algorithm>
#include <map>

namespace memsnap {
namespace {

struct Row {
  std::string_view stack;
  std::int64_t count = 0;
};

bool match_row(std::string_view line, Row& out) {
  std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos || space == 0) return false;
  std::string_view digits = line.substr(space + 1);
  if (digits.empty() || !std::ranges::all_of(digits, is_digit)) return false;
  ParsedInt count = parse_go_int(digits, 10);
  out = {line.substr(0, space), count.value};
  return count.problem.empty();
}

class FoldedReader {
 public:
  bool row(std::string_view line);  // false when it is none
  Parsed build();

 private:
  LocationId frame(std::string_view function);

  LegacyBuilder builder_{{"samples", "count"}};
  std::map<std::string, LocationId, std::less<>> functions_;
  std::vector<LocationId> frames_;
};

LocationId FoldedReader::frame(std::string_view function) {
  if (auto known = functions_.find(function); known != functions_.end()) return known->second;
  Profile& profile = builder_.profile();
  auto first = std::uint32_t(profile.lines.size());
  profile.lines.push_back({builder_.function(function, ""), 0, 0});
  LocationId id = builder_.add_location({.mapping = MappingId{0}, .first_line = first, .line_count = 1});
  return functions_.emplace(function, id).first->second;
}

bool FoldedReader::row(std::string_view line) {
  Row row;
  if (!match_row(line, row)) return false;
  frames_.clear();
  for (std::string_view left = row.stack; !left.empty();) {
    std::size_t end = std::min(left.find(';'), left.size());
    if (end != 0) frames_.push_back(frame(left.substr(0, end)));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  std::ranges::reverse(frames_);
  builder_.sample(frames_, std::span(&row.count, 1));
  return true;
}

Parsed FoldedReader::build() {
  if (builder_.stacks().empty()) return std::nullopt;
  builder_.set_period("samples", "count", 1);
  builder_.profile().mappings.push_back({.id = 1, .has_functions = true});
  TRY_VOID(builder_.finish_without_map());
  return builder_.build();
}

}  // namespace

Parsed read_folded(FormatInput& input) {
  if (input.options.go_compat) return std::nullopt;
  FoldedReader reader;
  LineScanner lines = lines_of(input);
  while (lines.next())
    if (std::string_view line = trim(lines.line()); !is_blank_or_comment(line) && !reader.row(line))
      return std::nullopt;
  if (lines.too_long()) return std::nullopt;
  return reader.build();
}

}  // namespace memsnap
