// The files of a package that were read without their bodies, and what is known of these: see file_locks.h.
#pragma once

#include "flow/calls.h"
#include "flow/file_locks.h"
#include "flow/locks.h"

#include <array>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap::flow {

class KnownFiles {
 public:
  // One for each file of the package, null for those with bodies; they outlive this.
  KnownFiles(Program& program, PackageId package, std::span<const FileLocks* const> files);
  // Adds to the graph, before it is finished, what these files call.
  void add_calls(const FunctionTable& functions, CallGraph& graph, PathTable& paths);
  // What a function of such a file holds there; null for all others.
  const LockSet* at_site(const CallSite& site, const FunctionTable& functions, int level) const;
  const LockFacts* helper(FuncId function) const;  // of such a file; else null
  // Everything that is known of them could be said in this program.
  bool whole() const { return whole_; }

 private:
  LockSet read(const std::vector<NamedLock>& locks, const Function& function, PathTable& paths);

  Program& program_;
  PackageId package_;
  std::vector<const FileLocks*> files_;
  std::vector<std::array<LockSet, 2>> sites_;  // by the number that stands for the call's node
  std::unordered_map<std::uint32_t, LockFacts> helpers_;
  bool whole_ = true;
};

// kNoPath: nothing here is called so.
PathId path_of(Program& program, PathTable& paths, const Function& function, const NamedPath& named);

}  // namespace memsnap::flow
