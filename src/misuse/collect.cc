#include "misuse/collect.h"

#include "gotypes/digest.h"
#include "misuse/grow.h"
#include "misuse/taint.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// NewCache(), createCore(config), x.Clone(): what comes back is nobody else's yet.
bool constructs(const Code& code, NodeId call) {
  call = code.inner(call);
  if (code.kind(call) != Kind::kCallExpr) return false;
  ObjectId callee = code.program().callee_of(code.file(), call);
  if (!types::is_there(callee) || code.about(callee).kind != types::ObjectKind::kFunc) return false;
  std::string_view name = code.program().name(callee);
  for (std::string_view copies : {"Clone", "clone", "Copy", "copy", "DeepCopy"})
    if (name == copies) return true;
  for (std::string_view start : {"New", "new", "Create", "create"})
    if (name.starts_with(start)) return !is_there(code.receiver(call)) || !code.is_local(code.root(call));
  return false;
}

// The object that `base` is part of was made in this function, by a literal or new, so nobody else has it
// yet.
bool made_here(const Code& code, NodeId base, NodeId at) {
  ObjectId root = code.root(base);
  if (!types::is_there(root) || !code.is_local(root) || code.about(root).parameter) return false;
  NodeId declared = code.about(root).ident;
  NodeId around = code.function(at);
  if (code.about(root).file != code.file() || !is_there(declared)) return false;
  for (NodeId inner = around; code.function(declared) != inner;) {
    if (code.kind(inner) != Kind::kFuncLit || started_with_go(code, inner)) return false;
    inner = code.function(inner);
  }
  std::vector<Code::Write> writes = code.writes_of(root);
  if (writes.empty()) return true;  // a named result
  return std::ranges::all_of(writes, [&](const Code::Write& one) {
    bool zero = one.define && !is_there(one.value) && code.kind(one.statement) == Kind::kValueSpec;
    if (is_there(one.call)) return one.result == 0 && constructs(code, one.call);
    return zero || (is_there(one.value) && (is_fresh_value(code, one.value) || constructs(code, one.value)));
  });
}

// The map or slice was replaced by a new one of its own in this function before.
bool renewed_before(const Code& code, const Access& access) {
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) {
    return is_there(one.value) && one.place != access.expr && is_fresh_value(code, one.value) &&
           code.same(one.place, access.expr) && code.dominates(one.place, access.expr);
  });
}

bool makes_empty(const Code& code, NodeId value) {
  value = code.inner(value);
  if (auto literal = code.as<ast::CompositeLit>(value)) return literal->elts.empty();
  return code.called(value) == Known::kMake;
}

// The function starts goroutines, and the first of them behind the access.
bool is_before_go(const Code& code, NodeId ident) {
  NodeId function = code.function(ident);
  for (NodeId go : code.of(Kind::kGoStmt))
    if (code.function(go) == function) return code.pos(go) > code.pos(ident);
  return false;
}

// Something else is assigned to the place behind `from`.
bool is_given_up(const Code& code, NodeId from) {
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) {
    return code.pos(one.place) > code.pos(from) && code.function(one.place) == code.function(from) &&
           code.same(one.place, from);
  });
}

// y of y := x.f is returned and only ever is x.f, and x.f is not given up for something new.
bool is_returned(const Code& code, NodeId stored) {
  auto assign = code.as<ast::AssignStmt>(code.outer(stored));
  if (!assign || assign->lhs.size() != 1 || code.kind(code.inner(assign->lhs[0])) != Kind::kIdent)
    return false;
  ObjectId variable = code.object(assign->lhs[0]);
  if (!types::is_there(variable) || !code.is_local(variable)) return false;
  NodeId value = code.only_value(variable);
  return !is_given_up(code, stored) && is_there(value) && code.inner(value) == code.inner(stored) &&
         std::ranges::any_of(code.uses(variable),
                             [&](NodeId use) { return access_of(code, use).how == How::kReturn; });
}

// if m == nil { ... } without an else, and its body does not leave.
bool lets_nil_by(const Code& code, NodeId compare) {
  auto binary = code.as<ast::BinaryExpr>(compare);
  auto check = code.as<ast::IfStmt>(code.outer(compare));
  return binary && check && binary->op == ast::Token::kEql && code.inner(check->cond) == compare &&
         !is_there(check->else_) && !code.leaves(check->body);
}

// Every value that the local variable ever gets is constant.
bool only_constants(const Code& code, ObjectId variable) {
  if (!types::is_there(variable) || !code.is_local(variable) || code.about(variable).parameter) return false;
  std::vector<Code::Write> writes = code.writes_of(variable);
  return !writes.empty() && !code.address_taken(variable) &&
         std::ranges::all_of(writes, [&](const Code::Write& one) {
           return is_there(one.value) && !one.updates && code.is_constant(one.value);
         });
}

