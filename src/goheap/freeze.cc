#include "goheap/freeze.h"

#include "goheap/memory.h"
#include "goheap/profile.h"

namespace memsnap {
namespace {

std::uint64_t total(const std::vector<Range>& ranges) {
  std::uint64_t bytes = 0;
  for (const Range& range : ranges) bytes += range.to - range.from;
  return bytes;
}

FreezeSizes span_sizes(const SpanCounts& counts) {
  return {.spans = counts.spans,
          .objects = counts.objects,
          .heap_bytes = counts.heap_bytes,
          .scannable_bytes = counts.scannable_bytes};
}

Result<FreezeSizes> measure_once(const Program& program, std::uint64_t bias, const AddressSpace& target) {
  FrozenMemory memory(target);
  SpanReader spans(program, bias, memory, true);
  TRY_VOID(spans.read());
  FreezeSizes sizes = span_sizes(spans.counts());
  std::vector<ModuleData> modules = TRY(read_modules(program, bias, memory));
  sizes.static_bytes = total(static_ranges(program, bias, modules));
  GoroutineReader goroutines(program, bias, memory, modules, {});
  if (auto all = goroutines.read()) {
    sizes.goroutines = all->size();
    sizes.stack_bytes = total(GoroutineReader::stack_ranges(*all));
  }
  return sizes;
}

}  // namespace

Result<FreezeSizes> measure(const Program& program, std::uint64_t bias, const AddressSpace& target) {
  constexpr int kAttempts = 8;  // the target runs: a list may move and its old place go while it is read
  Result<FreezeSizes> sizes = measure_once(program, bias, target);
  for (int i = 1; i < kAttempts && !sizes; ++i) sizes = measure_once(program, bias, target);
  return sizes;
}

Result<Freeze> freeze(const Program& program, std::uint64_t bias, std::unique_ptr<FrozenMemory> memory,
                      std::span<const ThreadRegisters> registers) {
  Freeze frozen{.memory = std::move(memory)};
  FrozenMemory& copies = *frozen.memory;
  frozen.spans = std::make_unique<SpanReader>(program, bias, copies);
  TRY_VOID(frozen.spans->read());
  TRY_VOID(frozen.spans->copy());
  frozen.sizes = span_sizes(frozen.spans->counts());

  frozen.modules = TRY(read_modules(program, bias, copies));
  std::vector<Range> statics = static_ranges(program, bias, frozen.modules);
  TRY_VOID(copies.copy(statics));
  frozen.sizes.static_bytes = total(statics);

  GoroutineReader goroutines(program, bias, copies, frozen.modules, registers);
  frozen.goroutines = TRY(goroutines.read());
  std::vector<Range> stacks = GoroutineReader::stack_ranges(frozen.goroutines);
  TRY_VOID(copies.copy(stacks));
  frozen.sizes.stack_bytes = total(stacks);
  frozen.sizes.goroutines = frozen.goroutines.size();
  frozen.all_g = goroutines.all_g();
  for (const GoThread& thread : goroutines.threads()) frozen.all_m.push_back(thread.m);

  frozen.roots = TRY(read_runtime_roots(program, bias, copies));
  frozen.roots.specials = TRY(frozen.spans->read_specials());
  TRY_VOID(copy_profile(program, bias, copies, frozen.roots.specials));
  TRY_VOID(copy_memory(program, bias, copies));
  return frozen;
}

}  // namespace memsnap
