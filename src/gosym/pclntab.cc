#include "gosym/pclntab.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint32_t kMagic = 0xfffffff1;
constexpr std::size_t kFuncHeader = 44;   // runtime._func without its tables
constexpr std::size_t kInlinedCall = 16;  // runtime.inlinedCall
constexpr int kMostInlined = 64;

template <class T>
T load(Bytes bytes, std::uint64_t at) {
  Cursor in(bytes);
  in.seek(at);
  return in.fixed<T>();
}

std::string_view string_in(Bytes bytes, std::uint64_t at) {
  Cursor in(bytes);
  in.seek(at);
  return in.c_string();
}

std::int32_t zigzag(std::uint64_t v) {
  auto u = std::uint32_t(v);
  return (u & 1) ? std::int32_t(~(u >> 1)) : std::int32_t(u >> 1);
}

// runtime.pcvalue: (value delta, pc delta) pairs from the entry on.
std::optional<std::int32_t> value_at(Bytes pctab, std::uint32_t offset, std::uint64_t entry, std::uint64_t pc) {
  if (offset == 0) return std::nullopt;
  Cursor in(pctab);
  in.seek(offset);
  std::uint32_t value = ~0u;
  std::uint64_t at = entry;
  for (bool first = true; in.ok(); first = false) {
    std::uint64_t delta = in.varint();
    if (delta == 0 && !first) return std::nullopt;
    value += std::uint32_t(zigzag(delta));
    std::uint64_t step = in.varint();
    if (!in.ok()) return std::nullopt;
    at += step;
    if (pc < at) return std::int32_t(value);
  }
  return std::nullopt;
}

}  // namespace

Result<Pclntab> Pclntab::open(Bytes table, std::uint64_t text_start) {
  Cursor in(table);
  auto magic = in.fixed<std::uint32_t>();
  if (!in.ok() || magic != kMagic)
    return fail(Cause::bad_input, "pclntab: magic {:#x}, expected {:#x} (Go 1.20 and newer)", magic, kMagic);
  in.fixed<std::uint16_t>();
  auto quantum = in.fixed<std::uint8_t>(), pointer = in.fixed<std::uint8_t>();
  if (quantum != 1 || pointer != 8)
    return fail(Cause::bad_input, "pclntab: quantum {} and pointers of {} bytes, expected 1 and 8", quantum, pointer);
  std::uint64_t words[8] = {};
  for (auto& w : words) w = in.fixed<std::uint64_t>();
  // nfunc, nfiles, textStart (unused), funcname, cu, file, pc, pcln (functab).
  if (!in.ok()) return fail(Cause::bad_input, "pclntab: the header is cut short at {} bytes", table.size());
  Pclntab out;
  out.table_ = table;
  out.text_ = text_start;
  for (int i = 3; i < 8; ++i)
    if (words[i] > table.size())
      return fail(Cause::bad_input, "pclntab: part {} begins at {}, the table has {} bytes", i - 3, words[i], table.size());
  out.funcname_ = table.subspan(words[3]);
  out.cutab_ = table.subspan(words[4]);
  out.filetab_ = table.subspan(words[5]);
  out.pctab_ = table.subspan(words[6]);
  out.functab_ = table.subspan(words[7]);
  if (words[0] > out.functab_.size() / 8)
    return fail(Cause::bad_input, "pclntab: {} functions do not fit into {} bytes", words[0], out.functab_.size());
  out.functions_ = words[0];
  return out;
}

std::size_t Pclntab::functions() const { return functions_; }

std::optional<GoFunction> Pclntab::function_number(std::size_t index) const {
  if (index >= functions_) return std::nullopt;
  Cursor in(functab_);
  in.seek(index * 8);
  auto entry = in.fixed<std::uint32_t>(), offset = in.fixed<std::uint32_t>(), next = in.fixed<std::uint32_t>();
  if (!in.ok() || offset > functab_.size() || functab_.size() - offset < kFuncHeader) return std::nullopt;
  GoFunction f;
  f.entry = text_ + entry;
  f.end = text_ + next;
  f.func_offset = offset;
  f.name = string_in(funcname_, load<std::uint32_t>(functab_, offset + 4));
  f.func_id = load<std::uint8_t>(functab_, offset + 40);
  f.flags = load<std::uint8_t>(functab_, offset + 41);
  f.args = load<std::int32_t>(functab_, offset + 8);
  f.defer_return = load<std::uint32_t>(functab_, offset + 12);
  return f;
}