// An array whose elements move, and an entry that is a map and written.
void note_shape(const Code& code, const Access& access, Use& use) {
  if (access.how == How::kSlice && code.called(code.outer(access.node)) == Known::kAppend)
    use.shifts = code.inner(code.as<ast::CallExpr>(code.outer(access.node))->args[0]) == access.node;
  if (access.how == How::kSlice && is_there(code.as<ast::SliceExpr>(access.node)->high))
    if (auto assign = code.as<ast::AssignStmt>(code.outer(access.node)); assign && assign->lhs.size() == 1)
      use.shifts |= code.same(assign->lhs[0], access.expr);
  if (access.how == How::kInner) {
    auto outer = code.as<ast::IndexExpr>(code.outer(access.node));
    use.inner_write = outer && code.inner(outer->x) == access.node && code.is_map(access.node);
  }
}

// x.f = append(x.f, ...) where x is a struct of this function: the others keep their length.
bool is_own_copy(const Code& code, NodeId base) {
  base = code.inner(base);
  ObjectId variable = code.kind(base) == Kind::kIdent ? code.object(base) : types::kNoObject;
  return types::is_there(variable) && code.is_local(variable) && code.type_kind(base) == TypeKind::kStruct &&
         !code.about(variable).parameter && !code.about(variable).result && !code.address_taken(variable);
}

// x.Name with x := T{Name: "a"}.
bool is_constant_field(const Code& code, NodeId key) {
  auto selector = code.as<ast::SelectorExpr>(key);
  NodeId name = selector ? code.inner(selector->x) : ast::kNoNode;
  if (!is_there(name) || code.kind(name) != Kind::kIdent) return false;
  NodeId value = code.only_value(code.object(name));
  auto literal = is_there(value) ? code.as<ast::CompositeLit>(code.inner(value)) : std::nullopt;
  if (!literal) return false;
  return std::ranges::any_of(literal->elts, [&](NodeId one) {
    auto pair = code.as<ast::KeyValueExpr>(one);
    return pair && code.text(pair->key) == code.text(selector->sel) && code.is_constant(pair->value);
  });
}

// if _, ok := m[k]; ok { panic(...) } in front of m[k] = v: each key comes once, from the text of the
// program.
bool panics_on_duplicates(const Code& code, const Access& access) {
  NodeId function = code.function(access.node);
  auto decl = code.as<ast::FuncDecl>(function);
  std::string_view name = decl ? code.text(decl->name) : std::string_view();
  bool registration = name.starts_with("register") || name.starts_with("Register");
  bool panics = std::ranges::any_of(code.calls(Known::kPanic), [&](NodeId call) {
    return is_there(function) && code.inside(call, function);
  });
  if (!registration && !panics) return false;
  auto all = code.of(Kind::kIndexExpr);  // by place
  auto place = [&](NodeId node) { return code.pos(node); };
  auto first = std::ranges::lower_bound(all, code.pos(function), {}, place);
  auto last = std::ranges::lower_bound(all, code.pos(access.node), {}, place);
  return std::any_of(first, last, [&](NodeId other) {
    auto read = *code.as<ast::IndexExpr>(other);
    if (code.function(other) != function) return false;
    if (!code.same(read.x, access.expr) || !code.same(read.index, access.key)) return false;
    NodeId up = code.parent(other);
    while (is_there(up) && code.kind(up) != Kind::kIfStmt && code.kind(up) != Kind::kBlockStmt)
      up = code.parent(up);
    auto check = code.as<ast::IfStmt>(up);
    if (!check) return false;
    return (registration && code.leaves(check->body)) ||
           std::ranges::any_of(code.calls(Known::kPanic),
                               [&](NodeId call) { return code.inside(call, check->body); });
  });
}

// What a variable as key says: one of a few constants, or the result of a call.
void note_key_variable(const Code& code, NodeId key, Use& use) {
  if (only_constants(code, code.object(key))) use.constant_key = true;
  NodeId value = code.only_value(code.object(key));
  if (!is_there(value)) return;
  value = code.inner(value);
  use.key_call = code.kind(value) == Kind::kCallExpr && !code.program().is_conversion(code.file(), value);
  use.plain_key = !use.key_call;
}

bool looks_like_handler(const Code& code, NodeId function) {
  types::Program& program = code.program();
  auto type = code.as<ast::FuncDecl>(function) ? code.as<ast::FuncDecl>(function)->type
                                               : code.as<ast::FuncLit>(function)->type;
  auto shape = code.as<ast::FuncType>(type);
  if (!shape) return false;
  auto fields = code.as<ast::FieldList>(shape->params);
  if (!fields || fields->list.size() < 2) return false;
  auto of = [&](std::size_t at) { return code.type(code.as<ast::Field>(fields->list[at])->type); };
  return program.is_named(of(0), "net/http", "ResponseWriter") &&
         program.is_named(program.deref(of(1)), "net/http", "Request");
}

