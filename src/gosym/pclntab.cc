#include "gosym/pclntab.h"

#include "base/value_at.h"
#include "gosym/pc_values.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint32_t kMagic = 0xfffffff1;
constexpr std::size_t kFuncSize = 44;   // runtime._func without the tables behind it
constexpr std::size_t kFunctabRow = 8;  // entry and offset of the record, both u32
// Fields of runtime._func.
constexpr std::size_t kNameOff = 4, kArgs = 8, kDeferReturn = 12, kPcsp = 16, kPcfile = 20, kPcln = 24,
                      kNpcdata = 28, kCuOffset = 32, kStartLine = 36, kFuncId = 40, kFlag = 41,
                      kNfuncdata = 43;

std::string_view text_at(Bytes bytes, std::uint64_t at) {
  if (at >= bytes.size()) return {};
  const char* text = text_of(bytes).data() + at;
  const void* end = std::memchr(text, 0, bytes.size() - std::size_t(at));
  return end ? std::string_view(text, std::size_t(static_cast<const char*>(end) - text)) : std::string_view{};
}

}  // namespace

Result<Pclntab> Pclntab::open(Bytes table, std::uint64_t text_start, bool know_wrappers) {
  Cursor in(table);
  auto magic = in.fixed<std::uint32_t>();
  auto padding = in.fixed<std::uint16_t>();
  auto quantum = in.fixed<std::uint8_t>();
  auto pointer = in.fixed<std::uint8_t>();
  auto functions = in.fixed<std::uint64_t>();
  in.fixed<std::uint64_t>();     // files
  in.fixed<std::uint64_t>();     // was textStart; zero in newer releases
  std::uint64_t starts[5] = {};  // funcnametab, cutab, filetab, pctab, functab
  for (std::uint64_t& start : starts) start = in.fixed<std::uint64_t>();
  if (!in.ok())
    return fail(Cause::bad_input, "pclntab: {} bytes, expected at least a header of 72", table.size());
  if (magic != kMagic)
    return fail(Cause::bad_input, "pclntab: magic {:#x}, expected {:#x} (Go 1.20 and newer)", magic, kMagic);
  // Instructions are counted in bytes on x86-64, in words of 4 on arm64.
  if (padding != 0 || (quantum != 1 && quantum != 4) || pointer != 8)
    return fail(Cause::bad_input, "pclntab: quantum {} and pointers of {} bytes, expected 1 or 4, and 8",
                quantum, pointer);
  for (std::uint64_t start : starts)
    if (start > table.size())
      return fail(Cause::bad_input, "pclntab: a part begins at {}, the table has {} bytes", start,
                  table.size());
  Bytes parts[5];
  for (int i = 0; i < 5; ++i) parts[i] = table.subspan(std::size_t(starts[i]));
  if (functions > parts[4].size() / kFunctabRow)
    return fail(Cause::bad_input, "pclntab: {} functions do not fit into {} bytes", functions,
                parts[4].size());

  Pclntab result;
  result.funcname_ = parts[0];
  result.cutab_ = parts[1];
  result.filetab_ = parts[2];
  result.pctab_ = parts[3];
  result.functab_ = parts[4];
  result.text_ = text_start;
  result.quantum_ = quantum;
  result.functions_ = std::size_t(functions);
  TRY_VOID(result.want_order());
  if (know_wrappers) result.find_special_ids();
  return result;
}

// As the runtime does at its start (moduledataverify1): searches rely on it. The row behind the last, the end
// of the code, is one of them; a table that ends before it has none.
Result<void> Pclntab::want_order() const {
  std::uint32_t before = 0;
  std::size_t rows = std::min(functions_ + 1, functab_.size() / kFunctabRow);
  for (std::size_t i = 0; i < rows; ++i) {
    auto entry = value_at<std::uint32_t>(functab_, i * kFunctabRow);
    if (entry < before)
      return fail(Cause::bad_input, "pclntab: function {} of {} begins at {:#x}, the one before it at {:#x}",
                  i, functions_, entry, before);
    before = entry;
  }
  return {};
}

