// Who holds an object: the root, the way down to it, and the roots that hold it as well.
#pragma once

#include "analysis/tree.h"
#include "findings/finding.h"
#include "graph/graph.h"
#include "tables/dominate.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

class Holders {
 public:
  explicit Holders(const DominatorTree& tree);
  ~Holders();

  Holder holder(NodeId node) const;
  // Labels that lead to an object right below the virtual root; nullopt when there are five or more.
  std::optional<std::vector<RootId>> labels(NodeId top) const;
  // The label on the shortest way to an object, from the best phase.
  RootId best_label(NodeId top) const;
  // Bytes that would go at once with these objects, whatever else the stacks hold.
  std::uint64_t strictly_retained(NodeId node) const;
  // Goroutines whose frames point straight to this object; `most` of their labels.
  std::vector<RootId> on_stack_of(ObjectId object, std::size_t most) const;

 private:
  struct Shared;
  struct Step;
  const Shared& shared() const;
  std::vector<NodeId> way_to(NodeId node) const;
  std::vector<NodeId> connect(NodeId from, NodeId to) const;
  std::vector<Step> steps(const std::vector<NodeId>& way, Holder& holder) const;
  std::string root_edge(RootId root, ObjectId target, Holder& holder) const;
  void name_root(RootId root, Holder& holder) const;
  void name_others(NodeId top, RootId root, Holder& holder) const;

  const DominatorTree& tree_;
  const Heap& heap_;
  mutable std::unique_ptr<Shared> shared_;  // made when the first shared object is asked for
};

// Equal neighbours, and groups of up to four that repeat, as one with a count; the middle of what is still
// too long to read as one step.
std::vector<PathStep> fold_chains(std::vector<PathStep> steps);

}  // namespace memsnap
