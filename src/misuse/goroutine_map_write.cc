// Rule goroutine-map-write: a map that a goroutine shares with others is written without a lock.
//
// Either the goroutine is started in a loop that the map is declared outside of, and no iteration waits for
// it, or the function that started it uses the map before anything waits. Writes in a function of this file
// that gets the map as an argument count as well, one call deep.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool changes(How how) { return how == How::kInsert || how == How::kDelete || how == How::kClear; }

class Search {
 public:
  Search(const FileFacts& facts, Report& report) : facts_(facts), code_(facts.code), report_(report) {}

  void run() {
    for (NodeId literal : code_.of(Kind::kFuncLit))
      if (started_with_go(code_, literal)) in_goroutine(literal);
    for (NodeId go : code_.of(Kind::kGoStmt)) {
      auto call = *code_.as<ast::CallExpr>(code_.as<ast::GoStmt>(go)->call);
      if (code_.kind(code_.inner(call.fun)) == Kind::kFuncLit) continue;
      arguments(code_.as<ast::GoStmt>(go)->call, go, {});
    }
  }

 private:
  // The function's declaration in this file.
  std::optional<ast::FuncDecl> declared(NodeId call) const {
    ObjectId callee = code_.program().callee_of(code_.file(), call);
    if (!types::is_there(callee) || code_.about(callee).file != code_.file()) return std::nullopt;
    return code_.as<ast::FuncDecl>(code_.about(callee).decl);
  }

  ObjectId parameter(NodeId function_type, std::size_t at) const {
    auto type = code_.as<ast::FuncType>(function_type);
    auto fields = type ? code_.as<ast::FieldList>(type->params) : std::nullopt;
    if (!fields) return types::kNoObject;
    for (NodeId field : fields->list)
      for (NodeId name : ast::NodeList(code_.as<ast::Field>(field)->names))
        if (at-- == 0) return code_.object(name);
    return types::kNoObject;
  }

  NodeId unlocked_write(ObjectId map, NodeId within) const {
    for (NodeId use : code_.uses(map))
      if (code_.inside(use, within) && changes(access_of(code_, use).how) && facts_.locks.at(use).empty() &&
          !between_locks(use))
        return access_of(code_, use).node;
    return ast::kNoNode;
  }

  // A lock of another kind: a method named Lock that is called before it in the same function.
  bool between_locks(NodeId use) const {
    NodeId function = code_.function(use);
    return std::ranges::any_of(code_.of(Kind::kCallExpr), [&](NodeId call) {
      std::string_view name = code_.method_name(call);
      return (name.ends_with("Lock") || name.ends_with("Acquire")) && code_.pos(call) < code_.pos(use) &&
             code_.function(call) == function;
    });
  }

  // x.m[k] = v in goroutines that a loop starts, where x is declared outside the loop.
  void fields(NodeId literal) {
    NodeId start = code_.statement(literal), loop = code_.loop(start);
    if (!is_there(loop)) return;
    for (const Code::Write& write : code_.writes()) {
      auto index = code_.as<ast::IndexExpr>(code_.inner(write.place));
      if (!index || !code_.inside(write.place, literal) || !code_.is_map(index->x)) continue;
      NodeId field = code_.inner(index->x);
      ObjectId root = code_.root(field);
      if (code_.kind(field) != Kind::kSelectorExpr || !types::is_there(root)) continue;
      bool own = code_.is_local(root) &&
                 (!code_.declared_outside(root, literal) || !code_.declared_outside(root, loop));
      if (own || !facts_.locks.at(write.place).empty() || between_locks(write.place) || waits_in(start, loop))
        continue;
      Diagnostic& found = report_.at(code_, write.place,
                                     "several goroutines write " + code_.shown(field) + " without a lock");
      relate(found, code_, start, "started here, in a loop");
    }
  }