bool is_receiver(const Code& code, NodeId function, ObjectId parameter) {
  auto decl = code.as<ast::FuncDecl>(function);
  return decl && is_there(decl->recv) && code.inside(code.about(parameter).ident, decl->recv);
}

// The receiver is a variable of this very run: declared inside the function, or inside the loop that starts
// goroutines, or the parameter of a handler. Other parameters, captured variables and package variables may
// be shared.
bool own_of_run(const Code& code, NodeId receiver, NodeId call) {
  ObjectId root = code.root(receiver);
  if (!types::is_there(root)) return true;  // the result of a call
  if (!code.is_local(root) || code.about(root).file != code.file()) return false;
  NodeId declared = code.about(root).ident;
  NodeId function = code.function(call);
  NodeId body = code.body(function);
  if (!code.about(root).parameter && code.inside(declared, body)) {
    bool go = code.kind(code.parent(call)) == Kind::kGoStmt;
    NodeId loop = go ? code.loop(call) : ast::kNoNode;
    return !go || !is_there(loop) || code.inside(declared, loop);
  }
  if (code.about(root).parameter && is_there(function) && looks_like_handler(code, function))
    return code.inside(declared, function) && !code.inside(declared, body) &&
           !is_receiver(code, function, root);
  if (code.kind(function) != Kind::kFuncLit || !started_with_go(code, function)) return false;
  if (code.about(root).parameter && code.inside(declared, function)) return true;
  NodeId loop = code.loop(function);
  return is_there(loop) && code.inside(declared, loop);
}

// The owner of the mutex is the receiver or an argument, or the mutex belongs to nobody.
bool is_passed(const Locks& locks, const Held& held, NodeId receiver, ast::NodeList arguments) {
  return locks.of_object(held, receiver) ||
         std::ranges::any_of(arguments, [&](NodeId one) { return locks.of_object(held, one); });
}

// once.Do(f), sync.OnceFunc(f), sync.OnceValue(f); flag.Func("x", "", f), flag.Var(list(f), "x", "")
bool runs_once(const Code& code, NodeId call) {
  if (!code.as<ast::CallExpr>(call)) return false;
  if (code.program().is_conversion(code.file(), call)) call = code.outer(call);
  if (ObjectId callee = code.program().callee_of(code.file(), call); types::is_there(callee)) {
    std::string name = code.program().qualified_name(callee);
    for (std::string_view start : {"sync.Once", "flag.", "(*flag.FlagSet)"})
      if (name.starts_with(start)) return true;
  }
  NodeId once = code.method_name(call) == "Do" ? code.receiver(call) : ast::kNoNode;
  return is_there(once) && code.program().is_named(code.program().deref(code.type(once)), "sync", "Once");
}

// The condition says that the comma-ok of a look-up failed (`found` false) or not.
bool tests(const Code& code, NodeId condition, ObjectId ok, bool found) {
  condition = code.inner(condition);
  if (auto no = code.as<ast::UnaryExpr>(condition); no && no->op == ast::Token::kNot)
    return !found && code.object(no->x) == ok;
  return found && code.kind(condition) == Kind::kIdent && code.object(condition) == ok;
}

// make, ok := makers[k]; if !ok { return } in front of m[k] = make(): m has no more entries than a package
// variable of which the file deletes none.
bool is_known_key(const Code& code, const Access& access) {
  for (NodeId index : code.of(Kind::kIndexExpr)) {
    auto read = *code.as<ast::IndexExpr>(index);
    if (code.pos(index) > code.pos(access.node) || code.function(index) != code.function(access.node))
      continue;
    auto assign = code.as<ast::AssignStmt>(code.outer(index));
    if (!assign || assign->lhs.size() != 2 || !code.is_map(read.x)) continue;
    if (code.same(read.x, access.expr)) continue;
    ObjectId table = code.object(read.x), ok = code.object(assign->lhs[1]);
    if (!types::is_there(table) || !types::is_there(ok) || !code.is_package_var(table)) continue;
    if (!code.same(read.index, access.key)) continue;
    bool shrinks = std::ranges::any_of(code.calls(Known::kDelete), [&](NodeId call) {
      return code.object(code.as<ast::CallExpr>(call)->args[0]) == table;
    });
    if (shrinks) continue;
    for (NodeId node : code.of(Kind::kIfStmt)) {
      auto check = *code.as<ast::IfStmt>(node);
      bool inside = code.inside(access.node, check.body);
      if (inside && tests(code, check.cond, ok, true)) return true;
      if (!inside && tests(code, check.cond, ok, false) && code.leaves(check.body) &&
          code.dominates(check.cond, access.node))
        return true;
    }
  }
  return false;
}

