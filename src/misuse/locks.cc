#include "misuse/locks.h"

#include "gosrc/comments.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

Locks::Locks(const Code& code, flow::Module& flow) : code_(code), flow_(flow) {
  for (Kind kind : {Kind::kFuncDecl, Kind::kFuncLit})
    for (NodeId function : code.of(kind))
      any_ |= flow.calls().uses_locks(flow.functions().of(code.file(), function));
}

// What is no step by itself, the call of a defer or a key, happens in the step around it.
Locks::Place Locks::place(NodeId node) const {
  flow::FuncId function = flow_.functions().at(code_.file(), node);
  const flow::LockFacts& locks = flow_.locks(function);
  if (locks.none()) return {};
  const flow::Cfg& cfg = flow_.body(function).cfg;
  flow::Point point = cfg.point(node);
  for (NodeId up = node; !flow::is_there(point) && is_there(up) && up != flow_.functions()[function].node;)
    point = cfg.point(up = code_.parent(up));
  return flow::is_there(point) ? Place{&locks, point} : Place{};
}

Held Locks::held(const flow::Held& lock) const {
  const flow::PathTable& paths = flow_.paths();
  Held one{.mutex = paths.last_field(lock.path), .call = lock.since};
  one.write = lock.mode == flow::LockMode::kWrite;
  if (types::is_there(one.mutex))
    one.base = paths.parent(lock.path);
  else
    one.mutex = paths.root(lock.path);
  return one;
}

std::vector<Held> Locks::at(NodeId node) const {
  std::vector<Held> all;
  Place here = place(node);
  if (here.locks)
    for (const flow::Held& lock : here.locks->at(here.point)) all.push_back(held(lock));
  return all;
}

bool Locks::perhaps(NodeId node, NodeId selector) const {
  Place here = place(node);
  return here.locks && std::ranges::any_of(here.locks->may_hold(here.point), [&](const flow::Held& lock) {
           return of_same_object(held(lock), selector);
         });
}

bool Locks::of_same_object(const Held& held, NodeId selector) const {
  if (!flow::is_there(held.base)) return true;
  flow::PathId path = flow_.path(code_.file(), selector);
  return flow::is_there(path) && flow_.paths().parent(path) == held.base;
}

bool Locks::of_object(const Held& held, NodeId expr) const {
  return !flow::is_there(held.base) || flow_.path(code_.file(), expr) == held.base;
}

bool Locks::perhaps_any(NodeId node) const {
  Place here = place(node);
  return here.locks && (!here.locks->at(here.point).empty() || !here.locks->may_hold(here.point).empty());
}

bool started_with_go(const Code& code, NodeId literal) {
  NodeId call = code.outer(literal);
  auto one = code.as<ast::CallExpr>(call);
  if (!one) return false;
  if (code.inner(one->fun) == literal) return code.kind(code.parent(call)) == Kind::kGoStmt;
  return code.called(call) == Known::kGroupGo || code.method_name(call) == "Go";
}

namespace {

bool contains_word(std::string_view text, std::string_view word) {
  auto equal = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  return !std::ranges::search(text, word, equal).empty();
}

// A comment in the body: "the absence of a lock here is deliberate", "safe to read, since ...".
bool does_without(const Code& code, NodeId function) {
  std::uint32_t from = code.pos(function), to = code.source().end(function);
  return std::ranges::any_of(comments_between(code.source(), from, to), [&](const Comment& one) {
    std::string_view text = code.source().text(one);
    bool safe = contains_word(text, "safe to ") && !contains_word(text, "not safe") &&
                (contains_word(text, "to read") || contains_word(text, "to write") ||
                 contains_word(text, "to access"));
    bool alone = contains_word(text, "one goroutine") || contains_word(text, "single goroutine") ||
                 contains_word(text, "single-thread") || contains_word(text, "single thread");
    if (safe || alone) return true;
    if (!contains_word(text, "lock") && !contains_word(text, "mutex")) return false;
    for (std::string_view word : {"deliberate", "intentional", "on purpose", "no lock", "not needed",
                                  "no need", "don't need", "do not need", "unnecessary", "not necessary"})
      if (contains_word(text, word)) return true;
    return false;
  });
}

}  // namespace

bool says_locked(const Code& code, NodeId function) {
  auto decl = code.as<ast::FuncDecl>(function);
  if (!decl) return false;
  if (does_without(code, function)) return true;
  std::string_view name = code.text(decl->name);
  for (std::string_view ending : {"Locked", "locked", "NoLock", "WithLock", "UnderLock", "LockHeld", "Unsafe",
                                  "Unlocked", "NonLocking", "lockless", "Lockless"})
    if (name.ends_with(ending)) return true;
  bool concurrent = false, forbids = false;  // must not be called concurrent with ..., on one line or two
  for (const Comment& comment : doc_comments(code.source(), function)) {
    std::string_view text = code.source().text(comment);
    if (text.starts_with("// LOCK:") || text.starts_with("//LOCK:")) return true;
    concurrent |= contains_word(text, "concurrent");
    forbids |= contains_word(text, "must not") || contains_word(text, "not safe");
    bool lock = contains_word(text, "lock") || contains_word(text, "mu ") || contains_word(text, "mutex");
    bool held = contains_word(text, "held") || contains_word(text, "hold") ||
                contains_word(text, "must be locked") || contains_word(text, "should be locked") ||
                contains_word(text, "caller") || contains_word(text, "acquired") ||
                contains_word(text, "required") || contains_word(text, "not thread") ||
                contains_word(text, "not safe");
    bool under = contains_word(text, "with lock") || contains_word(text, "with the lock") ||
                 contains_word(text, "under lock") || contains_word(text, "under the lock");
    if ((lock && held) || (under && contains_word(text, "call"))) return true;
  }
  return concurrent && forbids;
}

bool says_guarded(const Code& code, NodeId field) {
  auto says = [&](std::span<const Comment> comments) {
    return std::ranges::any_of(comments, [&](const Comment& one) {
      return contains_word(code.source().text(one), "guarded by") ||
             contains_word(code.source().text(one), "protected by");
    });
  };
  return says(line_comments(code.source(), field)) || says(doc_comments(code.source(), field));
}

}  // namespace memsnap::misuse
