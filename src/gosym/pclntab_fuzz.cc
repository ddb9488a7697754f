// The input is a table; the tree of inlined calls is taken from its end. Whatever the bytes, every question
// is answered, a trace is never empty, names and files lie in the input, and both searches know the same
// addresses.
#include "gosym/code_lines.h"
#include "gosym/pclntab.h"

namespace {

void check(bool promise) {
  if (!promise) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Bytes input = std::as_bytes(std::span(data, size));
  constexpr std::uint64_t kText = 0x401000;
  auto table = memsnap::Pclntab::open(input, kText);
  if (!table) {
    check(!table.error().what.empty());
    return 0;
  }
  memsnap::Bytes gofunc = input.last(std::min<std::size_t>(size, 256));
  memsnap::GoCodeLines lines(*table, gofunc);
  std::vector<memsnap::GoCodeFrame> found_lines;
  auto inside = [&](std::string_view text) {
    const char* start = reinterpret_cast<const char*>(data);
    return text.empty() || (text.data() >= start && text.data() + text.size() <= start + size);
  };
  for (std::size_t i = 0; i < std::min<std::size_t>(table->functions(), 16); ++i) {
    auto function = table->function_number(i);
    if (!function) continue;
    check(inside(function->name));
    std::vector<std::uint64_t> pcs;
    for (std::uint64_t pc = function->entry; pc < function->entry + 0x100; pc += 0x20) pcs.push_back(pc);
    lines.prepare(pcs);
    for (std::uint64_t pc = function->entry; pc < function->entry + 0x100; pc += 0x10) {
      auto found = table->function_at(pc);
      check(!found || (found->entry <= pc && pc < found->end));
      auto frames = table->frames(*function, pc, gofunc);
      check(!frames.empty());
      for (const memsnap::GoFrame& f : frames) check(inside(f.file));
      (void)table->sp_delta(*function, pc);
      lines.frames_at(pc, found_lines);
      check(found.has_value() || found_lines.empty());
      for (const memsnap::GoCodeFrame& f : found_lines) check(inside(f.function) && inside(f.file));
      for (int k = 0; k < 8; ++k) (void)table->funcdata(*function, k);
    }
    (void)table->entry_line(*function);
  }
  return 0;
}
