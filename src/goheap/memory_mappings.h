// Whose each part of the address space is, beside Go's heap: the program's image, libraries and files, the C
// heap, thread stacks, memory that the program mapped itself.
#pragma once

#include "goheap/memory_counters.h"
#include "goheap/memory_regions.h"
#include "goheap/raw_heap.h"
#include "os/process.h"
#include "os/stop.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class MappingOwners {
 public:
  // `mappings` as the kernel lists them; the reference must outlive this.
  MappingOwners(const RawHeap& heap, const std::vector<Mapping>& mappings,
                std::span<const ThreadRegisters> threads, const RuntimeCounters& runtime);

  // The parts of mappings[i], in order and without gaps.
  const std::vector<Region>& of(std::size_t i) const { return parts_[i]; }

 private:
  struct Gap {
    std::size_t mapping = 0, part = 0;
    std::uint64_t bytes = 0;
    bool beside_runtime = false;  // in a mapping that has records of the runtime too
  };
  void split(std::size_t i, std::span<const Region> known);
  Region owner_of(std::size_t i, std::uint64_t from, std::uint64_t to) const;
  Region anonymous(std::size_t i, std::uint64_t from, std::uint64_t to) const;
  bool in_image(std::uint64_t from, std::uint64_t to) const;
  bool is_thread_stack(std::size_t i, std::uint64_t from, std::uint64_t to) const;
  void find_stack_sizes();
  void find_c_heap(std::vector<Region>& known) const;
  void find_large_blocks(std::vector<Region>& parts) const;
  void give_rest_to_runtime(std::uint64_t metadata);

  const RawHeap& heap_;
  const std::vector<Mapping>& mappings_;
  std::span<const ThreadRegisters> threads_;
  bool cgo_ = false, race_ = false;
  std::vector<std::uint64_t> stack_sizes_;  // of mappings that are stacks of C threads
  std::vector<std::vector<Region>> parts_;
};

// What a mapping with a name is, by the name alone.
Region named_owner(std::string_view name, std::string_view permissions);

}  // namespace memsnap
