// Go's profiles of counts: `goroutine profile: total 40`, then a count and addresses for each stack, and in
// comments what is there and which labels it had. Facts: parseGoCount in profile/legacy_profile.go of
// google/pprof; printCountProfile of runtime/pprof.
#include "pprof/go_labels.h"
#include "pprof/go_symbols.h"
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

// What the profile counts; "" when the line is no header.
std::string_view counted(std::string_view line) {
  TextCursor in(line);
  std::string_view type = in.run([](char c) { return !is_blank(c) || c == '\v'; });
  if (!in.literal(" profile: total ") || in.run(is_digit).empty() || !in.done()) return {};
  return type;
}

struct Row {
  std::string_view count, addresses;
};

bool match_row(std::string_view line, Row& out) {
  TextCursor in(line);
  out.count = in.run(is_digit);
  if (out.count.empty() || !in.literal(" @")) return false;
  out.addresses = in.rest();
  do {
    if (!in.literal(" 0x") || in.run(is_lower_hex).empty()) return false;
  } while (!in.done());
  return true;
}

bool read_row(std::string_view line, LegacyBuilder& builder) {
  Row row;
  if (!match_row(line, row)) return false;
  ParsedInt count = parse_go_int(row.count, 0);
  ParsedAddresses addresses = parse_addresses(row.addresses);
  if (!count.problem.empty() || !addresses.problem.empty()) return false;
  std::vector<LocationId> frames;
  for (std::uint64_t address : addresses.values) frames.push_back(builder.at(address - 1));
  builder.sample(frames, std::span(&count.value, 1));
  return true;
}

// `# labels: {"key":"value", …}` below the row it belongs to.
void read_labels(std::string_view comment, LegacyBuilder& builder) {
  constexpr std::string_view kTitle = "# labels: {";
  SampleTable& samples = builder.profile().samples;
  if (!comment.starts_with(kTitle) || samples.label_end.empty()) return;
  for (const auto& [key, value] : parse_go_labels(comment.substr(kTitle.size())))
    samples.labels.push_back(builder.text_label(key, value));
  samples.label_end.back() = std::uint32_t(samples.labels.size());
}

}  // namespace

Parsed read_count_text(FormatInput& input) {
  LineScanner lines = lines_of(input);
  while (lines.next() && is_blank_or_comment(lines.line())) {
  }
  if (gives_up(lines, input)) return line_too_long();
  std::string type(counted(lines.line()));
  if (type.empty()) return std::nullopt;
  LegacyBuilder builder{{type.c_str(), "count"}};
  builder.set_period(type.c_str(), "count", 1);
  GoSymbols symbols(builder);
  while (lines.next()) {
    std::string_view line = lines.line();
    if (!input.options.go_compat && line.starts_with('#')) {
      symbols.line(line);
      read_labels(line, builder);
    }
    if (is_blank_or_comment(line)) continue;
    symbols.end_sample();
    if (line.starts_with("---")) break;
    if (!read_row(line, builder)) return broken_text("malformed profile format");
  }
  symbols.end_sample();
  TRY_VOID(builder.finish(lines));
  symbols.end_profile();
  return builder.build();
}

}  // namespace memsnap
