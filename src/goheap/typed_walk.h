// Visits the typed words of a heap in address order: those of reached objects, of static memory and of
// stacks.
#pragma once

#include "goheap/containers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace memsnap {

// Whose memory a word lies in.
struct Holding {
  ObjectId object = kNoObject;
  RootId root = kNoRoot;    // kNoRoot when an object holds it, or nobody knows whose static memory it is
  std::uint64_t start = 0;  // address of the object, or of the word itself
};

enum class Wanted : std::uint8_t { kSlices, kContainers };

class TypedWalk {
 public:
  TypedWalk(const ContainerInputs& in, const Heap& out, Wanted wanted)
      : in_(in), heap_(in.heap), programs_(in.programs), out_(out), wanted_(wanted) {}

  // visit(step, memory, room, address, holding): memory and address of the step's first word.
  template <class Visit>
  void run(Visit&& visit) {
    std::span<const TypeId> types = out_.objects.type.view();
    for (std::uint32_t row = 0; row < heap_.spans().size(); ++row) {
      const Span& span = heap_.spans()[row];
      if (span.memory == nullptr) continue;
      std::uint64_t skip = span.size_class != 0 && span.elem_size > 512 ? 8 : 0;
      heap_.each_object(row, [&](const Place& place) {
        const Entry& entry = entry_of(types[std::size_t(place.id)]);
        if (!entry.wanted || !out_.objects.reached(place.id)) return;
        Holding holding{.object = place.id, .root = kNoRoot, .start = place.start};
        const std::byte* memory = span.memory + (place.start - span.start) + skip;
        std::uint64_t room = place.size - skip;
        if (!entry.array) room = std::min(room, entry.size);
        tile(entry, memory, room, place.start + skip, holding, visit);
      });
    }
    for (const StaticRegion& region : in_.types.regions) {
      const Entry entry = entry_of(region.type);
      const std::byte* memory = entry.wanted ? heap_.look(region.from, region.to - region.from) : nullptr;
      if (memory == nullptr) continue;
      RootId root = region.global < in_.global_root.size() ? in_.global_root[region.global] : kNoRoot;
      tile(entry, memory, region.to - region.from, region.from, {kNoObject, root, region.from}, visit);
    }
    for (const StackRoot& root : in_.stacks) run_stack(root, visit);
  }

 private:
  struct Entry {
    const TypeProgram* program = nullptr;
    std::uint64_t size = 0;
    bool ready = false, wanted = false, array = false;
  };

  const Entry& entry_of(TypeId type) {
    std::size_t row = std::size_t(type);
    if (row >= entries_.size()) entries_.resize(std::max(row + 1, programs_.model().size()));
    Entry& entry = entries_[row];
    if (entry.ready) return entry;
    const TypeProgram& program = programs_.of(type);
    const GoType& info = programs_.model()[type];
    bool has = wanted_ == Wanted::kSlices ? program.slices : program.containers;
    return entry = {&program, info.size, true, has && info.size > 0, info.array};
  }

  template <class Visit>
  void tile(const Entry& entry, const std::byte* memory, std::uint64_t room, std::uint64_t addr,
            const Holding& holding, Visit&& visit) {
    const TypeProgram& program = *entry.program;
    for (std::uint64_t at = 0; at + entry.size <= room; at += entry.size)
      steps(program, memory + at, entry.size, addr + at, holding, visit);
  }

  template <class Visit>
  void steps(const TypeProgram& program, const std::byte* memory, std::uint64_t room, std::uint64_t addr,
             const Holding& holding, Visit&& visit) {
    for (const Step& step : program.steps) {
      if (step.offset + std::uint64_t(8) > room) continue;
      std::uint64_t left = room - step.offset;
      if (step.op == Op::kRepeat) {
        Entry unit = entry_of(step.type);
        if (!unit.wanted) continue;
        std::uint64_t fits = std::min<std::uint64_t>(step.count, left / unit.size);
        tile(unit, memory + step.offset, fits * unit.size, addr + step.offset, holding, visit);
      } else {
        visit(step, memory + step.offset, left, addr + step.offset, holding);
      }
    }
  }

  // A stack word names its variable: the step that begins at it.
  template <class Visit>
  void run_stack(const StackRoot& root, Visit&& visit) {
    if (root.type == 0 || root.slot == 0 || root.goroutine >= in_.goroutine_root.size()) return;
    Entry entry = entry_of(programs_.model().of_dwarf(root.type));
    if (!entry.wanted) return;
    Holding holding{.object = kNoObject, .root = in_.goroutine_root[root.goroutine], .start = root.slot};
    for (const Step& step : entry.program->steps) {
      if (step.offset != root.type_offset || step.op == Op::kRepeat) continue;
      std::uint64_t room = std::min<std::uint64_t>({entry.size - step.offset, root.type_bytes, 48});
      if (const std::byte* memory = heap_.look(root.slot, room))
        visit(step, memory, room, root.slot, holding);
    }
  }

  const ContainerInputs& in_;
  const RawHeap& heap_;
  TypePrograms& programs_;
  const Heap& out_;
  Wanted wanted_;
  std::vector<Entry> entries_;
};

inline std::uint64_t load_word(const std::byte* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace memsnap
