// Fields of structs that have an RWMutex: what is written while it is only read-locked, and how often the
// same fields are touched without it.
#include "misuse/collect.h"

#include "misuse/access.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

// The expression whose content changes at this place: x.f of x.f[k] = v, delete(x.f, k), x.f = v.
NodeId changed(const Code& code, NodeId place) {
  place = code.inner(place);
  while (auto index = code.as<ast::IndexExpr>(place)) place = code.inner(index->x);
  return code.kind(place) == Kind::kSelectorExpr ? place : ast::kNoNode;
}

// A local whose only value is new: nobody else has it yet.
bool is_own(const Code& code, NodeId base) {
  ObjectId root = code.root(base);
  NodeId value = types::is_there(root) && code.is_local(root) ? code.only_value(root) : ast::kNoNode;
  return is_there(value) && is_fresh_value(code, value);
}

}  // namespace

void Collector::note_write(const FileFacts& facts, NodeId node, NodeId left) {
  const Code& code = facts.code;
  NodeId field = changed(code, left);
  if (!is_there(field)) return;
  std::vector<Held> held = facts.locks.at(node);
  const Held* read = nullptr;
  for (const Held& one : held) {
    if (one.write) return;
    if (flow::is_there(one.base) && facts.locks.of_same_object(one, field)) read = &one;
  }
  if (!read || !is_there(read->call) || !code.inside(node, code.function(read->call))) return;
  facts_.rlock_writes.push_back({.field = symbol(code.object(field)),
                                 .function = row_at(code.function(node)),
                                 .at = place(code, node),
                                 .lock = place(code, read->call),
                                 .shown = keep(code.shown(field))});
}

bool Collector::has_rwmutex(TypeId type) {
  auto [at, fresh] = has_rwmutex_.try_emplace(std::uint32_t(type), false);
  if (!fresh) return at->second;
  bool has = false;
  for (const types::Field& field : program_.types().fields(program_.underlying(type)))
    has |= program_.is_named(program_.deref(field.type), "sync", "RWMutex");
  return has_rwmutex_[std::uint32_t(type)] = has;
}

void Collector::count_touch(const FileFacts& facts, NodeId selector) {
  const Code& code = facts.code;
  types::Program& program = code.program();
  auto one = *code.as<ast::SelectorExpr>(selector);
  ObjectId field = code.object(one.sel);
  if (!types::is_there(field) || code.about(field).kind != types::ObjectKind::kField) return;
  if (!has_rwmutex(program.deref(code.type(one.x))) || is_own(code, one.x)) return;
  if (!is_of_module(field)) return;
  auto [row, fresh] = touched_.try_emplace(std::uint32_t(field), facts_.touched.size());
  if (fresh) facts_.touched.push_back({.field = symbol(field)});
  Touched& touched = facts_.touched[row->second];
  bool held = false;
  for (const Held& lock : facts.locks.at(selector)) {
    if (!facts.locks.of_same_object(lock, selector)) continue;
    held = true;
    touched.for_writing += lock.write ? 1 : 0;
  }
  if (!held) ++touched.bare;
}

void Collector::add_rlocks(const FileFacts& facts) {
  const Code& code = facts.code;
  if (code.is_test()) return;
  for (NodeId selector : code.of(Kind::kSelectorExpr)) count_touch(facts, selector);
  if (!facts.locks.any() || code.calls(Known::kRLock).empty() || code.program().is_generated(code.file()))
    return;
  for (const Code::Write& write : code.writes())
    if (!write.define && code.kind(code.inner(write.place)) != Kind::kIdent)
      note_write(facts, write.place, write.place);
  for (Known known : {Known::kDelete, Known::kClear})
    for (NodeId call : code.calls(known))
      if (auto one = *code.as<ast::CallExpr>(call); !one.args.empty()) note_write(facts, call, one.args[0]);
}

}  // namespace memsnap::misuse
