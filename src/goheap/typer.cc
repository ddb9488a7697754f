#include "goheap/typer.h"

#include <algorithm>

namespace memsnap {

namespace {

// Stands for "a func value": the closure's own first word says which.
constexpr TypeId kFuncValue{~0u};
constexpr std::uint64_t kTiny =
    16;  // noscan objects below this share a block (runtime/malloc.go, tiny allocator)
constexpr std::uint64_t kHeaderLess = 512;

// Pointer words of a unit, repeated over a slot of at most 64 words.
std::uint64_t tiled(std::uint64_t mask, std::uint64_t unit, std::uint64_t room) {
  std::uint64_t all = 0;
  for (std::uint64_t at = 0; at + unit <= room && at / 8 < 64; at += unit) all |= mask << (at / 8);
  return all;
}

}  // namespace

Typer::Typer(const RawHeap& heap, TypePrograms& programs)
    : heap_(heap), programs_(programs), model_(programs.model()) {
  out_.typing.object_type.resize(heap.objects());
  out_.typing.guessed.resize(heap.objects());
  static_low_ = ~std::uint64_t{0};
  for (const ModuleData& module : heap.modules()) {
    for (Range range : {Range{module.noptrdata, module.enoptrdata}, Range{module.data, module.edata},
                        Range{module.bss, module.ebss}, Range{module.noptrbss, module.enoptrbss}}) {
      if (range.from >= range.to) continue;
      static_ranges_.push_back(range);
      static_low_ = std::min(static_low_, range.from);
      static_high_ = std::max(static_high_, range.to);
    }
  }
}

HeapTypes Typer::run(const TypingRoots& roots) {
  add_globals();
  seed_headers();
  seed_globals();
  seed_stacks(roots.stacks);
  seed_specials(roots.specials);
  // What no typed pointer leads to: pointers into the middle, and words that give themselves away.
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    std::size_t gained = settle_interior();
    gained += round == 0 ? guess_statics(roots.statics) : 0;
    gained += guess_objects();
    add_from_heap();
    if (gained == 0) break;
  }
  for (std::size_t i = 0; i < out_.typing.object_type.size(); ++i)
    if (out_.typing.object_type[i] != TypeId{}) ++out_.typing.typed_objects;
  for (std::uint32_t row = 0; row < heap_.spans().size(); ++row)
    heap_.each_object(row, [&](const Place& place) {
      if (out_.typing.object_type[std::size_t(place.id)] != TypeId{}) out_.typing.typed_bytes += place.size;
    });
  // In the order of addresses; parents are rows, so they move along.
  std::vector<std::uint32_t> row_of(regions_.size());
  std::uint32_t next = 0;
  for (auto [from, row] : region_at_) row_of[row] = next++;
  for (auto [from, row] : region_at_) {
    StaticRegion region = regions_[row];
    if (region.parent != kNoRow) region.parent = row_of[region.parent];
    out_.regions.push_back(region);
  }
  return std::move(out_);
}

const Typer::Info& Typer::make_info(TypeId type) {
  if (infos_.size() <= std::size_t(type)) infos_.resize(std::max(model_.size(), std::size_t(type) + 1) + 64);
  const TypeProgram& program = programs_.of(type);
  const GoType& row = model_[type];
  Info& made = infos_[std::size_t(type)];
  made = {.program = &program,
          .size = row.size,
          .mask = program.mask,
          .special = row.special,
          .role = row.role,
          .ready = true,
          .is_array = row.array};
  return made;
}

TypeId Typer::array_of(TypeId type) {
  info(type);
  if (!infos_[std::size_t(type)].is_array_known) {
    TypeId array = model_.slice_array(type);
    infos_[std::size_t(type)].array = array;
    infos_[std::size_t(type)].is_array_known = true;
  }
  return infos_[std::size_t(type)].array;
}

const std::byte* Typer::memory_of(const Place& place) const {
  const Span& span = heap_.spans()[place.span];
  return span.memory == nullptr ? nullptr : span.memory + (place.start - span.start);
}

std::uint64_t Typer::data_offset(const Place& place) const {
  const Span& span = heap_.spans()[place.span];
  return !span.noscan && span.elem_size > kHeaderLess && span.size_class != 0 ? 8 : 0;
}

void Typer::claim(std::uint64_t addr, TypeId type, std::uint64_t count) {
  if (!heap_.in_heap_range(addr)) {
    if (addr >= static_low_ && addr < static_high_ && type != kFuncValue) add_region(addr, type, count);
    return;
  }
  heap_.prefetch_span(addr);
  Claim& made = ring_[made_++ % kRing];
  made.addr = addr;
  made.type = type;
  advance(made_);
}

// Brings the claims along that are far enough behind claim number `to`. Settling one makes no new claims.
void Typer::advance(std::uint64_t to) {
  for (; with_bits_ + kToBits < to && with_bits_ < made_; ++with_bits_)
    heap_.prefetch_bits(ring_[with_bits_ % kRing].addr);
  for (; looked_up_ + kToBits + kToLook < to && looked_up_ < made_; ++looked_up_)
    look_up(ring_[looked_up_ % kRing]);
  for (; settled_ + kRing - 1 < to && settled_ < made_; ++settled_)
    if (const Claim& oldest = ring_[settled_ % kRing]; oldest.place.id != kNoObject) settle(oldest);
}

void Typer::look_up(Claim& claim) {
  claim.place = heap_.find(claim.addr);
  if (claim.place.id == kNoObject) return;
  __builtin_prefetch(&out_.typing.object_type[std::size_t(claim.place.id)], 1);
  if (const std::byte* memory = memory_of(claim.place)) __builtin_prefetch(memory);
  claim.exact = claim.addr == claim.place.start + data_offset(claim.place);
}

