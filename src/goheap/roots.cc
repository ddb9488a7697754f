#include "goheap/roots.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint64_t kMostRecords = std::uint64_t(1) << 28;
constexpr std::uint64_t kMostProcessors = 1 << 16, kMostBlocks = 1 << 20;

// The blocks of a queue are linked; each holds `count` entries of `size` bytes behind its header.
struct Queue {
  RootKind kind = RootKind::kFinalizer;
  std::uint64_t head = 0;                          // address of the first block's pointer
  std::uint64_t link = 0, count = 0, entries = 0;  // offsets in a block
  std::uint64_t block = 0, entry = 0;              // sizes
  std::uint64_t function = 0;                      // offsets in an entry
  std::vector<std::uint64_t> values;
};

Result<void> read_queue(const Queue& queue, FrozenMemory& memory, std::vector<QueuedCall>& calls) {
  std::uint64_t block = memory.fetch<std::uint64_t>(queue.head);
  for (std::uint64_t blocks = 0; block != 0; ++blocks) {
    auto count = memory.fetch<std::uint32_t>(block + queue.count);
    if (blocks > kMostBlocks || queue.entries + std::uint64_t(count) * queue.entry > queue.block)
      return fail(Cause::bad_input, "the queue block at {:#x} says it has {} entries in {} bytes", block,
                  count, queue.block);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t entry = block + queue.entries + i * queue.entry;
      QueuedCall call{.kind = queue.kind, .function = memory.fetch<std::uint64_t>(entry + queue.function)};
      for (std::size_t v = 0; v < queue.values.size(); ++v)
        call.values[v] = memory.fetch<std::uint64_t>(entry + queue.values[v]);
      calls.push_back(call);
    }
    block = memory.fetch<std::uint64_t>(block + queue.link);
  }
  return {};
}

Result<void> read_finalizers(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                             std::vector<QueuedCall>& calls) {
  const Layout& layout = program.layout;
  std::string_view block = layout.size("runtime.finBlock") ? "runtime.finBlock" : "runtime.finblock";
  if (layout.size(block) == 0) return fail(Cause::refused, "the program does not describe runtime.finBlock");
  constexpr std::string_view kEntry = "runtime.finalizer";
  return read_queue(
      {.kind = RootKind::kFinalizer,
       .head = TRY(program.symbol("runtime.allfin")) + bias,
       .link = layout.at(block, "alllink"),
       .count = layout.at(block, "cnt"),
       .entries = layout.at(block, "fin"),
       .block = layout.size(block),
       .entry = layout.size(kEntry),
       .function = layout.at(kEntry, "fn"),
       .values = {layout.at(kEntry, "arg"), layout.at(kEntry, "fint"), layout.at(kEntry, "ot")}},
      memory, calls);
}

// From go1.25 on. An entry is a funcval, and from go1.26 on {call, fn, arg}.
Result<void> read_cleanups(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                           std::vector<QueuedCall>& calls) {
  const Layout& layout = program.layout;
  constexpr std::string_view kBlock = "runtime.cleanupBlock", kEntry = "runtime.cleanupFn";
  auto queue = program.symbol_if("runtime.gcCleanups");
  if (!queue || layout.size(kBlock) == 0) return {};
  bool records = layout.size(kEntry) != 0;
  Queue cleanups{.kind = RootKind::kCleanup,
                 .head = *queue + bias + layout.at("runtime.cleanupQueue", "all"),
                 .link = layout.at(kBlock, "cleanupBlockHeader.alllink"),
                 .count = layout.at(kBlock, "cleanupBlockHeader.n"),
                 .entries = layout.at(kBlock, "cleanups"),
                 .block = layout.size(kBlock),
                 .entry = records ? layout.size(kEntry) : 8,
                 .function = records ? layout.at(kEntry, "fn") : 0,
                 .values = {}};
  if (records) cleanups.values = {layout.at(kEntry, "call"), layout.at(kEntry, "arg")};
  return read_queue(cleanups, memory, calls);
}

// The collector reaches timers through allp -> p -> p.timers.heap, and marks each p's current tiny block
// (gcMarkTinyAllocs).
Result<void> read_processors(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                             RuntimeRoots& roots) {
  const Layout& layout = program.layout;
  std::uint64_t list = TRY(program.symbol("runtime.allp")) + bias;
  std::uint64_t first = memory.fetch<std::uint64_t>(list), count = memory.fetch<std::uint64_t>(list + 8);
  if (count == 0 || count > kMostProcessors)
    return fail(Cause::bad_input, "the runtime lists {} processors, expected 1 to {}", count,
                kMostProcessors);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t p = memory.fetch<std::uint64_t>(first + i * 8);
    if (p == 0) continue;
    roots.processors.push_back(p);
    std::uint64_t timers = memory.fetch<std::uint64_t>(p + layout.at("runtime.p", "timers.heap"));
    if (timers) roots.timer_heaps.push_back(timers);
    std::uint64_t cache = memory.fetch<std::uint64_t>(p + layout.at("runtime.p", "mcache"));
    std::uint64_t tiny = cache ? memory.fetch<std::uint64_t>(cache + layout.at("runtime.mcache", "tiny")) : 0;
    if (tiny) roots.tiny_blocks.push_back(tiny);
  }
  return {};
}

