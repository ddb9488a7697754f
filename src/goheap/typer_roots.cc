#include "goheap/typer.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kLargestRegion = 256 << 20;  // bytes of static memory behind one pointer
constexpr std::size_t kMostRegions = 1 << 20;

std::uint64_t load(const std::byte* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

bool of_the_runtime(std::string_view variable) {
  return variable.starts_with("runtime.") || variable.starts_with("internal/runtime/");
}

}  // namespace

void Typer::seed_headers() {
  for (std::uint32_t row = 0; row < heap_.spans().size(); ++row) {
    const Span& span = heap_.spans()[row];
    if (span.noscan || span.elem_size <= 512) continue;
    heap_.each_object(row, [&](const Place& place) {
      auto [descriptor, offset] = heap_.header_type(place);
      if (descriptor == 0) return;
      auto [at, first] = header_types_.try_emplace(descriptor, TypeId{});
      if (first) at->second = model_.object_type(model_.of_rtype(descriptor));
      if (at->second != TypeId{}) claim(place.start + offset, at->second);
    });
  }
  drain();
}

// ---- Static memory.

void Typer::add_region(std::uint64_t addr, TypeId type, std::uint64_t count) {
  if (type == TypeId{} || count == 0 || regions_.size() >= kMostRegions) return;
  const Info& what = info(type);
  if (what.size == 0 || count > kLargestRegion / what.size) return;
  if (current_region_ == kNoRow && !adding_globals_) {
    // From the heap. Variables come first, so that what they lead to too is theirs.
    if (from_heap_.size() < kMostRegions) from_heap_.try_emplace(addr, std::pair(type, count));
    return;
  }
  std::uint64_t to = addr + what.size * count;
  bool inside = std::ranges::any_of(static_ranges_, [&](Range r) { return addr >= r.from && to <= r.to; });
  if (!inside) return;
  auto next = region_at_.upper_bound(addr);
  if (next != region_at_.begin() && regions_[std::prev(next)->second].to > addr) return;  // owned already
  if (next != region_at_.end() && next->first < to) to = next->first;  // up to the neighbour
  StaticRegion region{.from = addr, .to = to, .type = type};
  if (current_region_ != kNoRow) {
    const StaticRegion& parent = regions_[current_region_];
    region.global = parent.global;
    region.parent = current_region_;
    region.parent_at = parent.from + std::uint64_t(current_word_ - current_memory_);
  }
  region_at_.emplace(addr, std::uint32_t(regions_.size()));
  pending_regions_.push_back(std::uint32_t(regions_.size()));
  regions_.push_back(region);
}

// Reads regions until no new one turns up. Pointers into the heap wait in the ring and on the work list.
void Typer::scan_regions() {
  constexpr std::size_t kEnoughWork = 1 << 20;
  for (std::size_t i = 0; i < pending_regions_.size(); ++i) {
    std::uint32_t row = pending_regions_[i];
    const StaticRegion region = regions_[row];
    const Info what = info(region.type);
    const std::byte* memory = heap_.look(region.from, region.to - region.from);
    if (memory == nullptr || what.size == 0) continue;
    current_region_ = row;
    current_memory_ = memory;
    for (std::uint64_t at = 0; at + what.size <= region.to - region.from; at += what.size)
      run_steps(*what.program, memory + at, what.size);
    current_region_ = kNoRow;
    if (work_.size() > kEnoughWork) drain();
  }
  pending_regions_.clear();
  drain();
}

void Typer::add_globals() {
  adding_globals_ = true;
  std::span<const DwarfGlobal> globals = model_.dwarf().globals();
  for (std::size_t i = 0; i < globals.size(); ++i) {
    std::size_t before = regions_.size();
    add_region(globals[i].addr + heap_.bias(), model_.of_dwarf(globals[i].type), 1);
    if (regions_.size() > before) regions_.back().global = std::uint32_t(i);
  }
  adding_globals_ = false;
}

// Variables of the program are read first: what both they and the runtime lead to is theirs.
void Typer::seed_globals() {
  std::span<const DwarfGlobal> globals = model_.dwarf().globals();
  std::vector<std::uint32_t> all = std::move(pending_regions_);
  for (bool runtime : {false, true}) {
    pending_regions_.clear();
    for (std::uint32_t row : all)
      if (of_the_runtime(globals[regions_[row].global].name) == runtime) pending_regions_.push_back(row);
    scan_regions();
  }
}

// Static memory that only heap objects lead to: typed, without an owner.
void Typer::add_from_heap() {
  while (!from_heap_.empty()) {
    auto found = std::move(from_heap_);
    from_heap_.clear();
    adding_globals_ = true;
    std::size_t before = regions_.size();
    for (auto& [addr, claim] : found)
      if (seen_from_heap_.insert(addr).second) add_region(addr, claim.first, claim.second);
    adding_globals_ = false;
    if (regions_.size() == before) return;
    scan_regions();
  }
}

// Words of static memory that no variable explains.
std::size_t Typer::guess_statics(std::span<const StaticRoot> roots) {
  std::size_t before = work_.size() + made_;
  std::size_t found = 0;
  guessing_ = true;
  for (const StaticRoot& root : roots) {
    Place place = heap_.find(root.value);
    if (place.id == kNoObject || out_.typing.object_type[std::size_t(place.id)] != TypeId{}) continue;
    const std::byte* pair = heap_.look(root.at - 8, 16);
    if (pair != nullptr && guess_pair(load(pair), pair + 8)) ++found;
  }
  drain();
  guessing_ = false;
  return found + (work_.size() + made_ > before ? 1 : 0);
}

