// Waiting for locks: `--- mutex:`, `--- contention:` of Go, `--- contentionz ` of gperftools; then
// attributes, then a delay in cycles, a count and addresses for each stack. Facts: parseContention in
// profile/legacy_profile.go of google/pprof.
#include "pprof/go_symbols.h"
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

struct Row {
  std::string_view delay, count, addresses;
};

bool find_row(std::string_view line, Row& out) {
  auto addresses = [&](TextCursor in) {
    if (!in.literal(" @")) return false;
    out.addresses = in.run([](char c) { return c == ' ' || c == 'x' || is_lower_hex(c); });
    return true;
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_digit(line[at])) continue;
    TextCursor in(line, at);
    std::string_view digits = in.run(is_digit);
    TextCursor behind = in;
    behind.spaces();
    out.delay = digits;
    out.count = behind.run(is_digit);
    if (!out.count.empty() && addresses(behind)) return true;
    // The original's expression wants no space between the numbers: one alone is two, the second of one
    // digit.
    if (digits.size() > 1 && addresses(in)) {
      out.delay = digits.substr(0, digits.size() - 1);
      out.count = digits.substr(digits.size() - 1);
      return true;
    }
    at += digits.size();
  }
  return false;
}

class ContentionReader {
 public:
  explicit ContentionReader(const FormatInput& input)
      : input_(input), lines_(lines_of(input)), use_symbols_(!input.options.go_compat) {}
  Parsed read();

 private:
  bool attributes();  // up to the first line that is none; false when it is another format
  bool attribute(std::string_view key, std::string_view value);
  enum class RowIs : std::uint8_t { kGood, kOtherFormat, kBroken };
  RowIs row(std::string_view line);

  const FormatInput& input_;
  LineScanner lines_;
  bool use_symbols_;
  std::int64_t hz_ = 0;
  std::string problem_;
  LegacyBuilder builder_{{"contentions", "count"}, {"delay", "nanoseconds"}};
  GoSymbols symbols_{builder_};
};

bool ContentionReader::attribute(std::string_view key, std::string_view value) {
  if (key == "discarded samples") return true;
  std::int64_t ms = 0;
  std::int64_t* place = key == "cycles/second"     ? &hz_
                        : key == "sampling period" ? &builder_.profile().period
                        : key == "ms since reset"  ? &ms
                                                   : nullptr;
  if (!place) return false;
  ParsedInt number = parse_go_int(value, 0);
  *place = number.value;
  if (place == &ms) builder_.profile().duration_nanos = std::int64_t(std::uint64_t(ms) * 1'000'000);
  return number.problem.empty();
}

bool ContentionReader::attributes() {
  while (lines_.next()) {
    std::string_view line = trim(lines_.line());
    if (is_blank_or_comment(line)) continue;
    std::size_t equals = line.find('=');
    if (line.starts_with("---") || equals == std::string_view::npos) break;
    if (!attribute(trim(line.substr(0, equals)), trim(line.substr(equals + 1)))) return false;
  }
  return true;
}

ContentionReader::RowIs ContentionReader::row(std::string_view line) {
  Row row;
  if (!find_row(line, row)) return RowIs::kOtherFormat;
  ParsedInt delay = parse_go_int(row.delay, 10), count = parse_go_int(row.count, 10);
  ParsedAddresses addresses = parse_addresses(row.addresses);
  for (const std::string* problem : {&delay.problem, &count.problem, &addresses.problem}) {
    if (problem->empty()) continue;
    problem_ = fmt::format("malformed sample: {}: {}", line, *problem);
    return RowIs::kBroken;
  }
  std::int64_t period = builder_.profile().period;
  if (period > 0) {
    if (hz_ > 0) delay.value = go_int(double(delay.value) * double(period) / (double(hz_) / 1e9));
    count.value = std::int64_t(std::uint64_t(count.value) * std::uint64_t(period));
  }
  std::vector<LocationId> frames;
  for (std::uint64_t address : addresses.values) frames.push_back(builder_.at(address - 1));
  builder_.sample(frames, std::vector<std::int64_t>{count.value, delay.value});
  return RowIs::kGood;
}

Parsed ContentionReader::read() {
  if (!lines_.next() && gives_up(lines_, input_)) return line_too_long();
  std::string_view title = lines_.line();
  if (!title.starts_with("--- contentionz ") && !title.starts_with("--- mutex:") &&
      !title.starts_with("--- contention:"))
    return std::nullopt;
  builder_.set_period("contentions", "count", 1);
  if (!attributes()) return std::nullopt;
  do {
    std::string_view line = trim(lines_.line());
    if (line.starts_with("---")) break;
    if (use_symbols_ && line.starts_with('#')) symbols_.line(line);
    if (is_blank_or_comment(line)) continue;
    symbols_.end_sample();
    switch (row(line)) {
      case RowIs::kGood: break;
      case RowIs::kOtherFormat: return std::nullopt;
      case RowIs::kBroken: return broken_text(problem_);
    }
  } while (lines_.next());
  symbols_.end_sample();
  TRY_VOID(builder_.finish(lines_));
  symbols_.end_profile();
  return builder_.build();
}

}  // namespace

Parsed read_contention_text(FormatInput& input) { return ContentionReader(input).read(); }

}  // namespace memsnap
