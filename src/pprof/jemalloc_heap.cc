// jemalloc's heap profile (prof_dump): `heap_v2/<rate>`, then stacks with rows of `count: size [count:
// size]`, in use and since the start, for all threads (t*) and for each (t3):
//   heap_v2/524288
//     t*: 28106: 56637512 [0: 0]
//     t3: 352: 16777344 [0: 0]
//   @ 0x5f86da8 0x5f5a1dc
//     t*: 13: 6688 [0: 0]
//     t3: 13: 6688 [0: 0]
//
//   MAPPED_LIBRARIES:
// The rows before the first stack are sums. Counts are sampled like gperftools' heap_v2 and scaled the same.
// Facts: prof_data.c of jemalloc 5, AdjustSamples of jeprof.
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

struct Row {
  std::string_view thread;  // "*" or a number
  HeapCount inuse, alloc;
};

bool number(TextCursor& in, std::int64_t& out) {
  in.spaces();
  ParsedInt value = parse_go_int(in.run(is_digit), 10);
  out = value.value;
  return value.problem.empty();
}

bool match_row(std::string_view line, Row& out) {
  TextCursor in(trim(line));
  if (!in.literal("t")) return false;
  out.thread = in.rest().substr(0, 1);
  if (!in.literal("*")) out.thread = in.run(is_digit);
  if (out.thread.empty() || !in.literal(":") || !number(in, out.inuse.count)) return false;
  if (!in.literal(":") || !number(in, out.inuse.size)) return false;
  in.spaces();
  return in.literal("[") && number(in, out.alloc.count) && in.literal(":") && number(in, out.alloc.size) &&
         in.literal("]");
}

class JemallocReader {
 public:
  JemallocReader(LineScanner lines, std::int64_t rate) : lines_(lines), rate_(rate) {}
  Parsed read();

 private:
  bool line(std::string_view line);  // false when it is malformed
  void end_stack();
  void add(const Row& row, bool with_thread);

  LineScanner lines_;
  std::int64_t rate_;
  bool has_alloc_ = false, in_stack_ = false;
  LegacyBuilder builder_{{"objects", "count"}, {"space", "bytes"}};
  std::vector<LocationId> frames_;
  std::vector<Row> rows_;
};

void JemallocReader::add(const Row& row, bool with_thread) {
  HeapCount inuse = scale_heap_count(row.inuse, rate_), alloc = scale_heap_count(row.alloc, rate_);
  const HeapCount& sized = row.inuse.count != 0 ? row.inuse : row.alloc;
  std::vector<ProfileLabel> labels{
      builder_.number_label("bytes", sized.count == 0 ? 0 : sized.size / sized.count)};
  if (with_thread) labels.push_back(builder_.text_label("thread", row.thread));
  std::vector<std::int64_t> values{inuse.count, inuse.size};
  if (has_alloc_) values = {alloc.count, alloc.size, inuse.count, inuse.size};
  builder_.sample(frames_, values, labels);
}

// The rows of threads, when they are all there is to the row of all; else that one.
void JemallocReader::end_stack() {
  if (!in_stack_) return;
  std::uint64_t left[4] = {};
  std::size_t threads = 0;
  const Row* total = nullptr;
  for (const Row& row : rows_) {
    bool is_total = row.thread == "*";
    if (is_total) total = &row;
    threads += !is_total;
    std::int64_t numbers[4] = {row.inuse.count, row.inuse.size, row.alloc.count, row.alloc.size};
    for (int i = 0; i < 4; ++i)
      left[i] += is_total ? std::uint64_t(numbers[i]) : 0 - std::uint64_t(numbers[i]);
  }
  bool complete = !total || (left[0] == 0 && left[1] == 0 && left[2] == 0 && left[3] == 0);
  if (threads != 0 && complete) {
    for (const Row& row : rows_)
      if (&row != total) add(row, true);
  } else if (total) {
    add(*total, false);
  }
  rows_.clear();
  in_stack_ = false;
}

bool JemallocReader::line(std::string_view line) {
  Row row;
  if (line.starts_with('@')) {
    end_stack();
    in_stack_ = true;
    frames_.clear();
    ParsedAddresses addresses = parse_addresses(line);
    for (std::uint64_t address : addresses.values) frames_.push_back(builder_.at(address - 1));
    return addresses.problem.empty();
  }
  if (!match_row(line, row)) return false;
  if (in_stack_) {
    rows_.push_back(row);
  } else if (row.thread == "*" && row.alloc.count != 0) {
    has_alloc_ = true;
    builder_.set_types({{"alloc_objects", "count"},
                        {"alloc_space", "bytes"},
                        {"inuse_objects", "count"},
                        {"inuse_space", "bytes"}});
  }
  return true;
}

Parsed JemallocReader::read() {
  builder_.set_period("space", "bytes", rate_);
  while (lines_.next()) {
    std::string_view text = trim(lines_.line());
    if (is_blank_or_comment(text)) continue;
    if (is_memory_map_title(text)) break;
    if (!line(text))
      return broken_text(fmt::format("malformed row of a jemalloc heap: {}", text.substr(0, 100)));
  }
  end_stack();
  TRY_VOID(builder_.finish(lines_));
  return builder_.build();
}

}  // namespace

Parsed read_jemalloc_heap(FormatInput& input) {
  if (input.options.go_compat) return std::nullopt;
  LineScanner lines = lines_of(input);
  lines.next();
  TextCursor in(lines.line());
  if (!in.literal("heap_v2/")) return std::nullopt;
  ParsedInt rate = parse_go_int(in.run(is_digit), 10);
  if (!rate.problem.empty()) return std::nullopt;
  return JemallocReader(lines, rate.value).read();
}

}  // namespace memsnap
