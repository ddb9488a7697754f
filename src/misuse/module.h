// The facts of all packages as one, for rules about the whole module.
#pragma once

#include "misuse/package_facts.h"
#include "misuse/rule.h"

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace memsnap::misuse {

using UseList = std::span<const Use* const>;

// All uses of one object, in the order of packages, files and places.
struct ObjectUses {
  SymbolId object = kNoSymbol;
  UseList uses;
};

class Module {
 public:
  // In the order of import paths. Rows and symbols become those of the module.
  explicit Module(std::vector<PackageFacts> packages);

  std::span<const ObjectUses> by_object() const { return by_object_; }
  const Symbol& about(SymbolId symbol) const { return symbols_[std::size_t(symbol)]; }
  const Function& function(FunctionRow row) const { return functions_[row]; }
  std::span<const Call> callers(SymbolId function) const;

  // A function that runs while the program starts only: init, initialisers, and what only they call.
  bool only_at_start(FunctionRow row) const { return start_only(row, 0); }
  // Other modules, or clients of a server, may call it any number of times, or call what calls it.
  bool open_to_others(FunctionRow row) const { return is_open(row, 0); }
  // It may run while another goroutine runs it or its like.
  bool concurrent(FunctionRow row) const { return runs_beside(row, 0); }
  // Whether every caller holds this mutex, or those who call it; or has just made what it passes as this
  // argument (-1: none).
  bool callers_hold(FunctionRow row, SymbolId mutex, int argument = -1) const {
    return all_hold(row, mutex, argument, false, 0);
  }
  // The same, where closures that are handed on may be called under the mutex.
  bool callers_may_hold(FunctionRow row, SymbolId mutex, int argument) const {
    return all_hold(row, mutex, argument, true, 0);
  }
  // The one go statement below which it only ever runs, and which stands in no loop; null: it may run
  // anywhere.
  const void* only_goroutine(FunctionRow row) const;
  // The function is called in the module, and each time with a constant as this argument.
  bool callers_pass_constants(FunctionRow row, int argument) const;
  std::span<const RlockWrite> rlock_writes() const { return rlock_writes_; }
  // Somebody touches the field under no lock, and nobody does under the lock for writing: the mutex guards
  // something else.
  bool is_unguarded(SymbolId field) const;
  // Package variables, and fields of structs of which a package variable holds one, and of which the program
  // makes none while it runs.
  bool lives_on(SymbolId object) const;
  SymbolId owner_type(SymbolId field) const;  // the type name whose struct declares it; kNoSymbol

  Span span(const Use& use) const { return span(use.place); }
  Span span(const Place& place) const;
  std::string text(const Use& use) const { return std::string(use.place.text); }
  std::string name_of(SymbolId object) const;  // Cache.items, pkg var

 private:
  struct Table;  // symbols by their keys
  void take(PackageFacts& package, Table& table);
  void index();
  bool start_only(FunctionRow row, int depth) const;
  bool is_open(FunctionRow row, int depth) const;
  bool runs_beside(FunctionRow row, int depth) const;
  bool starts(FunctionRow row, int depth, std::set<const void*>& found) const;
  bool all_hold(FunctionRow row, SymbolId mutex, int argument, bool perhaps, int depth) const;
  bool made_at_start(SymbolId type) const;

  std::vector<Symbol> symbols_{1};
  std::vector<Function> functions_{1};
  std::vector<Call> calls_;                // by callee
  std::vector<std::uint32_t> first_call_;  // of each symbol, and behind the last
  std::vector<PackageFacts> packages_;     // their uses
  std::vector<const Use*> uses_;           // by object
  std::vector<ObjectUses> by_object_;
  std::vector<std::string_view> files_;
  std::vector<SymbolId> owners_;                          // of each symbol
  std::vector<bool> living_;                              // of each symbol
  std::vector<std::pair<SymbolId, FunctionRow>> makers_;  // sorted
  std::vector<RlockWrite> rlock_writes_;
  std::vector<Touched> touched_;  // of each symbol, when there is any
};

}  // namespace memsnap::misuse