// ---- Stacks and specials.

void Typer::seed_stacks(std::span<const StackRoot> roots) {
  for (const StackRoot& root : roots) {
    if (root.type == 0 || root.slot == 0) continue;
    const Info what = info(model_.of_dwarf(root.type));
    std::uint64_t start = root.slot - root.type_offset;
    // The step for this word; an interface's data is the second word of its step.
    for (const Step& todo : what.program->steps) {
      bool pair = todo.op == Op::kEmptyInterface || todo.op == Op::kInterface || todo.op == Op::kReflectValue;
      if (todo.op == Op::kRepeat) {
        const Info unit = info(todo.type);
        if (unit.size == 0 || root.type_offset < todo.offset) continue;
        std::uint64_t within = root.type_offset - todo.offset, index = within / unit.size;
        if (index >= todo.count) continue;
        const std::byte* value = heap_.look(start + todo.offset + index * unit.size, unit.size);
        if (value != nullptr) run_steps(*unit.program, value, unit.size);
      } else if (todo.offset == root.type_offset || (pair && todo.offset + 8 == root.type_offset)) {
        std::uint64_t size = std::min<std::uint64_t>(what.size - todo.offset, 24);
        const std::byte* value = heap_.look(start + todo.offset, size);
        if (value != nullptr) step(todo, value, size);
      }
    }
  }
  drain();
}

void Typer::seed_specials(std::span<const SpecialRoot> roots) {
  for (const SpecialRoot& root : roots)
    if (root.function != 0) claim_func(root.function);
  drain();
}

// ---- What pointers into the middle and telling words say.

std::size_t Typer::settle_interior() {
  std::vector<Interior> found = std::move(interior_);
  interior_.clear();
  std::size_t gained = 0;
  for (const Interior& inner : found) {
    if (out_.typing.object_type[std::size_t(inner.object)] != TypeId{} || inner.type == TypeId{}) continue;
    Place place = heap_.place(inner.object);
    const Info what = info(inner.type);
    std::uint64_t from = place.start + data_offset(place);
    if (inner.addr < from || what.size == 0) continue;
    bool pointer = !what.is_array;
    const Span& span = heap_.spans()[place.span];
    if (span.noscan && span.elem_size == 16 && pointer && what.size < 16) {
      // One of several values in a block of the tiny allocator.
      out_.typing.object_type[std::size_t(inner.object)] = inner.type;
      ++gained;
      continue;
    }
    TypeId array = pointer ? array_of(inner.type) : inner.type;
    Claim claim{.addr = from, .place = place, .type = array, .exact = true};
    std::size_t before = out_.typing.rejects;
    if ((inner.addr - from) % what.size == 0 && array != TypeId{}) {
      guessing_ = pointer;
      settle(claim);
      guessing_ = false;
    }
    if (out_.typing.object_type[std::size_t(inner.object)] != TypeId{}) {
      ++gained;
      continue;
    }
    out_.typing.rejects = before;
    // A field of something that nobody points to: follow the part that is known.
    const std::byte* memory = memory_of(place);
    if (memory == nullptr || what.size > place.start + place.size - inner.addr) continue;
    work_.push_back({memory + (inner.addr - place.start), place.start + place.size - inner.addr, inner.type});
  }
  drain();
  return gained;
}

bool Typer::guess_pair(std::uint64_t first, const std::byte* data) {
  if (first < 4096 || first % 8 != 0) return false;
  TypeId type = model_.of_itab(first);
  if (type == TypeId{}) {
    bool descriptor = std::ranges::any_of(
        heap_.modules(), [&](const ModuleData& m) { return first >= m.types && first < m.etypes; });
    if (!descriptor) return false;
    type = model_.of_rtype(first);
  }
  if (type == TypeId{}) return false;
  dynamic(type, data);
  return true;
}

std::size_t Typer::guess_objects() {
  std::size_t found = 0;
  for (std::uint32_t row = 0; row < heap_.spans().size(); ++row) {
    const Span& span = heap_.spans()[row];
    if (span.noscan || span.memory == nullptr || span.elem_size < 16) continue;
    heap_.each_object(row, [&](const Place& place) {
      if (out_.typing.object_type[std::size_t(place.id)] != TypeId{}) return;
      const std::byte* memory = memory_of(place);
      std::uint64_t skip = data_offset(place);
      if (TypeId closure = model_.closure(load(memory + skip)); closure != TypeId{}) {
        claim(place.start + skip, closure);
        ++found;
        return;
      }
      // An interface is a word that is no pointer to the collector, followed by one that is.
      std::uint32_t last = ~0u;
      heap_.each_pointer(place, [&](std::uint32_t word, std::uint64_t value) {
        bool second = word > 0 && last != word - 1 && value != 0;
        last = word;
        if (!second) return;
        Place target = heap_.find(value);
        if (target.id == kNoObject || out_.typing.object_type[std::size_t(target.id)] != TypeId{}) return;
        if (guess_pair(load(memory + (word - 1) * 8), memory + word * 8)) ++found;
      });
    });
  }
  drain();
  return found;
}

}  // namespace memsnap