// The numbers of abi.FuncID move when one is added, so they are taken from the functions that have them.
// FuncIDWrapper has been the last of the list since it exists.
void Pclntab::find_special_ids() {
  std::uint8_t last = 0;
  for (std::size_t i = 0; i < functions_; ++i) {
    auto record = value_at<std::uint32_t>(functab_, i * kFunctabRow + 4);
    auto id = value_at<std::uint8_t>(functab_, std::uint64_t(record) + kFuncId);
    if (id == 0 || (id == last && last == wrapper_id_)) continue;
    if (wrapper_id_ == 0xff || id > wrapper_id_) wrapper_id_ = id;
    last = id;
    std::string_view name =
        text_at(funcname_, value_at<std::uint32_t>(functab_, std::uint64_t(record) + kNameOff));
    if (name == "runtime.gopanic")
      gopanic_id_ = id;
    else if (name == "runtime.sigpanic")
      sigpanic_id_ = id;
    else if (name == "runtime.panicwrap")
      panicwrap_id_ = id;
  }
}

bool Pclntab::hides_wrapper(std::uint8_t callee_id) const {
  return callee_id != gopanic_id_ && callee_id != sigpanic_id_ && callee_id != panicwrap_id_;
}

std::optional<GoFunction> Pclntab::function_number(std::size_t index) const {
  if (index >= functions_) return std::nullopt;
  Bytes rows = functab_.subspan(index * kFunctabRow);
  auto record = value_at<std::uint32_t>(rows, 4);
  if (rows.size() < kFunctabRow + 4 || record > functab_.size() || functab_.size() - record < kFuncSize)
    return std::nullopt;
  Bytes fields = functab_.subspan(record, kFuncSize);
  GoFunction f;
  f.entry = text_ + value_at<std::uint32_t>(rows, 0);
  f.end = text_ +
          value_at<std::uint32_t>(rows, kFunctabRow);  // the row behind the last holds the end of the code
  f.func_offset = record;
  f.name = text_at(funcname_, value_at<std::uint32_t>(fields, kNameOff));
  f.func_id = value_at<std::uint8_t>(fields, kFuncId);
  f.flags = value_at<std::uint8_t>(fields, kFlag);
  f.args = value_at<std::int32_t>(fields, kArgs);
  f.defer_return = value_at<std::uint32_t>(fields, kDeferReturn);
  return f;
}