// len(m) is compared with something, and where that is the condition of an if, what is below it leaves or
// touches the map.
bool bounds(const Code& code, const Access& access) {
  auto binary = code.as<ast::BinaryExpr>(code.outer(access.node));
  if (!binary || ast::precedence(binary->op) != 3) return false;
  if (code.integer(code.inner(binary->x) == access.node ? binary->y : binary->x) == 0) return false;
  NodeId up = code.outer(code.outer(access.node));
  while (code.kind(up) == Kind::kBinaryExpr) up = code.outer(up);
  auto check = code.as<ast::IfStmt>(up);
  if (!check || is_there(check->else_) || code.leaves(check->body)) return true;
  bool acts = false;
  ast::walk(code.source(), check->body, [&](NodeId node) {
    bool names = code.same(node, access.expr);
    bool ranged = names && code.kind(code.outer(node)) == Kind::kRangeStmt;
    bool read = names && code.kind(code.outer(node)) == Kind::kCallExpr &&
                code.called(code.outer(node)) == Known::kLen;
    acts |= (names && !ranged && !read) || code.kind(node) == Kind::kReturnStmt;
    return !acts;
  });
  return acts;
}

bool is_mutex(const Code& code, NodeId expr) {
  types::TypeId type = code.program().deref(code.type(expr));
  return code.program().is_named(type, "sync", "Mutex") || code.program().is_named(type, "sync", "RWMutex");
}

// func() { ... }(), or add := func() { ... } of which only add() is ever done.
bool called_here(const Code& code, NodeId literal) {
  NodeId up = code.outer(literal);
  if (auto call = code.as<ast::CallExpr>(up)) return code.inner(call->fun) == literal;
  auto assign = code.as<ast::AssignStmt>(up);
  if (!assign || assign->lhs.size() != 1 || code.kind(assign->lhs[0]) != Kind::kIdent) return false;
  ObjectId variable = code.object(assign->lhs[0]);
  if (!types::is_there(variable) || !code.is_local(variable)) return false;
  return std::ranges::all_of(code.uses(variable), [&](NodeId use) {
    auto call = code.as<ast::CallExpr>(code.outer(use));
    bool called =
        call && code.inner(call->fun) == use && code.kind(code.parent(code.outer(use))) != Kind::kGoStmt;
    return called || code.outer(use) == up || code.kind(code.parent(use)) == Kind::kValueSpec;
  });
}

// The mutexes that are held where the goroutine starts, and where its maker waits for it.
std::vector<ObjectId> lent_to(const FileFacts& facts, NodeId literal) {
  const Code& code = facts.code;
  std::vector<ObjectId> lent;
  NodeId around = code.function(literal);
  std::vector<Held> held = facts.locks.at(code.outer(literal));
  for (NodeId wait : held.empty() ? std::span<const NodeId>() : code.calls(Known::kWait)) {
    if (code.function(wait) != around || code.pos(wait) < code.pos(literal)) continue;
    for (const Held& still : facts.locks.at(wait))
      if (std::ranges::find(held, still.mutex, &Held::mutex) != held.end()) lent.push_back(still.mutex);
  }
  return lent;
}

bool has_lock(types::Program& program, types::TypeId type, int depth) {
  if (depth > 3) return false;
  for (const types::Field& field : program.types().fields(program.underlying(program.deref(type)))) {
    types::TypeId of = program.deref(field.type);
    for (std::string_view name : {"Mutex", "RWMutex", "Locker", "Map", "Once"})
      if (program.is_named(of, "sync", name)) return true;
    std::string_view name = program.names().text(field.name);
    if (name.find("mu") != name.npos || name.find("lock") != name.npos || name.find("Lock") != name.npos)
      return true;
    if (field.embedded && has_lock(program, of, depth + 1)) return true;
  }
  return false;
}

constexpr int kMostSteps = 6;  // from a package variable, through structs and pointers

bool is_container(types::Program& program, types::TypeId type) {
  TypeKind kind = program.kind(type);
  return kind == TypeKind::kMap || kind == TypeKind::kSlice ||
         program.is_named(program.deref(type), "sync", "Map");
}

// See Symbol::light.
bool is_light(types::Program& program, types::TypeId type) {
  const types::TypeTable& all = program.types();
  TypeKind kind = program.kind(type);
  if (kind != TypeKind::kMap && kind != TypeKind::kSlice) return false;
  types::TypeId element = all.elem(program.core_type(type));
  TypeKind what = program.kind(element);
  if (kind == TypeKind::kSlice) return what == TypeKind::kSignature || what == TypeKind::kInterface;
  types::TypeId key = all.key(program.core_type(type));
  if (program.kind(key) == TypeKind::kTypeParam) return true;
  if (program.kind(key) == TypeKind::kBasic && !program.is_string(key)) return true;
  if (what == TypeKind::kStruct) return all.fields(program.underlying(element)).empty();
  return what == TypeKind::kSignature || (what == TypeKind::kBasic && !program.is_string(element));
}

