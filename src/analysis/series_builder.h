// Follows one process through its captures. Of each capture only what the next one needs is kept: 12 bytes
// per object to know it again, and the numbers themselves.
#pragma once

#include "tables/heap.h"
#include "tables/series.h"

#include <map>
#include <string>
#include <vector>

namespace memsnap {

class HolderKeys;

class SeriesBuilder {
 public:
  // The next capture, taken that many seconds after the first.
  void add(const Heap& heap, double seconds);
  // All that was followed. Nodes are those of the last capture.
  Series take() &&;

 private:
  // An object is known again by its address, its size and the name of its type.
  struct Identity {
    std::vector<std::uint64_t> addr;  // of reached objects, sorted
    std::vector<std::uint32_t> mark;
  };
  struct Followed {
    std::map<std::size_t, double> at;  // capture -> value
    NodeId node = kNoNode;             // in the last capture that has it
    double largest = 0;                // of the nodes that share the key there
    std::size_t fast = 0;              // captures in which most of it was of sizes that turn over fast
  };
  struct Keyed {
    SeriesKind kind;
    std::string key;
    std::uint64_t address = 0;
    auto operator<=>(const Keyed&) const = default;
  };

  Identity identify(const Heap& heap) const;
  void add_holders(const Heap& heap, const Identity& now);
  void add_arrays(const Heap& heap, const HolderKeys& keys);
  void add_containers(const Heap& heap);
  void add_goroutines(const Heap& heap);
  void add_totals(const Heap& heap);
  Followed& value(SeriesKind kind, std::string key, std::uint64_t address, double value);

  std::vector<double> seconds_;
  Identity before_;
  std::map<Keyed, Followed> rows_;           // holders: survivors of the capture before
  std::map<std::string, Followed> reached_;  // holders: all bytes, while there are few captures
};

}  // namespace memsnap
