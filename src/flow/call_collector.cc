#include "flow/call_collector.h"

#include <algorithm>

namespace memsnap::flow {

using ast::Kind;
using types::ObjectKind;

bool takes_request(Program& program, TypeId signature) {
  if (program.kind(signature) != types::TypeKind::kSignature) return false;
  TypeId params = program.types().params(program.core_type(signature));
  for (TypeId param : program.types().parts(params)) {
    TypeId type = program.deref(param);
    if (program.types().kind(type) != types::TypeKind::kNamed) continue;
    const types::Object& name = program.object(program.types().object(type));
    std::string_view path = program.package(name.package).path, text = program.names().text(name.name);
    bool framework = path.find("gin-gonic/gin") != std::string_view::npos ||
                     path.find("labstack/echo") != std::string_view::npos ||
                     path.find("gofiber/fiber") != std::string_view::npos;
    if ((path == "net/http" && text == "Request") || (framework && (text == "Context" || text == "Ctx")))
      return true;
  }
  return false;
}

CallKind argument_kind(Program& program, FileId file, NodeId call, NodeId argument) {
  const SourceFile& source = program.source(file);
  auto c = source.as<ast::CallExpr>(call);
  if (!c) return CallKind::kValue;
  if (takes_request(program, program.type_of(file, argument))) return CallKind::kHandler;
  ObjectId callee = program.callee_of(file, call);
  std::string_view name = program.name(callee);
  if (name == "Go" || name == "TryGo" || name == "AfterFunc" || name == "GoFunc") return CallKind::kGo;
  return CallKind::kValue;
}

void CallCollector::run() {
  in_loop_.resize(source_.node_count());
  ast::walk(source_, source_.root(), [&](NodeId node) {
    note_loop(node);
    switch (source_.kind(node)) {
      case Kind::kImportSpec: return false;
      case Kind::kFuncLit: literal(node); break;
      case Kind::kFuncDecl: note_request(node); break;
      case Kind::kIdent: {
        NodeId above = parents_.of(node);
        auto selector = source_.as<ast::SelectorExpr>(above);
        bool declares = source_.kind(above) == Kind::kFuncDecl || source_.kind(above) == Kind::kField;
        if (!declares && !(selector && selector->sel == node))
          function_name(node, program_.object_of(file_, node));
        break;
      }
      case Kind::kSelectorExpr:
        function_name(node, program_.object_of(file_, source_.get<ast::SelectorExpr>(node).sel));
        break;
      default: break;
    }
    return true;
  });
}

// The CallExpr whose function the node is; kNoNode when it is none.
NodeId CallCollector::call_of(NodeId node) const {
  NodeId above = parents_.of(node);
  for (;; node = above, above = parents_.of(above)) {
    Kind kind = source_.kind(above);
    if (kind == Kind::kParenExpr || kind == Kind::kIndexListExpr) continue;
    if (auto index = source_.as<ast::IndexExpr>(above); index && index->x == node) continue;
    break;
  }
  auto call = source_.as<ast::CallExpr>(above);
  return call && call->fun == node ? above : ast::kNoNode;
}

CallKind CallCollector::kind_of(NodeId call) const {
  Kind above = source_.kind(parents_.of(call));
  return above == Kind::kGoStmt      ? CallKind::kGo
         : above == Kind::kDeferStmt ? CallKind::kDefer
                                     : CallKind::kStatic;
}

// Parents come first, so that nobody has to go up.
void CallCollector::note_loop(NodeId node) {
  NodeId above = parents_.of(node);
  if (!ast::is_there(above)) return;
  Kind kind = source_.kind(above);
  if (kind == Kind::kFuncLit || kind == Kind::kFuncDecl) return;
  in_loop_[std::size_t(node)] =
      kind == Kind::kForStmt || kind == Kind::kRangeStmt || in_loop_[std::size_t(above)];
}

void CallCollector::add(CallSite site, ObjectId callee, TypeId interface) {
  site.caller = functions_.at(file_, parents_.of(site.node));
  graph_.pending_.push_back({site, callee, interface, in_loop_[std::size_t(site.node)]});
}

void CallCollector::function_name(NodeId node, ObjectId object) {
  const types::Object& o = program_.object(object);
  NodeId call = call_of(node);
  if (o.kind == ObjectKind::kVar && ast::is_there(call)) return called_variable(call, object);
  if (o.kind != ObjectKind::kFunc) return;
  if (!ast::is_there(call)) return value(node, kNoFunc, object);
  called(node, call, kNoFunc, object);
}

void CallCollector::literal(NodeId node) {
  FuncId self = functions_.of(file_, node);
  NodeId call = call_of(node);
  if (ast::is_there(call)) return called(node, call, self, types::kNoObject);
  value(node, self, types::kNoObject);
  held_by_variable(node, self);
}

void CallCollector::called(NodeId node, NodeId call, FuncId callee, ObjectId object) {
  CallSite site{.callee = callee, .node = call, .kind = kind_of(call)};
  TypeId interface = types::kUnknownType;
  if (source_.kind(node) == Kind::kSelectorExpr) {
    types::Selection selection = program_.selection_of(file_, node);
    if (selection.kind == types::Selection::Kind::kMethod) {
      note_lock(node, object);
      const types::Object& method = program_.object(object);
      // A method of an interface is declared as a field of it and has no body.
      bool concrete =
          method.file != types::kNoFile && program_.source(method.file).kind(method.decl) == Kind::kFuncDecl;
      if (!concrete) interface = selection.receiver;
      if (!concrete && site.kind == CallKind::kStatic) site.kind = CallKind::kInterface;
    }
  }
  note_service(call, object);
  add(site, object, interface);
}

// f := func() {...}; f() calls the closure, and so does go f().
void CallCollector::called_variable(NodeId call, ObjectId variable) {
  add({.node = call, .kind = kind_of(call)}, variable);
}

void CallCollector::held_by_variable(NodeId node, FuncId callee) {
  NodeId above = parents_.of(node), target = ast::kNoNode;
  while (source_.kind(above) == Kind::kParenExpr) node = above, above = parents_.of(above);
  auto find = [&](ast::NodeList names, ast::NodeList values) {
    for (std::size_t i = 0; i < values.size() && names.size() == values.size(); ++i)
      if (values[i] == node) target = names[i];
  };
  if (auto s = source_.as<ast::AssignStmt>(above)) find(s->lhs, s->rhs);
  if (auto s = source_.as<ast::ValueSpec>(above)) find(s->names, s->values);
  ObjectId var = program_.object_of(file_, target);
  if (program_.object(var).kind == ObjectKind::kVar) graph_.held_.push_back({var, callee});
}

// The function is an argument, or anything else that hands it on.
void CallCollector::value(NodeId node, FuncId callee, ObjectId object) {
  CallSite site{.callee = callee, .node = node, .kind = CallKind::kValue};
  NodeId below = node, above = parents_.of(node);
  while (source_.kind(above) == Kind::kParenExpr) below = above, above = parents_.of(above);
  if (auto call = source_.as<ast::CallExpr>(above); call && call->fun != below) {
    site.kind = argument_kind(program_, file_, above, below);
    if (kind_of(above) == CallKind::kGo && site.kind == CallKind::kValue) site.kind = CallKind::kGo;
  } else if (takes_request(program_, program_.type_of(file_, node))) {
    site.kind = CallKind::kHandler;
  } else if (auto pair = source_.as<ast::KeyValueExpr>(above)) {
    // Informers call these on a goroutine of their own.
    auto literal = source_.as<ast::CompositeLit>(parents_.of(above));
    if (literal && source_.text(literal->type).ends_with("HandlerFuncs")) site.kind = CallKind::kGo;
  }
  add(site, object);
}

void CallCollector::note_lock(NodeId node, ObjectId method) {
  std::string_view name = program_.name(method);
  bool locks = name == "Lock" || name == "RLock" || name == "TryLock" || name == "TryRLock";
  bool unlocks = name == "Unlock" || name == "RUnlock";
  if (locks || unlocks)
    graph_.set(functions_.at(file_, node), locks ? CallGraph::kLocks : CallGraph::kUnlocks);
}

// pb.RegisterGreeterServer(s, impl): the methods of impl run for requests.
void CallCollector::note_service(NodeId node, ObjectId callee) {
  std::string_view name = program_.name(callee);
  auto call = source_.get<ast::CallExpr>(node);
  if (!name.starts_with("Register") || !name.ends_with("Server") || call.args.size() < 2) return;
  TypeId type = program_.deref(program_.type_of(file_, call.args[1]));
  if (program_.types().kind(type) != types::TypeKind::kNamed) return;
  for (ObjectId method : program_.methods_of(program_.types().object(type)))
    if (program_.object(method).exported)
      graph_.pending_.push_back(
          {{.caller = functions_.at(file_, node), .node = node, .kind = CallKind::kHandler}, method});
}

void CallCollector::note_request(NodeId decl) {
  FuncId self = functions_.of(file_, decl);
  TypeId type = program_.type(functions_[self].object);
  if (!takes_request(program_, type)) return;
  auto params = program_.types().parts(program_.types().params(type));
  bool answers = std::ranges::any_of(
      params, [&](TypeId t) { return program_.is_named(t, "net/http", "ResponseWriter"); });
  if (answers && !program_.is_test(file_)) graph_.served_.push_back(self);
}

}  // namespace memsnap::flow