std::optional<GoFunction> Pclntab::function_at(std::uint64_t pc) const {
  if (pc < text_) return std::nullopt;
  std::size_t low = 0, high = functions_;
  while (low < high) {
    std::size_t middle = low + (high - low) / 2;
    if (value_at<std::uint32_t>(functab_, middle * kFunctabRow) <= pc - text_)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return std::nullopt;
  auto function = function_number(low - 1);
  return function && pc < function->end ? function : std::nullopt;
}

std::optional<GoFunction> Pclntab::function_named(std::string_view name) const {
  for (std::size_t i = 0; i < functions_; ++i) {
    if (auto function = function_number(i); function && function->name == name) return function;
  }
  return std::nullopt;
}

std::optional<std::int32_t> Pclntab::value(std::uint32_t table, const GoFunction& f, std::uint64_t pc) const {
  if (table == 0 || pc < f.entry) return std::nullopt;
  for (PcValues values(pctab_, table, f.end - f.entry, quantum_); values.next();)
    if (pc - f.entry < values.end()) return values.value();
  return std::nullopt;
}

std::optional<std::int32_t> Pclntab::sp_delta(const GoFunction& f, std::uint64_t pc) const {
  return value(value_at<std::uint32_t>(functab_, f.func_offset + kPcsp), f, pc);
}

// Offset of a PCDATA table in pctab; 0 when the function has none of that number.
std::uint32_t Pclntab::pcdata_table(const GoFunction& f, int table) const {
  auto count = value_at<std::uint32_t>(functab_, f.func_offset + kNpcdata);
  if (table < 0 || std::uint32_t(table) >= count) return 0;
  return value_at<std::uint32_t>(functab_, f.func_offset + kFuncSize + std::uint64_t(table) * 4);
}

std::int32_t Pclntab::pcdata(const GoFunction& f, int table, std::uint64_t pc) const {
  return value(pcdata_table(f, table), f, pc).value_or(-1);
}

std::optional<std::uint32_t> Pclntab::funcdata(const GoFunction& f, int table) const {
  auto pcdata_count = value_at<std::uint32_t>(functab_, f.func_offset + kNpcdata);
  auto count = value_at<std::uint8_t>(functab_, f.func_offset + kNfuncdata);
  if (table < 0 || table >= count) return std::nullopt;
  std::uint64_t at = f.func_offset + kFuncSize + (std::uint64_t(pcdata_count) + std::uint64_t(table)) * 4;
  if (at > functab_.size() || functab_.size() - at < 4) return std::nullopt;
  auto offset = value_at<std::uint32_t>(functab_, at);
  return offset == ~0u ? std::nullopt : std::optional(offset);
}

Pclntab::Place Pclntab::place(const GoFunction& f, std::uint64_t pc) const {
  auto file = value(value_at<std::uint32_t>(functab_, f.func_offset + kPcfile), f, pc);
  auto line = value(value_at<std::uint32_t>(functab_, f.func_offset + kPcln), f, pc);
  if (!file || !line || *file < 0 || *line < 0) return {};
  std::uint64_t row = value_at<std::uint32_t>(functab_, f.func_offset + kCuOffset) + std::uint64_t(*file);
  auto name = value_at<std::uint32_t>(cutab_, row * 4);
  if (name == ~0u) return {};
  return {text_at(filetab_, name), std::uint32_t(*line)};
}

GoFrame Pclntab::entry_line(const GoFunction& f) const {
  // The first instruction may already be of an inlined call, whose file is another one.
  std::uint64_t own_pc = f.entry;
  std::uint64_t from = f.entry;
  for (PcValues calls(pctab_, pcdata_table(f, kPcDataInlTree), f.end - f.entry, quantum_); calls.next();) {
    own_pc = from;
    if (calls.value() < 0) break;
    own_pc = f.entry;
    from = f.entry + calls.end();
  }
  return {printed_name(f.name), place(f, own_pc).file,
          value_at<std::uint32_t>(functab_, f.func_offset + kStartLine)};
}

// A row of runtime.inlinedCall (runtime/symtabinl.go).
struct Pclntab::InlinedCall {
  std::int32_t number = 0;
  std::uint8_t func_id = 0;
  std::string_view name;
  std::uint32_t parent_pc = 0;  // from the entry: an instruction whose place is the call
};

// The innermost call inlined at this pc.
std::optional<Pclntab::InlinedCall> Pclntab::inlined_call(const GoFunction& f, std::uint64_t pc,
                                                          Bytes gofunc) const {
  constexpr std::uint64_t kSize = 16;
  auto tree = funcdata(f, kFuncDataInlTree);
  InlinedCall call;
  call.number = tree ? pcdata(f, kPcDataInlTree, pc) : -1;
  if (call.number < 0) return std::nullopt;
  std::uint64_t at = *tree + std::uint64_t(call.number) * kSize;
  if (at > gofunc.size() || gofunc.size() - at < kSize) return std::nullopt;
  call.func_id = value_at<std::uint8_t>(gofunc, at);
  call.name = text_at(funcname_, value_at<std::uint32_t>(gofunc, at + 4));
  call.parent_pc = value_at<std::uint32_t>(gofunc, at + 8);
  return call;
}

std::vector<GoFrame> Pclntab::frames(const GoFunction& f, std::uint64_t pc, Bytes gofunc) const {
  constexpr std::size_t kMostCalls = 1000;  // the compiler's budget stops far below
  std::vector<GoFrame> found;
  std::vector<std::int32_t> seen;
  std::uint8_t callee_id = 0;
  auto hidden = [&](std::uint8_t id) {
    return !found.empty() && id == wrapper_id_ && hides_wrapper(callee_id);
  };
  while (auto call = inlined_call(f, pc, gofunc)) {
    // In large package initialisers a call may have no parent pc (0), and the code at 0 be inlined itself:
    // the parents would lead round in a circle. What is known then is that the function called it.
    bool circle = std::ranges::find(seen, call->number) != seen.end() || seen.size() == kMostCalls;
    bool no_parent = pc == f.entry && !seen.empty() && call->parent_pc == 0;
    if (circle || no_parent) {
      found.push_back(entry_line(f));
      return found;
    }
    if (!hidden(call->func_id)) {
      Place at = place(f, pc);
      found.push_back({printed_name(call->name), at.file, at.line});
    }
    callee_id = call->func_id;
    seen.push_back(call->number);
    pc = f.entry + call->parent_pc;
  }
  if (hidden(f.func_id)) return found;
  Place at = place(f, pc);
  found.push_back({printed_name(f.name), at.file, at.line});
  return found;
}

}  // namespace memsnap