// A field of such a type may be asked for its struct: a container, or what may be a lock.
bool is_asked_of(types::Program& program, types::TypeId type) {
  TypeKind kind = program.kind(program.deref(type));
  return is_container(program, type) || kind == TypeKind::kStruct || kind == TypeKind::kInterface ||
         flow::is_mutex(program, type);
}

}  // namespace

FunctionRow Collector::row_at(NodeId function) const {
  auto found = row_of_node_.find(std::uint32_t(function));
  return found == row_of_node_.end() ? 0 : found->second;
}

void Collector::add(const FileFacts& facts) {
  row_of_node_.clear();
  facts_.files.push_back(facts.code.source().path());
  module_ = program_.module_of(program_.package_of(facts.code.file()));
  add_functions(facts);
  add_calls(facts);
  add_uses(facts);
  add_types(facts.code);
  add_rlocks(facts);
}

void Collector::add_functions(const FileFacts& facts) {
  const Code& code = facts.code;
  for (NodeId node : code.of(Kind::kFuncDecl)) {
    auto decl = *code.as<ast::FuncDecl>(node);
    ObjectId object = code.object(decl.name);
    Function one{.object = symbol(object), .is_test = code.is_test()};
    one.name = keep(code.function_name(node));
    one.exported = code.about(object).exported;
    std::string_view name = code.text(decl.name);
    one.is_init = !is_there(decl.recv) &&
                  (name == "init" ||
                   (name == "main" && code.source().package_name() == code.program().names().find("main")));
    one.says_locked = says_locked(code, node);
    one.handler = looks_like_handler(code, node) || name == "ServeHTTP";
    row_of_node_[std::uint32_t(node)] = FunctionRow(facts_.functions.size());
    facts_.functions.push_back(one);
  }
  for (NodeId node : code.of(Kind::kFuncLit)) {
    Function one{.is_test = code.is_test()};
    one.name = keep(code.function_name(node));
    one.is_init = runs_once(code, code.outer(node));
    one.goroutine = started_with_go(code, node);
    one.in_loop = one.goroutine && is_there(code.loop(node));
    if (one.goroutine)
      for (ObjectId mutex : lent_to(facts, node)) one.lent.push_back(symbol(mutex));
    NodeId call = code.outer(node);
    one.handler = looks_like_handler(code, node) || code.called(call) == Known::kHandle ||
                  code.called(call) == Known::kAfterFunc;
    one.as_value = !one.goroutine && !called_here(code, node);
    row_of_node_[std::uint32_t(node)] = FunctionRow(facts_.functions.size());
    facts_.functions.push_back(one);
  }
  for (const Code::Write& write : code.writes()) {  // who sets the mutex has the object for itself
    if (code.kind(code.inner(write.place)) != Kind::kSelectorExpr) continue;
    if (is_mutex(code, write.place)) facts_.functions[row_at(code.function(write.place))].sets_lock = true;
  }
  for (NodeId node : code.of(Kind::kFuncLit))
    facts_.functions[row_at(node)].around = row_at(code.function(node));
}

void Collector::note_arguments(const Code& code, NodeId node, Call& call) {
  auto arguments = ast::NodeList(code.as<ast::CallExpr>(node)->args);
  for (std::uint32_t i = 0; i < arguments.size(); ++i) {
    if (std::string what; from_outside(code, arguments[i], what))
      call.outside.push_back({i, keep(std::move(what))});
    if (i >= 32) continue;
    if (is_fresh_value(code, arguments[i]) || made_here(code, arguments[i], node))
      call.fresh_arguments |= 1u << i;
    if (code.is_constant(arguments[i])) call.constant_arguments |= 1u << i;
    if (int above = parameter_index(code, arguments[i]); above >= 0)
      call.forwarded.push_back({i, std::uint32_t(above)});
  }
}

