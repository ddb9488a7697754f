// What every rule gets: the last capture, what grew over the captures before it, and the questions that
// all rules ask: who holds this, through which path, where was it allocated.
#pragma once

#include "findings/finding.h"
#include "tables/heap.h"
#include "tables/series.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

// How a series moved (graph.md section 4 of the design): kGrowing needs at least 6 captures, Kendall
// tau >= 0.8, a lower bound of the slope above zero and a rise above the noise; kSuspect is the same with
// 4 or 5 captures; kHint is a rise in 2 or 3 captures. kWarming grows ever more slowly.
enum class Trend : std::uint8_t { kFlat, kHint, kSuspect, kWarming, kGrowing };
struct Growth {
  Trend trend = Trend::kFlat;
  double per_second = 0;  // Theil-Sen slope
  double resolution = 0;  // smallest slope these captures could have shown
};
Growth growth_of(const Series& series, const SeriesRow& row, double least_rise);

class Case {
 public:
  Case(const Heap& heap, const Series& series);
  ~Case();

  const Heap& heap() const;
  const Series& series() const;
  std::uint64_t reached_bytes() const;

  // The dominator tree downwards, largest retained first.
  std::vector<NodeId> children(NodeId node, std::size_t most = 64) const;
  std::uint64_t retained(NodeId node) const;
  // Child of the virtual root above this node: a root label, or an object that several labels share.
  NodeId top(NodeId node) const;
  // From a holder down to where the bytes pile up: the child with at least half of its parent, again and
  // again; a chain of one type stops at its head.
  NodeId accumulation(NodeId holder) const;

  // Root, declaration and folded path (containers as the user sees them) down to this node.
  Holder holder(NodeId node) const;
  // Type as the user sees it, containers folded: map[string]*T for a table of one.
  std::string type_name(NodeId node) const;
  // The container this object is a part of (the map header's object for its tables and groups, the
  // hchan for its buffer, the list.List for an element), or the object itself.
  NodeId container(ObjectId object) const;

  // Where the objects below this node were allocated, by the sampled ones among them, largest share first.
  // user_code: frames of the standard library and the runtime are skipped for the place of a site.
  std::vector<Site> sites(NodeId node, std::size_t most = 3) const;
  // Bytes that would go at once if this object went, with everything else that stacks hold still there.
  // `retained` is what goes when the stacks have let go too.
  std::uint64_t strictly_retained(NodeId node) const;
  // Labels of goroutines whose frames point straight to this object.
  std::vector<RootId> on_stack_of(NodeId node, std::size_t most = 3) const;
  // The growth of the holder of this node (SeriesKind::kHolder); kFlat without several captures.
  Growth growth(NodeId node) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A rule looks at a case and gives findings with everything but fingerprint and rank set.
struct Rule {
  const char* name;  // key of data/rules
  std::vector<Finding> (*find)(const Case& what);
};
// All rules, in the order of rules.cc.
const std::vector<Rule>& rules();

// Runs all rules, folds consequences into their causes, ranks, sets fingerprints and words from data/rules.
std::vector<Finding> diagnose(const Case& what);

}  // namespace memsnap
