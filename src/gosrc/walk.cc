#include "gosrc/walk.h"

#include "gosrc/lexer.h"

namespace memsnap::ast {

namespace {

// Takes what is there of ids and lists, in the order given.
struct Gather {
  std::vector<NodeId>& to;
  void one(NodeId id) const {
    if (is_there(id)) to.push_back(id);
  }
  void one(NodeList list) const { to.insert(to.end(), list.begin(), list.end()); }
  template <class... Parts>
  void operator()(Parts... parts) const {
    (one(parts), ...);
  }
};

void children_of_stmt(const SourceFile& file, NodeId id, const Gather& take) {
  const Node& n = file.node(id);
  NodeId a{n.a}, b{n.b};
  switch (n.kind) {
    case Kind::kAssignStmt: {
      auto v = file.get<AssignStmt>(id);
      return take(v.lhs, v.rhs);
    }
    case Kind::kReturnStmt: return take(file.get<ReturnStmt>(id).results);
    case Kind::kBlockStmt: return take(file.get<BlockStmt>(id).list);
    case Kind::kIfStmt: {
      auto v = file.get<IfStmt>(id);
      return take(v.init, v.cond, v.body, v.else_);
    }
    case Kind::kCaseClause: {
      auto v = file.get<CaseClause>(id);
      return take(v.list, v.body);
    }
    case Kind::kSwitchStmt: {
      auto v = file.get<SwitchStmt>(id);
      return take(v.init, v.tag, v.body);
    }
    case Kind::kTypeSwitchStmt: {
      auto v = file.get<TypeSwitchStmt>(id);
      return take(v.init, v.assign, v.body);
    }
    case Kind::kCommClause: {
      auto v = file.get<CommClause>(id);
      return take(v.comm, v.body);
    }
    case Kind::kForStmt: {
      auto v = file.get<ForStmt>(id);
      return take(v.init, v.cond, v.post, v.body);
    }
    case Kind::kRangeStmt: {
      auto v = file.get<RangeStmt>(id);
      return take(v.key, v.value, v.x, v.body);
    }
    case Kind::kBadStmt:
    case Kind::kEmptyStmt: return;
    default: return take(a, b);
  }
}

void children_of_decl(const SourceFile& file, NodeId id, const Gather& take) {
  switch (file.kind(id)) {
    case Kind::kImportSpec: {
      auto v = file.get<ImportSpec>(id);
      return take(v.name, v.path);
    }
    case Kind::kValueSpec: {
      auto v = file.get<ValueSpec>(id);
      return take(v.names, v.type, v.values);
    }
    case Kind::kTypeSpec: {
      auto v = file.get<TypeSpec>(id);
      return take(v.name, v.type_params, v.type);
    }
    case Kind::kGenDecl: return take(file.get<GenDecl>(id).specs);
    case Kind::kFuncDecl: {
      auto v = file.get<FuncDecl>(id);
      return take(v.recv, v.name, v.type, v.body);
    }
    case Kind::kField: {
      auto v = file.get<Field>(id);
      return take(v.names, v.type, v.tag);
    }
    case Kind::kFieldList: return take(file.get<FieldList>(id).list);
    case Kind::kFile: {
      auto v = file.get<File>(id);
      return take(v.name, v.decls);
    }
    default: return;
  }
}

}  // namespace

void children(const SourceFile& file, NodeId id, std::vector<NodeId>& to) {
  const Node& n = file.node(id);
  Gather take{to};
  if (is_stmt(n.kind)) return children_of_stmt(file, id, take);
  if (n.kind > Kind::kRangeStmt) return children_of_decl(file, id, take);
  switch (n.kind) {
    case Kind::kNone:
    case Kind::kBadExpr:
    case Kind::kIdent:
    case Kind::kBasicLit: return;
    case Kind::kCompositeLit: {
      auto v = file.get<CompositeLit>(id);
      return take(v.type, v.elts);
    }
    case Kind::kIndexListExpr: {
      auto v = file.get<IndexListExpr>(id);
      return take(v.x, v.indices);
    }
    case Kind::kSliceExpr: {
      auto v = file.get<SliceExpr>(id);
      return take(v.x, v.low, v.high, v.max);
    }
    case Kind::kCallExpr: {
      auto v = file.get<CallExpr>(id);
      return take(v.fun, v.args);
    }
    case Kind::kFuncType: {
      auto v = file.get<FuncType>(id);
      return take(v.type_params, v.params, v.results);
    }
    default: return take(NodeId{n.a}, NodeId{n.b});
  }
}

std::uint32_t operator_pos(const SourceFile& file, NodeId id) {
  NodeId left = kNoNode;
  const Node& n = file.node(id);
  if (n.kind == Kind::kBinaryExpr || n.kind == Kind::kSendStmt || n.kind == Kind::kIncDecStmt)
    left = NodeId{n.a};
  if (n.kind == Kind::kAssignStmt) left = file.get<AssignStmt>(id).lhs.back();
  return is_there(left) ? next_token(file.bytes(), file.end(left)) : n.pos;
}

Parents::Parents(const SourceFile& file)
    : parent_(file.node_count(), kNoNode),
      function_(file.node_count(), kNoNode),
      loop_(file.node_count(), kNoNode) {
  std::vector<NodeId> below;
  walk(file, file.root(), [&](NodeId node) {
    below.clear();
    children(file, node, below);
    put_below(file, node, below);
    return true;
  });
}

void Parents::put_below(const SourceFile& file, NodeId node, const std::vector<NodeId>& below) {
  NodeId function = function_[std::size_t(node)], loop = loop_[std::size_t(node)];
  Kind kind = file.kind(node);
  if (kind == Kind::kFuncDecl || kind == Kind::kFuncLit) function = node, loop = kNoNode;
  NodeId init = kind == Kind::kForStmt ? file.get<ForStmt>(node).init : kNoNode;
  NodeId body = kind == Kind::kRangeStmt ? file.get<RangeStmt>(node).body : kNoNode;
  for (NodeId child : below) {
    bool again = (kind == Kind::kForStmt && child != init) || (kind == Kind::kRangeStmt && child == body);
    parent_[std::size_t(child)] = node;
    function_[std::size_t(child)] = function;
    loop_[std::size_t(child)] = again ? node : loop;
  }
}

NodeId Parents::enclosing(const SourceFile& file, NodeId node, Kind kind) const {
  do node = of(node);
  while (is_there(node) && file.kind(node) != kind);
  return node;
}

}  // namespace memsnap::ast