std::optional<GoFunction> Pclntab::function_at(std::uint64_t pc) const {
  if (functions_ == 0 || pc < text_) return std::nullopt;
  std::uint64_t rel = pc - text_;
  std::size_t lo = 0, hi = functions_;
  while (lo < hi) {
    std::size_t mid = (lo + hi) / 2;
    if (load<std::uint32_t>(functab_, mid * 8) <= rel) lo = mid + 1;
    else hi = mid;
  }
  if (lo == 0) return std::nullopt;
  auto f = function_number(lo - 1);
  if (!f || pc >= f->end) return std::nullopt;
  return f;
}

std::optional<GoFunction> Pclntab::function_named(std::string_view name) const {
  for (std::size_t i = 0; i < functions_; ++i)
    if (auto f = function_number(i); f && f->name == name) return f;
  return std::nullopt;
}

std::optional<std::int32_t> Pclntab::sp_delta(const GoFunction& f, std::uint64_t pc) const {
  return value_at(pctab_, load<std::uint32_t>(functab_, f.func_offset + 16), f.entry, pc);
}

std::int32_t Pclntab::pcdata(const GoFunction& f, int table, std::uint64_t pc) const {
  auto tables = load<std::uint32_t>(functab_, f.func_offset + 28);
  if (table < 0 || std::uint32_t(table) >= tables) return -1;
  auto offset = load<std::uint32_t>(functab_, f.func_offset + kFuncHeader + std::uint64_t(table) * 4);
  return value_at(pctab_, offset, f.entry, pc).value_or(-1);
}

std::optional<std::uint32_t> Pclntab::funcdata(const GoFunction& f, int table) const {
  auto tables = load<std::uint32_t>(functab_, f.func_offset + 28);
  auto count = load<std::uint8_t>(functab_, f.func_offset + 43);
  if (table < 0 || table >= count || tables > functab_.size() / 4) return std::nullopt;
  std::uint64_t at = f.func_offset + kFuncHeader + (std::uint64_t(tables) + std::uint64_t(table)) * 4;
  Cursor in(functab_);
  in.seek(at);
  auto offset = in.fixed<std::uint32_t>();
  if (!in.ok() || offset == ~0u) return std::nullopt;
  return offset;
}

namespace {

struct Line {
  std::string_view file;
  std::uint32_t line = 0;
};

Line line_at(Bytes functab, Bytes pctab, Bytes cutab, Bytes filetab, const GoFunction& f, std::uint64_t pc) {
  auto file = value_at(pctab, load<std::uint32_t>(functab, f.func_offset + 20), f.entry, pc);
  auto line = value_at(pctab, load<std::uint32_t>(functab, f.func_offset + 24), f.entry, pc);
  Line out;
  if (line && *line > 0) out.line = std::uint32_t(*line);
  if (!file || *file < 0) return out;
  std::uint64_t unit = load<std::uint32_t>(functab, f.func_offset + 32);
  auto name = load<std::uint32_t>(cutab, (unit + std::uint64_t(*file)) * 4);
  if (name != ~0u) out.file = string_in(filetab, name);
  return out;
}

}  // namespace

GoFrame Pclntab::entry_line(const GoFunction& f) const {
  Line at = line_at(functab_, pctab_, cutab_, filetab_, f, f.entry);
  return {f.name, at.file, load<std::uint32_t>(functab_, f.func_offset + 36)};
}

// The tree names for each inlined call its function and a pc of the caller. A parent pc of zero that is itself
// inlined would lead round in a circle: the walk ends when the call does not change.
std::vector<GoFrame> Pclntab::frames(const GoFunction& f, std::uint64_t pc, Bytes gofunc) const {
  std::vector<GoFrame> out;
  auto tree = funcdata(f, kFuncDataInlTree);
  std::int32_t before = -1;
  for (int depth = 0; tree && depth < kMostInlined; ++depth) {
    std::int32_t call = pcdata(f, kPcDataInlTree, pc);
    if (call < 0 || call == before) break;
    std::uint64_t at = std::uint64_t(*tree) + std::uint64_t(call) * kInlinedCall;
    if (at + kInlinedCall > gofunc.size()) break;
    Line here = line_at(functab_, pctab_, cutab_, filetab_, f, pc);
    out.push_back({string_in(funcname_, load<std::uint32_t>(gofunc, at + 4)), here.file, here.line});
    pc = f.entry + load<std::uint32_t>(gofunc, at + 8);
    if (pc >= f.end) break;
    before = call;
  }
  Line here = line_at(functab_, pctab_, cutab_, filetab_, f, pc);
  out.push_back({f.name, here.file, here.line});
  return out;
}

}  // namespace memsnap
