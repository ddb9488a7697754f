// The entries of a sync.Map (internal/sync/hashtriemap.go): a trie of inner nodes with 16 children, and
// entries that chain when their hashes are equal.
#pragma once

#include "goheap/raw_heap.h"
#include "goheap/type_model.h"

#include <cstdint>
#include <vector>

namespace memsnap {

class TrieWalk {
 public:
  // map: the HashTrieMap type. ok() is false when its parts are not known.
  TrieWalk(const RawHeap& heap, TypeModel& model, TypeId map);
  bool ok() const { return ok_; }

  struct Storage {
    std::uint64_t len = 0;    // entries
    std::uint64_t inner = 0;  // inner nodes
    std::uint64_t bytes = 0;  // of all nodes
  };
  std::uint64_t key_offset() const { return key_; }  // in an entry
  // Calls visit(entry address) for every entry. Visits no more nodes than the heap has objects.
  template <class Visit>
  Storage each_entry(std::uint64_t map_addr, Visit&& visit) const {
    Storage found;
    std::vector<std::uint64_t> open{heap_.word(map_addr + root_)};
    std::uint64_t most = heap_.objects();
    while (!open.empty() && most > 0) {
      std::uint64_t node = open.back();
      open.pop_back();
      Place place = heap_.find(node);
      if (place.id == kNoObject || node != place.start) continue;
      --most;
      bool entry = (heap_.word(node) & 0xff) != 0;
      if (entry) {
        ++found.len;
        found.bytes += place.size;
        visit(node);
        if (std::uint64_t next = heap_.word(node + overflow_)) open.push_back(next);
        continue;
      }
      ++found.inner;
      found.bytes += place.size;
      if (place.size < children_ + kChildren * 8) continue;
      for (std::uint64_t i = 0; i < kChildren; ++i)
        if (std::uint64_t child = heap_.word(node + children_ + i * 8)) open.push_back(child);
    }
    return found;
  }

 private:
  static constexpr std::uint64_t kChildren = 16;
  const RawHeap& heap_;
  bool ok_ = false;
  std::uint64_t root_ = 0, children_ = 0, overflow_ = 0, key_ = 0;
};

}  // namespace memsnap