void add_words(const RawHeap& heap, std::uint64_t from, std::uint64_t to,
               const std::vector<std::uint8_t>& mask, std::vector<StaticRoot>& roots) {
  const std::byte* memory = heap.look(from, to - from);
  if (!memory) return;
  std::uint64_t words = std::min<std::uint64_t>((to - from) / 8, mask.size() * 8);
  for (std::uint64_t byte = 0; byte * 8 < words; ++byte)
    for (unsigned bits = mask[byte]; bits; bits &= bits - 1) {
      std::uint64_t word = byte * 8 + std::uint64_t(std::countr_zero(bits));
      if (word >= words) break;
      std::uint64_t value;
      std::memcpy(&value, memory + word * 8, 8);
      if (value && heap.find(value).id != kNoObject) roots.push_back({from + word * 8, value});
    }
}

}  // namespace

Result<std::vector<SpecialRecord>> read_specials(const Program& program,
                                                 const std::vector<std::uint64_t>& lists,
                                                 const std::vector<std::uint64_t>& span_starts,
                                                 FrozenMemory& memory) {
  const Layout& layout = program.layout;
  const std::uint64_t next = layout.at("runtime.special", "next"),
                      offset = layout.at("runtime.special", "offset"),
                      kind = layout.at("runtime.special", "kind");
  std::vector<SpecialRecord> records;
  std::vector<std::byte> record(std::max(std::max(next, offset) + 8, kind + 1));
  for (std::size_t i = 0; i < lists.size(); ++i)
    for (std::uint64_t at = lists[i]; at != 0;) {
      if (!memory.fetch(at, record) || records.size() > kMostRecords)
        return fail(Cause::bad_input, "the list of specials of the span at {:#x} cannot be read",
                    span_starts[i]);
      std::uint64_t where, link;
      std::memcpy(&where, record.data() + offset, 8);
      std::memcpy(&link, record.data() + next, 8);
      records.push_back(
          {at, span_starts[i] + where, std::to_integer<std::uint8_t>(record[std::size_t(kind)])});
      at = link;
    }
  std::ranges::stable_sort(records, {}, &SpecialRecord::object);
  return records;
}

Result<RuntimeRoots> read_runtime_roots(const Program& program, std::uint64_t bias, FrozenMemory& memory) {
  RuntimeRoots roots;
  TRY_VOID(read_finalizers(program, bias, memory, roots.queued));
  TRY_VOID(read_cleanups(program, bias, memory, roots.queued));
  TRY_VOID(read_processors(program, bias, memory, roots));
  return roots;
}

std::vector<StaticRoot> static_roots(const RawHeap& heap) {
  std::vector<StaticRoot> roots;
  for (const ModuleData& module : heap.modules()) {
    add_words(heap, module.data, module.edata, module.data_mask, roots);
    add_words(heap, module.bss, module.ebss, module.bss_mask, roots);
  }
  std::ranges::sort(roots, {}, &StaticRoot::at);
  return roots;
}

std::vector<SpecialRoot> special_roots(const RawHeap& heap, const RuntimeRoots& roots) {
  const Layout& layout = heap.program().layout;
  const SpecialKinds kinds = layout.special_kinds();
  const std::uint64_t finalizer = layout.at("runtime.specialfinalizer", "fn"),
                      handle = layout.at("runtime.specialWeakHandle", "handle");
  const bool one_word = layout.has("runtime.specialCleanup", "fn");  // until go1.25
  std::vector<SpecialRoot> found;
  auto add = [&](RootKind kind, std::uint64_t object, std::uint64_t value, std::uint64_t function) {
    if (value && heap.find(value).id != kNoObject) found.push_back({kind, object, value, function});
  };
  for (const SpecialRecord& special : roots.specials) {
    if (special.kind == kinds.finalizer) {
      std::uint64_t function = heap.word(special.at + finalizer);
      add(RootKind::kFinalizer, special.object, function, function);
      if (Place object = heap.find(special.object); object.id != kNoObject)
        heap.each_pointer(object, [&](std::uint32_t, std::uint64_t value) {
          add(RootKind::kFinalizer, special.object, value, function);
        });
    } else if (special.kind == kinds.weak) {
      add(RootKind::kRuntime, special.object, heap.word(special.at + handle), 0);
    } else if (special.kind == kinds.cleanup) {
      std::uint64_t at = special.at + layout.at("runtime.specialCleanup", one_word ? "fn" : "cleanup.fn");
      std::uint64_t function = heap.word(at);
      add(RootKind::kCleanup, special.object, function, function);
      if (one_word) continue;
      add(RootKind::kCleanup, special.object,
          heap.word(special.at + layout.at("runtime.specialCleanup", "cleanup.call")), function);
      add(RootKind::kCleanup, special.object,
          heap.word(special.at + layout.at("runtime.specialCleanup", "cleanup.arg")), function);
    }
  }
  for (const QueuedCall& call : roots.queued) {
    add(call.kind, 0, call.function, call.function);
    for (std::uint64_t value : call.values) add(call.kind, 0, value, call.function);
  }
  return found;
}

}  // namespace memsnap
