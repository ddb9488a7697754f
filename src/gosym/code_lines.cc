#include "gosym/code_lines.h"

#include "base/value_at.h"
#include "gosym/pc_values.h"

namespace memsnap {
namespace {

constexpr std::size_t kFunctabRow = 8, kInlinedCall = 16;
constexpr std::uint64_t kPcfile = 20, kPcln = 24, kCuOffset = 32;  // fields of runtime._func
constexpr unsigned kBucketShift = 12;
constexpr std::size_t kWorthBuckets = 256;         // addresses, from which on they are looked up by bucket
constexpr std::size_t kMostRows = (96 << 20) / 8;  // kept; when there are more, decoding begins anew
constexpr std::size_t kMostBuckets = std::size_t(1) << 20;

std::string_view text_at(Bytes bytes, std::uint64_t at) {
  if (at >= bytes.size()) return {};
  const char* text = text_of(bytes).data() + at;
  const void* end = std::memchr(text, 0, bytes.size() - std::size_t(at));
  return end ? std::string_view(text, std::size_t(static_cast<const char*>(end) - text)) : std::string_view{};
}

}  // namespace

GoCodeLines::GoCodeLines(const Pclntab& table, Bytes gofunc) : table_(table), gofunc_(gofunc) {}

// The first function that may hold code in each 4 KiB, so that few rows are left to search.
void GoCodeLines::make_buckets() {
  std::size_t functions = table_.functions();
  if (functions == 0) return;
  auto last = value_at<std::uint32_t>(table_.functab_, (functions - 1) * kFunctabRow);
  std::size_t count = std::min<std::size_t>((last >> kBucketShift) + 2, kMostBuckets);
  buckets_.reserve(count);
  std::size_t function = 0;
  for (std::size_t i = 0; i < count; ++i) {
    while (function < functions &&
           value_at<std::uint32_t>(table_.functab_, function * kFunctabRow) < (i << kBucketShift))
      ++function;
    buckets_.push_back(std::uint32_t(function));
  }
}

// How many functions begin at or before this offset from the start of the code.
std::size_t GoCodeLines::index_of(std::uint32_t offset) {
  if (++asked_ == kWorthBuckets) make_buckets();
  std::size_t low = 0, high = table_.functions(), bucket = offset >> kBucketShift;
  if (bucket + 1 < buckets_.size()) {
    low = buckets_[bucket];
    high = std::min<std::size_t>(high, std::size_t(buckets_[bucket + 1]) + 1);
  }
  while (low < high) {
    std::size_t middle = low + (high - low) / 2;
    if (value_at<std::uint32_t>(table_.functab_, middle * kFunctabRow) <= offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

// Gives the number of rows.
std::uint32_t GoCodeLines::decode_table(std::uint32_t table, std::uint64_t code_size) {
  std::size_t first = rows_.size();
  for (PcValues values(table_.pctab_, table, code_size, table_.quantum_); values.next();) {
    if (rows_.size() >= kMostRows) break;  // only damage has as many
    rows_.push_back({std::uint32_t(values.end()), values.value()});
  }
  return std::uint32_t(rows_.size() - first);
}

GoCodeLines::Decoded GoCodeLines::decode(const GoFunction& f, std::size_t number) {
  Bytes functab = table_.functab_;
  Decoded d{.entry = f.entry, .name = f.name, .size = std::uint32_t(f.end - f.entry)};
  d.number = std::uint32_t(number);
  d.first = std::uint32_t(rows_.size());
  d.files = decode_table(value_at<std::uint32_t>(functab, f.func_offset + kPcfile), d.size);
  d.lines = decode_table(value_at<std::uint32_t>(functab, f.func_offset + kPcln), d.size);
  d.unit = value_at<std::uint32_t>(functab, f.func_offset + kCuOffset);
  if (auto tree = table_.funcdata(f, kFuncDataInlTree)) {
    d.tree = *tree;
    d.calls = decode_table(table_.pcdata_table(f, kPcDataInlTree), d.size);
  }
  return d;
}

std::size_t GoCodeLines::index_at(std::uint64_t address) {
  if (address < table_.text_ || address - table_.text_ > UINT32_MAX) return 0;
  return index_of(std::uint32_t(address - table_.text_));
}

// One kind of memory after the other, so that a fetch has the time of all others to arrive.
void GoCodeLines::prepare(std::span<const std::uint64_t> addresses) {
  prepared_.clear();
  next_prepared_ = 0;
  if (number_.empty()) number_.resize(table_.functions());
  for (std::uint64_t address : addresses) {
    std::size_t index = index_at(address);
    prepared_.push_back({address, std::uint32_t(index)});
    if (index != 0) __builtin_prefetch(&number_[index - 1]);
  }
  auto decoded_of = [&](const Prepared& p) -> const Decoded* {
    std::uint32_t number = p.index == 0 ? 0 : number_[p.index - 1];
    return number == 0 ? nullptr : &decoded_[number - 1];
  };
  for (const Prepared& p : prepared_) __builtin_prefetch(decoded_of(p));
  for (const Prepared& p : prepared_) {
    const Decoded* d = decoded_of(p);
    if (!d) continue;
    __builtin_prefetch(d->name.data());
    __builtin_prefetch(rows_.data() + d->first);
    __builtin_prefetch(rows_.data() + d->first + d->files + d->lines / 2);
    __builtin_prefetch(rows_.data() + d->first + d->files + d->lines + d->calls / 2);
  }
}

const GoCodeLines::Decoded* GoCodeLines::decoded_at(std::uint64_t address) {
  bool prepared = next_prepared_ < prepared_.size() && prepared_[next_prepared_].address == address;
  std::size_t index = prepared ? prepared_[next_prepared_++].index : index_at(address);
  if (index-- == 0) return nullptr;
  if (number_.empty()) number_.resize(table_.functions());
  if (std::uint32_t known = number_[index]; known != 0) {
    const Decoded& d = decoded_[known - 1];
    return address - d.entry < d.size ? &d : nullptr;
  }
  auto function = table_.function_number(index);
  if (!function || address < function->entry || address >= function->end) return nullptr;
  if (function->end - function->entry > UINT32_MAX) return nullptr;
  if (rows_.size() >= kMostRows) {
    rows_.clear();
    decoded_.clear();
    std::ranges::fill(number_, 0);
  }
  decoded_.push_back(decode(*function, index));
  number_[index] = std::uint32_t(decoded_.size());
  return &decoded_.back();
}

std::int32_t GoCodeLines::value_in(std::uint32_t first, std::uint32_t count, std::uint32_t offset) const {
  const Row* row = rows_.data() + first;
  const Row* end = row + count;
  // Without branches that nobody can predict.
  for (std::size_t left = count; left > 1;) {
    std::size_t half = left / 2;
    row += row[half - 1].end <= offset ? half : 0;
    left -= half;
  }
  return row != end && offset < row->end ? row->value : -1;
}

void GoCodeLines::place(const Decoded& d, std::uint32_t offset, GoCodeFrame& frame) const {
  std::int32_t file = value_in(d.first, d.files, offset), line = value_in(d.first + d.files, d.lines, offset);
  if (file < 0 || line < 0) return;
  auto name = value_at<std::uint32_t>(table_.cutab_, (d.unit + std::uint64_t(file)) * 4);
  if (name == ~0u) return;
  frame.file = text_at(table_.filetab_, name);
  frame.line = std::uint32_t(line);
}

bool GoCodeLines::frames_at(std::uint64_t address, std::vector<GoCodeFrame>& frames) {
  frames.clear();
  const Decoded* d = decoded_at(address);
  if (!d) return true;
  auto offset = std::uint32_t(address - d->entry);
  bool sure = true;
  // A call is in the tree behind the one that it was inlined into (cmd/internal/obj, InlTree.Add), so numbers
  // fall on the way out. Where they do not, a parent's pc was never set and the way would be a circle.
  std::int32_t before = INT32_MAX;
  for (std::int32_t call; (call = call_at(*d, offset)) >= 0; before = call) {
    std::uint64_t at = d->tree + std::uint64_t(call) * kInlinedCall;
    if (at > gofunc_.size() || gofunc_.size() - at < kInlinedCall) break;
    auto parent = value_at<std::uint32_t>(gofunc_, at + 8);
    bool moved = before != INT32_MAX;
    if (call >= before || (moved && offset == 0 && parent == 0)) {
      GoFrame entry = table_.entry_line(*table_.function_number(d->number));
      frames.push_back({d->name, entry.file, entry.line});
      return false;
    }
    // 0 may be an instruction that was inlined itself, or mean that nothing was set.
    if (moved && offset == 0) sure = false;
    GoCodeFrame& frame = frames.emplace_back();
    frame.function = text_at(table_.funcname_, value_at<std::uint32_t>(gofunc_, at + 4));
    place(*d, offset, frame);
    offset = parent;
  }
  GoCodeFrame& frame = frames.emplace_back(GoCodeFrame{.function = d->name, .file = {}, .line = 0});
  place(*d, offset, frame);
  return sure;
}

}  // namespace memsnap