void Collector::add_calls(const FileFacts& facts) {
  const Code& code = facts.code;
  std::unordered_set<std::uint32_t> called;  // Idents
  for (NodeId node : code.of(Kind::kCallExpr)) {
    ObjectId callee = code.program().callee_of(code.file(), node);
    auto call = *code.as<ast::CallExpr>(node);
    NodeId fun = code.inner(call.fun);
    if (auto selector = code.as<ast::SelectorExpr>(fun)) fun = selector->sel;
    called.insert(std::uint32_t(fun));
    if (!is_of_module(callee) || code.about(callee).kind != types::ObjectKind::kFunc) continue;
    Call one{.callee = symbol(callee), .from = row_at(code.function(node))};
    NodeId receiver = code.receiver(node);
    for (const Held& held : facts.locks.at(node))
      if (is_passed(facts.locks, held, receiver, call.args)) one.held.push_back(symbol(held.mutex));
    one.locked = facts.locks.perhaps_any(node);
    one.go = code.kind(code.parent(node)) == Kind::kGoStmt;
    one.in_loop = one.go && is_there(code.loop(node));
    one.at_start = !is_there(code.function(node));
    if (is_there(receiver)) {
      bool named = types::is_there(code.root(receiver));  // not the result of a call, nor converted
      one.made = !named || made_here(code, receiver, node);
      one.fresh = one.made || own_of_run(code, receiver, node);
    }
    note_arguments(code, node, one);
    facts_.calls.push_back(std::move(one));
  }
  // Functions that are named without being called may run anywhere.
  auto as_value = [&](NodeId ident) {
    if (called.contains(std::uint32_t(ident))) return;
    ObjectId object = code.object(ident);
    if (!is_of_module(object) || code.about(object).kind != types::ObjectKind::kFunc) return;
    if (code.about(object).ident == ident && code.about(object).file == code.file()) return;
    NodeId call = code.outer(whole_name(code, ident));
    if (runs_once(code, call)) {  // as init does
      facts_.functions.push_back({.is_init = true});
      facts_.calls.push_back({.callee = symbol(object), .from = FunctionRow(facts_.functions.size() - 1)});
      return;
    }
    bool handled = code.called(call) == Known::kHandle || code.called(call) == Known::kAfterFunc;
    // go wait.Until(x.run, ...)
    bool go = code.kind(call) == Kind::kCallExpr && code.kind(code.parent(call)) == Kind::kGoStmt;
    facts_.calls.push_back({.callee = symbol(object),
                            .from = 0,
                            .go = handled || go,
                            .in_loop = handled || (go && is_there(code.loop(call)))});
  };
  for (NodeId node : code.of(Kind::kSelectorExpr)) as_value(code.as<ast::SelectorExpr>(node)->sel);
  for (NodeId node : code.of(Kind::kCallExpr))
    for (NodeId argument : ast::NodeList(code.as<ast::CallExpr>(node)->args))
      if (NodeId name = code.inner(argument); code.kind(name) == Kind::kIdent) as_value(name);
}

void Collector::add_uses(const FileFacts& facts) {
  const Code& code = facts.code;
  types::Program& program = code.program();
  // Each Ident of the file that names a field or a package variable of interest.
  for (std::size_t i = 1; i < code.source().node_count(); ++i) {
    NodeId node{std::uint32_t(i)};
    if (code.kind(node) != Kind::kIdent) continue;
    ObjectId object = program.object_of(code.file(), node);
    if (!types::is_there(object)) continue;
    const types::Object& about = program.object(object);
    bool field = about.kind == types::ObjectKind::kField;
    if (!field && !(about.kind == types::ObjectKind::kVar && about.package_level)) continue;
    if (about.ident == node && about.file == code.file() && field) continue;
    types::TypeId type = program.type(object);
    if (!is_container(program, type)) continue;
    add_use(facts, object, node);
  }
  // A literal without keys sets every field.
  for (NodeId node : code.of(Kind::kCompositeLit)) {
    auto literal = *code.as<ast::CompositeLit>(node);
    if (literal.elts.empty() || code.kind(literal.elts[0]) == Kind::kKeyValueExpr) continue;
    auto fields = program.types().fields(program.underlying(code.type(node)));
    for (std::size_t i = 0; i < fields.size() && i < literal.elts.size(); ++i)
      if (TypeKind kind = program.kind(fields[i].type); kind == TypeKind::kMap || kind == TypeKind::kSlice)
        facts_.uses.push_back({.object = symbol(fields[i].object),
                               .how = How::kAssign,
                               .place = place(code, literal.elts[i]),
                               .function = row_at(code.function(node)),
                               .fresh = true,
                               .nil = code.is_nil(literal.elts[i])});
  }
}

