#include "flow/module.h"
#include "flow/ends.h"
#include "flow/lock_builder.h"

#include <algorithm>

namespace memsnap::flow {

struct Module::Kept {
  std::unordered_map<std::uint32_t, std::unique_ptr<Body>> bodies;
  std::unordered_map<std::uint64_t, std::unique_ptr<LockFacts>> locks;  // by function and level
  std::unordered_map<std::uint64_t, std::unique_ptr<LockSet>> entries;
  std::unordered_map<std::uint32_t, std::unique_ptr<ast::Parents>> parents;
};

Module::Module(Program& program, std::span<const PackageId> packages)
    : program_(program), packages_(packages.begin(), packages.end()), kept_(std::make_unique<Kept>()) {
  for (PackageId package : packages) {
    program.check(package);
    functions_.add(program, package);
    calls_.add(program, functions_, package);
  }
  calls_.finish(program, functions_);
}

Module::Module(Program& program, PackageId package, std::span<const FileLocks* const> files)
    : program_(program), packages_{package}, kept_(std::make_unique<Kept>()) {
  program.check(package);
  functions_.add(program, package);
  calls_.add(program, functions_, package);
  known_.emplace(program, package, files);
  known_->add_calls(functions_, calls_, paths_);
  calls_.finish(program, functions_);
}

Module::~Module() = default;

void Module::note(FuncId function) {
  if (watched_ != types::kNoFile && within_ == 0 && functions_[function].file != watched_) crossed_ = true;
}

const UseIndex& Module::uses() {
  note(kNoFunc);
  if (uses_) return *uses_;
  uses_.emplace();
  for (PackageId package : packages_) uses_->add(program_, functions_, package);
  uses_->finish();
  return *uses_;
}

const Lifetimes& Module::lifetimes() {
  note(kNoFunc);
  if (!lifetimes_) lifetimes_ = Lifetimes::build(program_, functions_, packages_);
  return *lifetimes_;
}

const ast::Parents& Module::parents(FileId file) {
  auto& at = kept_->parents[std::uint32_t(file)];
  if (at == nullptr) at = std::make_unique<ast::Parents>(program_.source(file));
  return *at;
}

const Body& Module::body(FuncId function) {
  note(function);
  auto& at = kept_->bodies[std::uint32_t(function)];
  if (at != nullptr) return *at;
  const Function& f = functions_[function];
  const SourceFile& source = program_.source(f.file);
  Cfg cfg = Cfg::build(source, f.body, [&](NodeId call) { return never_returns(program_, f.file, call); });
  // The facts point to the graph, so it has to be where it stays.
  auto body = std::make_unique<Body>(Body{function, std::move(cfg), {}});
  body->locals = Locals::build(program_, functions_, function, body->cfg, parents(f.file));
  return *(at = std::move(body));
}

const LockFacts& Module::locks(FuncId function) {
  note(function);
  ++within_;
  const LockFacts& facts = locks(function, LockBuilder::kLevels);
  --within_;
  return facts;
}

const LockFacts& Module::locks(FuncId function, int level) {
  if (const LockFacts* known = known_ ? known_->helper(function) : nullptr) return *known;
  std::uint64_t key = std::uint64_t(function) << 2 | std::uint64_t(level);
  auto at = kept_->locks.find(key);
  if (at != kept_->locks.end()) return *at->second;
  auto facts = std::make_unique<LockFacts>(LockBuilder(*this, level).run(function));
  return *(kept_->locks[key] = std::move(facts));
}

const LockSet* Module::known_at(const CallSite& site, int level) const {
  return known_ ? known_->at_site(site, functions_, level) : nullptr;
}

const LockSet& Module::held_by_callers(FuncId function, int level) {
  std::uint64_t key = std::uint64_t(function) << 2 | std::uint64_t(level);
  auto at = kept_->entries.find(key);
  if (at != kept_->entries.end()) return *at->second;
  auto set = std::make_unique<LockSet>(LockBuilder(*this, level).held_by_callers(function));
  return *(kept_->entries[key] = std::move(set));
}

void Module::drop(PackageId package) {
  for (FuncId f : functions_.in_package(package)) {
    kept_->bodies.erase(std::uint32_t(f));
    for (int level = 0; level <= LockBuilder::kLevels; ++level) {
      kept_->locks.erase(std::uint64_t(f) << 2 | std::uint64_t(level));
      kept_->entries.erase(std::uint64_t(f) << 2 | std::uint64_t(level));
    }
  }
  for (FileId file : program_.package(package).files) kept_->parents.erase(std::uint32_t(file));
}

}  // namespace memsnap::flow
