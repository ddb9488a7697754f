// All that is known of how the asked packages run, in one place. Facts of the whole module are gathered once;
// those of one function are built when somebody asks and go with their package.
//
//   flow::Module module(program);                         // checks every asked package
//   for (types::PackageId package : program.asked()) {
//     for (flow::FuncId f : module.functions().in_package(package)) {
//       const flow::Body& body = module.body(f);          // graph, locals
//       const flow::LockFacts& locks = module.locks(f);
//       for (types::FileId ...) ...
//     }
//     module.drop(package);
//   }
#pragma once

#include "flow/access_path.h"
#include "flow/calls.h"
#include "flow/cfg.h"
#include "flow/functions.h"
#include "flow/known_files.h"
#include "flow/lifetimes.h"
#include "flow/locals.h"
#include "flow/locks.h"
#include "flow/uses.h"

#include <memory>
#include <optional>
#include <unordered_map>

namespace memsnap::flow {

struct Body {
  FuncId function = kNoFunc;
  Cfg cfg;
  Locals locals;
};

class Module {
 public:
  explicit Module(Program& program) : Module(program, program.asked()) {}
  // Of some packages only; they are checked, and callers, uses and lifetimes are those within them. A package
  // alone is enough for graphs, locals and locks.
  Module(Program& program, std::span<const PackageId> packages);
  // Of one package of which some files were read without their bodies: what is known of these, null for the
  // others. Good for graphs, locals and locks of files with bodies, and when complete() for nothing less.
  Module(Program& program, PackageId package, std::span<const FileLocks* const> files);
  // What was known of files without bodies could all be said.
  bool complete() const { return !known_ || known_->whole(); }
  // From here on somebody looks at this file alone, whose own functions are all that may be asked of.
  void watch(FileId file) { watched_ = file; }
  // Somebody has asked for more, which FileLocks do not tell.
  bool crossed() const { return crossed_; }
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  Program& program() { return program_; }
  const FunctionTable& functions() const { return functions_; }
  // Gathered when first asked for, from packages that are still checked.
  const UseIndex& uses();
  const CallGraph& calls() const { return calls_; }
  const Lifetimes& lifetimes();
  PathTable& paths() { return paths_; }

  const ast::Parents& parents(FileId file);
  const Body& body(FuncId function);  // of a function without a body: an empty one
  const LockFacts& locks(FuncId function);
  PathId path(FileId file, NodeId expr) { return paths_.of(program_, file, expr); }
  Use use(FileId file, NodeId node) { return use_of(program_, file, parents(file), node); }

  // Graphs, locals, locks and parents of its files go; types stay until Program::forget.
  void drop(PackageId package);

 private:
  friend class LockBuilder;
  friend class FileLocksOf;
  struct Kept;
  const LockFacts& locks(FuncId function, int level);
  const LockSet& held_by_callers(FuncId function, int level);
  void note(FuncId function);
  const LockSet* known_at(const CallSite& site, int level) const;

  Program& program_;
  FunctionTable functions_;
  std::vector<PackageId> packages_;
  std::optional<UseIndex> uses_;
  CallGraph calls_;
  std::optional<Lifetimes> lifetimes_;
  PathTable paths_;
  std::optional<KnownFiles> known_;
  FileId watched_ = types::kNoFile;
  bool crossed_ = false;
  int within_ = 0;  // questions that we ask ourselves
  std::unique_ptr<Kept> kept_;
};

// What the other files of its package need of this one.
FileLocks file_locks(Module& module, FileId file);

}  // namespace memsnap::flow
