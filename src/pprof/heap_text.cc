// Heap profiles as text. A header `heap profile: 7: 403520 [57: 4574232] @ heap/1048576` (in use, allocated,
// kind, rate), then a row of the same four numbers and addresses for each stack. Facts: parseHeap in
// profile/legacy_profile.go of google/pprof.
#include "pprof/go_symbols.h"
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

struct Header {
  std::string_view numbers[4], kind, rate;
};
struct Row {
  std::string_view numbers[4], addresses;
};

// count: size [count: size]
bool match_numbers(TextCursor& in, std::string_view (&numbers)[4], bool may_be_negative) {
  for (int i = 0; i < 4; ++i) {
    if (i == 2 && !in.literal("[")) return false;
    if (i > 0) in.spaces();
    std::size_t from = in.at();
    std::string_view before = in.rest();
    if (may_be_negative && i < 2) in.literal("-");
    if (in.run(is_digit).empty()) return false;
    numbers[i] = before.substr(0, in.at() - from);
    if (i % 2 == 0 && !in.literal(":")) return false;
    if (i % 2 == 1) in.spaces();
  }
  return in.literal("]");
}

// `heap profile:` anywhere in the line, its numbers, and what `tail` wants.
template <class Tail>
bool find_header(std::string_view line, Header& out, Tail&& tail) {
  constexpr std::string_view kTitle = "heap profile:";
  for (std::size_t at = 0; (at = line.find(kTitle, at)) != std::string_view::npos; ++at) {
    TextCursor in(line, at + kTitle.size());
    in.spaces();
    if (match_numbers(in, out.numbers, false) && tail(in)) return true;
  }
  return false;
}

bool is_kind(char c) { return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z'); }

bool find_heap_header(std::string_view line, Header& out) {
  return find_header(line, out, [&](TextCursor in) {
    in.spaces();
    if (!in.literal("@")) return false;
    in.spaces();
    std::string_view kind = in.rest();
    if (!in.literal("heap")) return false;
    out.kind = kind.substr(0, 4 + in.run(is_kind).size());
    in.literal("/");
    out.rate = in.run(is_digit);
    return true;
  });
}

bool find_other_header(std::string_view line) {
  Header header;
  return find_header(line, header,
                     [](TextCursor in) { return in.literal(" @ growth") || in.literal(" @ fragmentation"); });
}

// The first place in the line where four numbers, @ and addresses are.
bool find_row(std::string_view line, Row& out) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_digit(line[at])) continue;
    TextCursor in(line, at > 0 && line[at - 1] == '-' ? at - 1 : at);
    if (match_numbers(in, out.numbers, true) && in.literal(" @")) {
      out.addresses = in.run([](char c) { return c == ' ' || c == 'x' || is_lower_hex(c); });
      return true;
    }
    while (at < line.size() && is_digit(line[at])) ++at;
  }
  return false;
}

class HeapReader {
 public:
  explicit HeapReader(const FormatInput& input)
      : input_(input), lines_(lines_of(input)), use_symbols_(!input.options.go_compat) {}
  Parsed read();

 private:
  bool header();  // false when it is none
  Result<void> row(std::string_view line);
  Result<void> add_values(std::string_view line, std::string_view count_text, std::string_view size_text,
                          const char* what);

  const FormatInput& input_;
  LineScanner lines_;
  bool use_symbols_, has_alloc_ = false, is_sampled_ = false;
  std::int64_t rate_ = 0, block_size_ = 0;
  LegacyBuilder builder_{{"objects", "count"}, {"space", "bytes"}};
  GoSymbols symbols_{builder_};
  std::vector<std::int64_t> values_;
  std::vector<LocationId> frames_;
};

bool HeapReader::header() {
  Header header;
  if (!find_heap_header(lines_.line(), header)) {
    rate_ = 1;
    return find_other_header(lines_.line());
  }
  ParsedInt rate = parse_go_int(header.rate.empty() ? "0" : header.rate, 10);
  if (!rate.problem.empty()) return false;
  rate_ = rate.value;
  auto differ = [](std::string_view alloc, std::string_view inuse) { return alloc != inuse && alloc != "0"; };
  has_alloc_ = differ(header.numbers[2], header.numbers[0]) || differ(header.numbers[3], header.numbers[1]);
  is_sampled_ = header.kind != "heapprofile";
  if (header.kind == "heapprofile")
    rate_ = 1;
  else if (header.kind == "heap")
    rate_ /= 2;  // Go writes twice the rate
  else
    return header.kind == "heapz_v2" || header.kind == "heap_v2";
  return true;
}

Result<void> HeapReader::add_values(std::string_view line, std::string_view count_text,
                                    std::string_view size_text, const char* what) {
  ParsedInt count = parse_go_int(count_text, 10), size = parse_go_int(size_text, 10);
  for (const ParsedInt* each : {&count, &size})
    if (!each->problem.empty())
      return broken_text(fmt::format("malformed sample: {}: {}", line, each->problem));
  if (count.value == 0 && size.value != 0)
    return broken_text(fmt::format("{} count was 0 but {} bytes was {}", what, what, size.value));
  HeapCount scaled{count.value, size.value};
  if (count.value != 0) {
    block_size_ = count.value == -1 ? std::int64_t(0 - std::uint64_t(size.value)) : size.value / count.value;
    if (is_sampled_) scaled = scale_heap_count(scaled, rate_);
  }
  values_.push_back(scaled.count);
  values_.push_back(scaled.size);
  return {};
}

Result<void> HeapReader::row(std::string_view line) {
  Row row;
  if (!find_row(line, row)) return broken_text("unexpected number of sample values: got 0, want 6");
  values_.clear();
  frames_.clear();
  block_size_ = 0;
  if (has_alloc_) TRY_VOID(add_values(line, row.numbers[2], row.numbers[3], "allocation"));
  TRY_VOID(add_values(line, row.numbers[0], row.numbers[1], "inuse"));
  ParsedAddresses addresses = parse_addresses(row.addresses);
  if (!addresses.problem.empty())
    return broken_text(fmt::format("malformed sample: {}: {}", line, addresses.problem));
  for (std::uint64_t address : addresses.values) frames_.push_back(builder_.at(address - 1));
  ProfileLabel label = builder_.number_label("bytes", block_size_);
  builder_.sample(frames_, values_, std::span(&label, 1));
  return {};
}

Parsed HeapReader::read() {
  if (!lines_.next() && gives_up(lines_, input_)) return line_too_long();
  if (!header()) return std::nullopt;
  if (has_alloc_)
    builder_.set_types({{"alloc_objects", "count"},
                        {"alloc_space", "bytes"},
                        {"inuse_objects", "count"},
                        {"inuse_space", "bytes"}});
  builder_.set_period("space", "bytes", rate_);
  while (lines_.next()) {
    std::string_view line = trim(lines_.line());
    if (use_symbols_ && line.starts_with('#')) symbols_.line(line);
    if (is_blank_or_comment(line)) continue;
    symbols_.end_sample();
    if (is_memory_map_title(line)) break;
    TRY_VOID(row(line));
  }
  symbols_.end_sample();
  TRY_VOID(builder_.finish(lines_));
  symbols_.end_profile();
  return builder_.build();
}

}  // namespace

Parsed read_heap_text(FormatInput& input) { return HeapReader(input).read(); }

}  // namespace memsnap