void Typer::claim_func(std::uint64_t value) { claim(value, kFuncValue); }

TypeId Typer::resolve(const Claim& claim) {
  if (claim.type == kFuncValue) return model_.closure(heap_.word(claim.addr));
  if (claim.type == TypeId{}) return claim.type;
  if (info(claim.type).special == Special::kTrieNode) {
    const std::byte* memory = memory_of(claim.place);
    bool entry = memory != nullptr && memory[claim.addr - claim.place.start] != std::byte{0};
    return model_.trie_node(claim.type, entry);
  }
  // A channel without a name: its header holds the descriptor of its elements.
  if (info(claim.type).role == Role::kRuntime && info(claim.type).special == Special::kChannel &&
      claim.exact) {
    auto at = model_.containers().channel_type;
    TypeId elem = at ? model_.of_rtype(heap_.word(claim.addr + *at)) : TypeId{};
    if (elem != TypeId{}) return model_.chan_header(elem);
  }
  return claim.type;
}

// A slot that has room for two values holds an array of them, when its bitmap says so too.
TypeId Typer::fit(const Claim& claim, TypeId type) {
  const Info& what = info(type);
  const Span& span = heap_.spans()[claim.place.span];
  std::uint64_t room = claim.place.start + claim.place.size - claim.addr;
  if (what.size == 0 || what.size > room) return TypeId{};
  bool many = !what.is_array && what.special < Special::kTrieNode && what.role != Role::kClosure &&
              room >= 2 * what.size;
  if (span.noscan) {
    // A channel of elements without pointers is one noscan object (runtime/chan.go, makechan).
    bool channel = what.role == Role::kChanHeader || what.special == Special::kChannel;
    if (what.mask != 0 && !channel && what.role != Role::kRuntime) return TypeId{};
    return many && room > kTiny && !channel ? array_of(type) : type;
  }
  if (span.elem_size > kHeaderLess) return many ? array_of(type) : type;
  std::uint64_t bitmap = heap_.small_pointer_mask(claim.place) >> ((claim.addr - claim.place.start) / 8);
  bool tiles = what.is_array || many;
  std::uint64_t expected = tiles ? tiled(what.mask, what.size, room) : what.mask;
  if (bitmap & ~expected) return TypeId{};
  if (!many) return type;
  return (bitmap & ~what.mask) != 0 || what.mask == 0 ? array_of(type) : type;
}

void Typer::settle(const Claim& claim) {
  std::size_t object = std::size_t(claim.place.id);
  TypeId present = out_.typing.object_type[object];
  if (claim.exact && claim.type == present) return;
  TypeId type = resolve(claim);
  if (!claim.exact) {
    if (present == TypeId{}) interior_.push_back({claim.addr, claim.place.id, type});
    return;
  }
  if (type == TypeId{} || type == present) return;
  type = fit(claim, type);
  if (type == TypeId{}) {
    ++out_.typing.rejects;
    return;
  }
  if (type == present) return;
  if (present != TypeId{}) {
    bool array_of_it = info(type).is_array && model_[type].layout == present;
    if (!array_of_it && !beats(type, present, claim.place)) return;
    out_.typing.conflicts += !array_of_it;
  }
  out_.typing.object_type[object] = type;
  out_.typing.guessed[object] = guessing_;
  const Info& what = info(type);
  const std::byte* memory = memory_of(claim.place);
  if (memory == nullptr) return;
  if (what.program->steps.empty() && what.special == Special::kNone) return;
  std::uint64_t room = claim.place.start + claim.place.size - claim.addr;
  work_.push_back({memory + (claim.addr - claim.place.start), room, type});
}

bool Typer::contains(TypeId outer, TypeId inner) {
  std::uint64_t pair = std::uint64_t(outer) << 32 | std::uint64_t(inner);
  if (auto known = contains_.find(pair); known != contains_.end()) return known->second;
  constexpr int kDeepest = 32;
  TypeId at = outer;
  bool found = false;
  for (int depth = 0; depth < kDeepest && at != TypeId{} && !found; ++depth) {
    const GoType& row = model_.expanded(at);
    TypeId next{};
    if (row.layout != TypeId{})
      next = row.layout;
    else if (row.kind == Kind::kArray && row.count > 0)
      next = row.elem;
    else if (row.kind == Kind::kStruct)
      for (const GoField& field : row.fields)
        if (field.offset == 0 && model_[field.type].size > 0) {
          next = field.type;
          break;
        }
    at = next;
    found = at == inner;
  }
  contains_.emplace(pair, found);
  return found;
}

bool Typer::beats(TypeId type, TypeId present, const Place& place) {
  const GoType& claimed = model_[type];
  const GoType& before = model_[present];
  if (out_.typing.guessed[std::size_t(place.id)] && !guessing_) return true;
  // A part of a container that names its map or channel beats what the words alone look like.
  bool part = claimed.role != Role::kPlain && claimed.layout != TypeId{};
  bool was_part =
      before.role != Role::kPlain && before.role != Role::kSliceArray && before.layout != TypeId{};
  if (was_part) return false;
  if (part && claimed.role != Role::kSliceArray) return true;
  if (before.role == Role::kStringBytes) return claimed.role == Role::kSliceArray && claimed.size == 1;
  if (claimed.name.starts_with("sudog<") && before.name == "runtime.sudog") return true;
  // The allocator's own word for it is right; the claim is of a part at its start.
  if (heap_.header_type(place).rtype != 0) return false;
  TypeId unit = before.array ? before.layout : present;
  bool fills = claimed.array || claimed.size > place.size / 2;
  return fills && unit != TypeId{} && contains(type, unit);
}

}  // namespace memsnap