void Collector::add_use(const FileFacts& facts, ObjectId object, NodeId ident) {
  const Code& code = facts.code;
  Access access = access_of(code, ident);
  NodeId at = is_there(access.node) ? access.node : access.expr;
  if (access.how == How::kAssign) at = access.expr;
  Use use{.object = symbol(object),
          .how = access.how,
          .place = place(code, at),
          .function = row_at(code.function(ident))};
  auto selector = code.as<ast::SelectorExpr>(code.inner(access.expr));
  NodeId base = selector ? selector->x : ast::kNoNode;
  bool field = code.about(object).kind == types::ObjectKind::kField;
  use.fresh = access.how == How::kAssign && code.kind(access.statement) == Kind::kKeyValueExpr;
  if (field && is_there(base)) use.fresh = made_here(code, base, ident) || renewed_before(code, access);
  if (field && access.how == How::kAppend && is_own_copy(code, base)) use.fresh = true;
  if (field && is_there(base)) use.on_receiver = !own_of_run(code, base, ident);
  use.nil = access.how == How::kAssign && is_there(access.value) && code.is_nil(access.value);
  use.empty = access.how == How::kAssign && is_there(access.value) && makes_empty(code, access.value);
  use.returned = access.how == How::kStore && is_returned(code, access.expr);
  use.lets_nil_by = access.how == How::kCompare && lets_nil_by(code, access.node);
  bool declared = access.how == How::kAssign && code.kind(access.statement) == Kind::kValueSpec;
  if (declared && !is_there(access.value)) use.nil = true;
  use.in_loop = is_there(code.loop(ident));
  if (is_there(access.key)) {
    NodeId key = code.inner(access.key);
    use.constant_key = code.is_constant(key);
    use.plain_key = code.kind(key) == Kind::kIdent;
    use.key_parameter = parameter_index(code, key);
    if (std::string what; access.how == How::kInsert && !is_checked_before(code, key))
      if (from_outside(code, key, what)) use.outside = keep(std::move(what));
    use.key_call = code.kind(key) == Kind::kCallExpr && !code.program().is_conversion(code.file(), key);
    if (use.plain_key) note_key_variable(code, key, use);
    if (is_constant_field(code, key)) use.constant_key = true;
    if (access.how == How::kInsert && !use.constant_key) use.constant_key = is_known_key(code, access);
  }
  use.before_go = is_before_go(code, ident);
  if (access.how == How::kLen) use.bounded = bounds(code, access);
  note_shape(code, access, use);
  if (access.how == How::kInsert && is_there(access.value))
    use.stores_parameter = parameter_index(code, access.value) >= 0;
  if (access.how == How::kInsert) use.registers = panics_on_duplicates(code, access);
  if (access.how == How::kSend) use.given_up = is_given_up(code, access.expr);
  if (is_there(base)) use.of_parameter = parameter_index(code, base);
  for (const Held& held : facts.locks.at(ident)) {
    if (facts.locks.of_same_object(held, access.expr))
      use.guards.push_back({symbol(held.mutex), held.write});
    else
      use.other_lock = true;
  }
  if (use.guards.empty() && facts.locks.perhaps(ident, access.expr)) use.other_lock = true;
  if (access.how == How::kInsert && is_there(access.value) && code.is_nil(access.value)) use.nil = true;
  if (access.how == How::kDelete) {
    NodeId loop = code.loop(ident);
    auto range = code.as<ast::RangeStmt>(loop);
    use.drains = range && code.same(range->x, access.expr) && is_there(access.key) && is_there(range->key) &&
                 code.same(range->key, access.key) && code.parent(code.statement(ident)) == range->body;
  }
  facts_.uses.push_back(std::move(use));
}

void Collector::add_types(const Code& code) {
  types::Program& program = code.program();
  for (NodeId node : code.of(Kind::kTypeSpec)) {
    auto spec = *code.as<ast::TypeSpec>(node);
    auto structure = code.as<ast::StructType>(spec.type);
    if (!structure) continue;
    SymbolId name = kNoSymbol;
    for (NodeId field : ast::NodeList(code.as<ast::FieldList>(structure->fields)->list))
      for (NodeId ident : ast::NodeList(code.as<ast::Field>(field)->names)) {
        ObjectId object = code.object(ident);
        if (!is_asked_of(program, program.type(object))) continue;
        if (!is_there(name)) {
          name = symbol(code.object(spec.name));
          facts_.symbols[std::size_t(name)].has_lock =
              has_lock(program, program.type(code.object(spec.name)), 0);
        }
        facts_.owners.push_back({symbol(object), name});
      }
  }
  for (NodeId node : code.of(Kind::kCompositeLit)) note_making(code.type(node), code.function(node));
  for (NodeId node : code.calls(Known::kNew))
    note_making(program.deref(code.type(node)), code.function(node));
  for (NodeId node : code.of(Kind::kValueSpec)) {
    if (NodeId function = code.function(node); is_there(function)) {
      if (NodeId type = code.as<ast::ValueSpec>(node)->type; is_there(type))
        note_making(code.type(type), function);
      continue;
    }
    for (NodeId ident : ast::NodeList(code.as<ast::ValueSpec>(node)->names)) {
      ObjectId object = code.object(ident);
      if (types::is_there(object) && code.is_package_var(object)) held_.push_back(program.type(object));
    }
  }
}

void Collector::note_making(types::TypeId type, NodeId function, int depth) {
  if (program_.kind(type) != TypeKind::kStruct || program_.types().kind(type) != TypeKind::kNamed) return;
  ObjectId name = program_.types().object(type);
  if (is_of_module(name)) facts_.makers.push_back({symbol(name), row_at(function)});
  if (depth > 3) return;
  for (const types::Field& field : program_.types().fields(program_.underlying(type)))
    note_making(field.type, function, depth + 1);  // what lies in it is made with it
}

