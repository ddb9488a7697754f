#include "verbs/escape_calls.h"

#include "analysis/case.h"
#include "base/text.h"
#include "escape/alloc_calls.h"
#include "symbols/symbolizer.h"
#include "verbs/rows.h"
#include "verbs/verbs.h"

#include <vector>

namespace memsnap {
namespace {

// What the compiler knew of the size; where it did not, the program does when it runs.
std::string size_words(const AllocCall& call) {
  if (call.callee == "makemap_small") return "none, or at most 8";
  if (call.callee.starts_with("growslice")) return "";
  if (!call.size) return "not constant";
  if (call.callee == "makeslice" && !call.capacity)
    return fmt::format("{}, capacity not constant", *call.size);
  if (call.capacity && *call.capacity != *call.size)
    return fmt::format("{} of {}", *call.size, *call.capacity);
  return fmt::format("{}", *call.size);
}

Table call_table(std::span<const AllocCall> calls, Symbolizer& code, const Flags& flags) {
  Table table{.name = "escape-calls",
              .columns = {{"call", "call"},
                          {"type", "type"},
                          {"size", "size"},
                          {"function", "function"},
                          {"inlined_into", ""},
                          {"file", "file", As::kPath},
                          {"line", "line", As::kId},
                          {"address", "", As::kAddress}}};
  std::vector<CodeFrame> frames;
  for (const AllocCall& call : calls) {
    code.frames_at(call.address, frames);
    if (frames.empty()) continue;
    const CodeFrame& inner = frames.front();
    std::string place = fmt::format("{}:{}", inner.file, inner.line);
    bool wanted = !flags.given("focus") || in_focus(flags, inner.function) ||
                  in_focus(flags, call.type_name) || in_focus(flags, place) || in_focus(flags, call.callee);
    if (!wanted) continue;
    table.add(call.callee, call.type_name.empty() ? Cell::none() : Cell::of(call.type_name), size_words(call),
              inner.function, frames.size() > 1 ? Cell::of(frames.back().function) : Cell::none(), inner.file,
              inner.line, call.address);
  }
  return table;
}

}  // namespace

Result<int> list_alloc_calls(const Flags& flags, Io& io) {
  const std::string& path = flags.text("calls");
  if (!flags.targets().empty() || flags.given("runtime") || flags.given("against"))
    return fail(Cause::usage, "--calls reads a program and nothing else: memsnap escape --calls ./shop");
  Symbolizer code = TRY(Symbolizer::open(path));
  auto tables = TRY(find_go_code(code.elf()));
  if (!tables) return fail(Cause::bad_input, "{}: no Go program: it has no Go function table", path);
  std::vector<AllocCall> calls = TRY(find_alloc_calls(code.elf(), *tables));
  std::vector<std::uint64_t> addresses;
  for (const AllocCall& call : calls) addresses.push_back(call.address);
  code.prepare(addresses);
  Table table = call_table(calls, code, flags);
  std::size_t small = 0, unknown = 0;
  for (const AllocCall& call : calls) {
    small += call.callee == "makemap_small";
    unknown += call.type == 0 && call.callee != "makemap_small";
  }
  table.note = fmt::format(
      "{} calls of makemap, makeslice and growslice outside of the runtime; {} maps made without a size "
      "hint{}",
      human_count(calls.size()), human_count(small),
      unknown > 0 ? fmt::format("; {} calls whose type is not constant", human_count(unknown)) : "");
  put_table(table, row_limit(flags), flags, io);
  return 0;
}

}  // namespace memsnap