  void in_goroutine(NodeId literal) {
    fields(literal);
    NodeId start = code_.statement(literal);
    std::vector<ObjectId> seen;
    ast::walk(code_.source(), code_.body(literal), [&](NodeId node) {
      if (code_.kind(node) == Kind::kCallExpr) arguments(node, start, literal);
      if (code_.kind(node) != Kind::kIdent || !code_.is_map(node)) return true;
      ObjectId map = code_.object(node);
      if (!types::is_there(map) || !code_.is_local(map) || std::ranges::find(seen, map) != seen.end())
        return true;
      seen.push_back(map);
      if (!code_.declared_outside(map, literal) && !is_there(argument_for(literal, map))) return true;
      NodeId write = unlocked_write(map, literal);
      if (!is_there(write)) return true;
      NodeId bound = argument_for(literal, map);
      ObjectId shared = is_there(bound) ? code_.object(bound) : map;
      judge(shared, write, start, literal);
      return true;
    });
  }

  // The expression that a parameter of the literal stands for: go func(m map[..]..) {...}(expr).
  NodeId argument_for(NodeId literal, ObjectId parameter_object) const {
    auto call = code_.as<ast::CallExpr>(code_.outer(literal));
    if (!call || code_.inner(call->fun) != literal) return ast::kNoNode;
    for (std::size_t i = 0; i < call->args.size(); ++i)
      if (parameter(code_.as<ast::FuncLit>(literal)->type, i) == parameter_object)
        return code_.inner(call->args[i]);
    return ast::kNoNode;
  }

  void arguments(NodeId call, NodeId start, NodeId literal) {
    auto decl = declared(call);
    if (!decl || !is_there(decl->body)) return;
    if (is_there(literal) && !facts_.locks.at(call).empty()) return;
    auto one = *code_.as<ast::CallExpr>(call);
    for (std::size_t i = 0; i < one.args.size(); ++i) {
      NodeId argument = code_.inner(one.args[i]);
      ObjectId map = code_.object(argument);
      if (code_.kind(argument) != Kind::kIdent || !code_.is_map(argument) || !types::is_there(map)) continue;
      if (!code_.is_local(map) || (is_there(literal) && !code_.declared_outside(map, literal))) continue;
      ObjectId inner = parameter(decl->type, i);
      NodeId write = types::is_there(inner) ? unlocked_write(inner, decl->body) : ast::kNoNode;
      if (is_there(write)) judge(map, write, start, literal);
    }
  }

  void judge(ObjectId map, NodeId write, NodeId start, NodeId literal) {
    if (!types::is_there(map) || !code_.is_local(map)) return;
    NodeId loop = code_.loop(start);
    bool many = is_there(loop) && code_.declared_outside(map, loop) && !waits_in(start, loop);
    if (many) {
      say(map, write, start, "several goroutines write ", "started here, in a loop");
      return;
    }
    for (NodeId use : code_.uses(map)) {
      if (is_there(literal) && code_.inside(use, literal)) continue;
      if (code_.pos(use) < code_.source().end(start) || !code_.reaches(start, use)) continue;
      How how = access_of(code_, use).how;
      if (how == How::kAssign || how == How::kCompare) continue;
      if (synchronised_between(code_, start, use) || !facts_.locks.at(use).empty()) continue;
      Diagnostic* found = say(map, write, start, "a goroutine writes ", "started here");
      if (found) relate(*found, code_, use, "used here meanwhile: nothing waits for the goroutine before");
      return;
    }
  }

  // Behind the start, in the same iteration, something waits.
  bool waits_in(NodeId start, NodeId loop) const {
    NodeId body = code_.loop_body(loop);
    auto later = [&](NodeId node) {
      return code_.inside(node, body) && code_.pos(node) > code_.source().end(start) &&
             code_.function(node) == code_.function(start);
    };
    for (NodeId node : code_.of(Kind::kUnaryExpr))
      if (code_.as<ast::UnaryExpr>(node)->op == ast::Token::kArrow && later(node)) return true;
    return std::ranges::any_of(code_.calls(Known::kWait), later);
  }

  Diagnostic* say(ObjectId map, NodeId write, NodeId start, std::string what, std::string where) {
    Diagnostic& found =
        report_.at(code_, write, what + std::string(code_.program().name(map)) + " without a lock");
    relate(found, code_, start, std::move(where));
    return &found;
  }

  const FileFacts& facts_;
  const Code& code_;
  Report& report_;
};

void file(const FileFacts& facts, Report& report) { Search(facts, report).run(); }

}  // namespace

constinit const Rule kGoroutineMapWrite{
    .name = "goroutine-map-write", .severity = Severity::kHigh, .file = file};

}  // namespace memsnap::misuse