// By the number of steps, so that the same fields are found wherever one begins.
void Collector::note_lives() {
  std::unordered_set<std::uint32_t> seen_types, seen_fields;
  std::vector<types::TypeId> next;
  for (int steps = 0; steps <= kMostSteps && !held_.empty(); ++steps) {
    for (types::TypeId type : held_) {
      type = program_.deref(type);
      if (!seen_types.insert(std::uint32_t(type)).second) continue;
      for (const types::Field& field : program_.types().fields(program_.underlying(type))) {
        if (is_container(program_, field.type) && is_of_module(field.object) &&
            seen_fields.insert(std::uint32_t(field.object)).second)
          facts_.living.push_back(symbol(field.object));
        next.push_back(field.type);
      }
    }
    held_ = std::exchange(next, {});
  }
}

const PackageFacts& Collector::finish() {
  note_lives();
  return facts_;
}

SymbolId Collector::symbol(ObjectId object) {
  if (!types::is_there(object)) return kNoSymbol;
  auto [row, fresh] = symbol_of_.try_emplace(std::uint32_t(object), SymbolId(facts_.symbols.size()));
  if (fresh) facts_.symbols.push_back(about(object));
  return row->second;
}

Symbol Collector::about(ObjectId object) {
  const types::Object& one = program_.object(object);
  Symbol symbol{.name = program_.name(object)};
  identify(object, symbol);
  symbol.field = one.kind == types::ObjectKind::kField;
  symbol.package_level = one.package_level;
  symbol.exported = one.exported;
  symbol.embedded = one.embedded;
  if (!symbol.field && one.kind != types::ObjectKind::kVar) return symbol;
  types::TypeId type = program_.type(object);
  symbol.kind = program_.kind(type);
  symbol.light = is_light(program_, type);
  if (symbol.kind != TypeKind::kMap) return symbol;
  const types::TypeTable& all = program_.types();
  symbol.elem_kind = program_.kind(all.elem(program_.underlying(type)));
  types::TypeId key = all.key(program_.core_type(type));
  auto [row, fresh] = few_values_.try_emplace(std::uint32_t(key));
  if (fresh) row->second = few_values(program_, key);
  symbol.few_keys = row->second;
  return symbol;
}

// Other modules have facts of their own, which nobody asks for.
bool Collector::is_of_module(ObjectId object) const {
  if (!types::is_there(object)) return false;
  std::uint32_t module = program_.module_of(program_.object(object).package);
  return module == module_ || !program_.modules().all()[module].fixed;
}

// Of its package, file and place there. The bodies of functions before it are not counted, so that it stays
// the same when they change; what stands in a body is known by its place in the file.
void Collector::identify(ObjectId object, Symbol& symbol) {
  const types::Object& one = program_.object(object);
  types::Digester digester;
  digester.add(program_.package(one.package).path);
  if (one.file == types::kNoFile || !ast::is_there(one.ident)) {
    digester.add(program_.name(object));
  } else {
    const SourceFile& source = program_.source(one.file);
    digester.add(std::string_view(source.path()).substr(source.path().rfind('/') + 1));
    std::uint32_t place = source.pos(one.ident);
    const std::vector<Body>& bodies = bodies_of(one.file);
    auto next = std::ranges::upper_bound(bodies, place, {}, &Body::from);
    bool inside = next != bodies.begin() && place < (next - 1)->to;
    if (!inside && next != bodies.begin()) place -= (next - 1)->before + (next - 1)->to - (next - 1)->from;
    digester.add(std::uint64_t(inside));
    digester.add(std::uint64_t(place));
    symbol.place = place;
  }
  symbol.key = digester.result().low;
}

const std::vector<Collector::Body>& Collector::bodies_of(types::FileId file) {
  auto [row, fresh] = bodies_.try_emplace(std::uint32_t(file));
  if (!fresh) return row->second;
  const SourceFile& source = program_.source(file);
  std::uint32_t before = 0;
  for (NodeId decl : source.decls()) {
    auto function = source.as<ast::FuncDecl>(decl);
    if (!function || !function->has_body) continue;
    Body body{.from = source.end(function->type), .to = source.end(decl), .before = before};
    before += body.to - body.from;
    row->second.push_back(body);
  }
  return row->second;
}

Place Collector::place(const Code& code, NodeId node) {
  Span span = code.span(node);
  return {.file = std::uint32_t(facts_.files.size() - 1),
          .from = span.from,
          .to = span.to,
          .line = span.line,
          .column = span.column,
          .end_line = span.end_line,
          .end_column = span.end_column,
          .text = keep(folded(code.text(node)))};
}

}  // namespace memsnap::misuse
