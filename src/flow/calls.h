// Who calls whom in the packages added, and what runs beside what.
//
//   for (const CallSite& c : calls.into(function)) ...             // known callers
//   if (calls.concurrent(function)) ...                            // reached from a go statement or a
//   handler if (calls.only_at_start(function)) ...                         // init and main before the first
//   go or serve
#pragma once

#include "flow/functions.h"

#include <functional>
#include <span>
#include <vector>

namespace memsnap::flow {

enum class CallKind : std::uint8_t {
  kStatic,     // f(), x.M() of a concrete type, a closure called where it is written
  kInterface,  // a method that the interface value may have
  kValue,      // the function is handed on as a value: an argument, a field, a result
  kGo,         // go f(), wg.Go(f), errgroup's Go, time.AfterFunc
  kHandler,    // handed to what serves requests: net/http, grpc registration, signal and timer callbacks
  kDefer,
};

struct CallSite {
  FuncId caller = kNoFunc;
  FuncId callee = kNoFunc;
  NodeId node = ast::kNoNode;  // the CallExpr, or the expression that stands for the function
  CallKind kind = CallKind::kStatic;
};

class CallGraph {
 public:
  void add(Program& program, const FunctionTable& functions, PackageId package);
  // What is known of a file that was read without its bodies, of which add() says nothing.
  void know(const CallSite& site) { pending_.push_back({.site = site}); }
  void know_locks(FuncId f, bool locks) { set(f, locks ? kLocks : kUnlocks); }
  void know_asked(FuncId f) { set(f, kAsked); }
  void finish(Program& program, const FunctionTable& functions);  // after the last add

  std::span<const CallSite> from(FuncId caller) const;
  std::span<const CallSite> into(FuncId callee) const;
  // Callers are all known: not exported (or in package main), never a value, no method that some interface of
  // the packages asks for.
  bool closed(FuncId callee) const { return has(callee, kClosed); }

  // Runs on a goroutine of its own or in a handler, or is called by what does.
  bool concurrent(FuncId f) const { return has(f, kConcurrent); }
  // Several of it may run at once: reached from a handler, or from a go statement in a loop.
  bool many(FuncId f) const { return has(f, kMany); }
  // Called from init, from initialisers of variables, or from main before it starts a goroutine or serves,
  // and from nowhere else.
  bool only_at_start(FuncId f) const { return has(f, kStart) && !has(f, kLater); }
  // It calls Lock or RLock and nothing that unlocks, or the other way round: it may leave a lock to its
  // caller.
  bool only_locks(FuncId f) const { return has(f, kLocks) && !has(f, kUnlocks); }
  bool only_unlocks(FuncId f) const { return has(f, kUnlocks) && !has(f, kLocks); }
  bool uses_locks(FuncId f) const { return has(f, kLocks) || has(f, kUnlocks); }
  // Names of the methods that the file calls on interfaces and some function has; some more than once.
  std::vector<NameId> asked_by(FileId file) const;
  // The go statement or registration by which it became concurrent, then the calls down to it.
  std::vector<CallSite> why_concurrent(FuncId f) const;

 private:
  friend class CallCollector;
  static constexpr std::uint8_t kClosed = 1, kConcurrent = 2, kMany = 4, kStart = 8, kLater = 16, kLocks = 32,
                                kUnlocks = 64,
                                kAsked = 128;  // some interface has a method of its name
  static constexpr std::uint32_t kNoReason = ~0u;
  bool has(FuncId f, std::uint8_t bit) const {
    return std::size_t(f) < flags_.size() && (flags_[std::size_t(f)] & bit) != 0;
  }
  void set(FuncId f, std::uint8_t bit) {
    if (flags_.size() <= std::size_t(f)) flags_.resize(std::size_t(f) + 1);
    flags_[std::size_t(f)] |= bit;
  }
  void resolve(Program& program, const FunctionTable& functions);
  void resolve_interfaces(Program& program, const FunctionTable& functions);
  void index(std::size_t functions);
  void spread(std::uint8_t bit, std::vector<FuncId> open, const std::function<bool(const CallSite&)>& goes);
  bool is_closed(const Program& program, const FunctionTable& functions, FuncId f, bool in_main) const;

  struct Pending {  // a call of what may be declared in a package that is not added yet
    CallSite site;
    ObjectId callee = types::kNoObject;  // a function, an interface's method, or a variable
    TypeId interface = types::kUnknownType;
    bool in_loop = false;
  };
  struct Held {  // a function written where a variable gets its value
    ObjectId var;
    FuncId function;
  };
  std::vector<Pending> pending_;
  std::vector<Held> held_;
  std::vector<std::pair<FileId, NameId>> asked_;
  std::vector<FuncId> served_;   // run by requests whoever registers them
  std::vector<CallSite> sites_;  // by caller
  std::vector<bool> in_loop_;    // of each site
  std::vector<std::uint32_t> from_first_, into_first_;
  std::vector<CallSite> by_callee_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::uint32_t> reason_;  // row of sites_ by which a function became concurrent
};

// http.HandlerFunc and the like: what the function at that place of a call's arguments is run by.
CallKind argument_kind(Program& program, FileId file, NodeId call, NodeId argument);

}  // namespace memsnap::flow
