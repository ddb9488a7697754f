// The walk of type_heap: claims go through a ring, so that the memory they need arrives before it is used.
#pragma once

#include "goheap/typing.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace memsnap {

class Typer {
 public:
  Typer(const RawHeap& heap, TypePrograms& programs);
  HeapTypes run(const TypingRoots& roots);

 private:
  // What a claim needs to know of a type, in one cache line.
  struct Info {
    const TypeProgram* program = nullptr;
    std::uint64_t size = 0, mask = 0;
    TypeId array{};  // slice_array of it, once asked for
    Special special = Special::kNone;
    Role role = Role::kPlain;
    bool ready = false, is_array = false, is_array_known = false;
  };
  struct Claim {
    std::uint64_t addr = 0;
    Place place;  // once it was looked up
    TypeId type{};
    bool exact = false;  // addr is where the object's data begins
  };
  struct Work {
    const std::byte* memory = nullptr;
    std::uint64_t room = 0;
    TypeId type{};
  };
  struct Interior {
    std::uint64_t addr = 0;
    ObjectId object{};
    TypeId type{};
  };

  const Info& info(TypeId type) {
    std::size_t row = std::size_t(type);
    if (row < infos_.size() && infos_[row].ready) return infos_[row];
    return make_info(type);
  }
  const Info& make_info(TypeId type);
  TypeId array_of(TypeId type);

  // ---- typer.cc: claims.
  void claim(std::uint64_t addr, TypeId type, std::uint64_t count = 1);
  void advance(std::uint64_t to);
  void look_up(Claim& claim);
  void settle(const Claim& claim);
  TypeId resolve(const Claim& claim);           // what the object really is; 0 to drop the claim
  TypeId fit(const Claim& claim, TypeId type);  // the type or the array of it, 0 when the object contradicts
  bool beats(TypeId type, TypeId present, const Place& place);
  bool contains(TypeId outer, TypeId inner);  // at its start
  std::uint64_t data_offset(const Place& place) const;
  const std::byte* memory_of(const Place& place) const;

  // ---- typer_scan.cc: what typed memory leads to.
  void drain();
  void scan(const Work& work);
  void run_steps(const TypeProgram& program, const std::byte* memory, std::uint64_t room);
  void step(const Step& step, const std::byte* memory, std::uint64_t room);
  void dynamic(TypeId type, const std::byte* data);  // the data word of an interface
  void scan_special(const Work& work, const Info& what);
  void claim_func(std::uint64_t value);

  // ---- typer_roots.cc: where types come from.
  void seed_headers();
  void add_globals();
  void seed_globals();
  void add_from_heap();
  void seed_stacks(std::span<const StackRoot> roots);
  void seed_specials(std::span<const SpecialRoot> roots);
  void add_region(std::uint64_t addr, TypeId type, std::uint64_t count);
  void scan_regions();
  std::size_t settle_interior();
  std::size_t guess_objects();  // untyped ones: closures, pairs of interface words
  std::size_t guess_statics(std::span<const StaticRoot> roots);
  bool guess_pair(std::uint64_t first, const std::byte* data);

  const RawHeap& heap_;
  TypePrograms& programs_;
  TypeModel& model_;
  HeapTypes out_;
  std::vector<Info> infos_;
  std::vector<Work> work_;
  // Claims wait in a ring while what they need is fetched: the span of the address, then its allocated bits,
  // then the object's type and memory. made_ counts those put in; each is looked up kToBits + kToLook later.
  static constexpr std::uint64_t kRing = 64, kToBits = 12, kToLook = 12;
  std::array<Claim, kRing> ring_;
  std::uint64_t made_ = 0, with_bits_ = 0, looked_up_ = 0, settled_ = 0;
  std::vector<Interior> interior_;
  std::unordered_map<std::uint64_t, bool> contains_;
  std::unordered_map<std::uint64_t, TypeId> header_types_;  // by descriptor
  bool guessing_ = false;                                   // claims made now are marked as guessed

  // Static memory: an address range, and the regions found so far by address.
  std::uint64_t static_low_ = 0, static_high_ = 0;
  std::vector<Range> static_ranges_;
  std::vector<StaticRegion> regions_;
  std::map<std::uint64_t, std::uint32_t> region_at_;  // start -> row of regions_
  std::vector<std::uint32_t> pending_regions_;
  bool adding_globals_ = false;
  std::unordered_map<std::uint64_t, std::pair<TypeId, std::uint64_t>>
      from_heap_;  // claims by address: type, count
  std::unordered_set<std::uint64_t> seen_from_heap_;
  std::uint32_t current_region_ = kNoRow;
  const std::byte* current_memory_ = nullptr;
  const std::byte* current_word_ = nullptr;
};

}  // namespace memsnap
