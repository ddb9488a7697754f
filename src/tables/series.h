// What several captures of one process say about growth: per holder the bytes of survivors, and exact
// counts (entries of a map, length of a slice, goroutines of one start function), capture by capture.
// A value is one row; columns hold captures in order of time.
#pragma once

#include "tables/heap.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {

enum class SeriesKind : std::uint8_t {
  kHolder,      // survivor bytes below a holder; key: folded path from its root, fields without indices
  kMap,         // entries of one map; address: its header
  kArray,       // elements shown of one slice's array chain; key: path of the holder, since append moves it
  kChannel,     // items in one channel; address: its hchan
  kGoroutines,  // goroutines with one start function and creator; key: "start created by creator:line"
  kHeap,        // reached bytes of the whole heap
  kResident,    // RSS
  kCounter,     // a counter of the capture; key: its name
};

struct SeriesRow {
  SeriesKind kind = SeriesKind::kHeap;
  std::string key;             // what it is, stable between captures
  std::uint64_t address = 0;   // in the target, 0 when the key alone identifies it
  NodeId node = kNoNode;       // in the last capture
  std::vector<double> values;  // one per capture
  bool uncertain = false;      // kHolder: most of it is of sizes that turn over so fast that a new object may
                               // pass for an old one
};

struct Series {
  std::vector<double> seconds;  // when each capture was taken, since the first
  std::vector<SeriesRow> rows;

  std::size_t captures() const { return seconds.size(); }
  const SeriesRow* of(SeriesKind kind, std::string_view key) const;
  const SeriesRow* of(SeriesKind kind, std::uint64_t address) const;

  // Rows by address, made at the first question and added to when there are more rows.
  struct Index {
    std::unordered_multimap<std::uint64_t, std::size_t> rows;
    std::size_t seen = 0;
  };
  mutable Index index = {};
};

}  // namespace memsnap
