#include "misuse/code.h"

#include <algorithm>
#include <limits>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// A package for tests of others: a part of its path says so, as .../test/e2e/storage or .../volume/testing.
bool serves_tests(std::string_view path) {
  while (!path.empty()) {
    std::size_t slash = std::min(path.find('/'), path.size());
    std::string_view part = path.substr(0, slash);
    for (std::string_view word : {"test", "tests", "testing", "e2e", "testutil", "testutils", "testdata",
                                  "testhelpers", "testhelper", "teststorage", "testcluster", "mock", "mocks"})
      if (part == word) return true;
    // As in httptest, eventtest and integrationtests, but not in latest, nor in the name of a host.
    bool host = part.find('.') != part.npos;
    bool ends = part.ends_with("tests") ||
                (part.ends_with("test") && !part.ends_with("atest") && !part.ends_with("ntest"));
    if (ends && !host) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

// A file of helpers for tests: it imports testing, or its name says so.
bool helps_tests(const SourceFile& source) {
  std::string_view name = source.path();
  name.remove_prefix(name.rfind('/') + 1);
  for (std::string_view start : {"test_helper", "testhelper", "testutil", "test_util", "testing_util"})
    if (name.starts_with(start)) return true;
  for (std::string_view end : {"_testing_util.go", "_test_util.go", "_testutil.go", "_testing.go"})
    if (name.ends_with(end)) return true;
  return std::ranges::any_of(source.imports(), [&](NodeId one) {
    std::string_view path = source.text(source.as<ast::ImportSpec>(one)->path);
    return path == "\"testing\"" || path.ends_with("/go-testing-interface\"");
  });
}

}  // namespace

Code::Code(types::Program& program, KnownCalls& known, types::FileId file)
    : program_(program),
      known_(known),
      file_(file),
      source_(program.source(file)),
      package_(program.package(program.package_of(file))),
      is_test_(program.is_test(file) || serves_tests(package_.path) || helps_tests(source_)),
      parents_(source_),
      by_kind_(ast::kKinds) {
  for (std::size_t i = 1; i < source_.node_count(); ++i) {
    NodeId node{std::uint32_t(i)};
    Kind what = source_.kind(node);
    if (what != Kind::kIdent) by_kind_[std::size_t(what)].push_back(node);
    if (what == Kind::kIdent) {
      if (ObjectId one = program.object_of(file, node); types::is_there(one)) uses_.emplace_back(one, node);
    } else if (what == Kind::kCallExpr) {
      Known callee = known.of(program, program.callee_of(file, node));
      if (callee != Known::kNone) calls_.emplace_back(callee, node);
    }
  }
  auto by_place = [&](NodeId a, NodeId b) { return source_.pos(a) < source_.pos(b); };
  for (std::vector<NodeId>& nodes : by_kind_) std::ranges::stable_sort(nodes, by_place);
  std::ranges::sort(uses_, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : by_place(a.second, b.second);
  });
  std::ranges::sort(calls_, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : by_place(a.second, b.second);
  });
  for (const auto& [object, node] : uses_) use_nodes_.push_back(node);
  for (const auto& [callee, node] : calls_) call_nodes_.push_back(node);
  collect_writes();
}

NodeId Code::outer(NodeId node) const {
  NodeId up = parent(node);
  while (kind(up) == Kind::kParenExpr) up = parent(up);
  return up;
}

NodeId Code::body(NodeId function) const {
  if (auto decl = as<ast::FuncDecl>(function)) return decl->body;
  if (auto literal = as<ast::FuncLit>(function)) return literal->body;
  return ast::kNoNode;
}

NodeId Code::statement(NodeId node) const {
  for (; is_there(node); node = parent(node)) {
    if (!ast::is_stmt(kind(node))) continue;
    Kind up = kind(parent(node));
    if (up == Kind::kBlockStmt || up == Kind::kCaseClause || up == Kind::kCommClause ||
        up == Kind::kLabeledStmt)
      return node;
  }
  return ast::kNoNode;
}

NodeId Code::loop_body(NodeId loop) const {
  if (auto one = as<ast::ForStmt>(loop)) return one->body;
  if (auto one = as<ast::RangeStmt>(loop)) return one->body;
  return ast::kNoNode;
}

ObjectId Code::object(NodeId expr) const {
  expr = inner(expr);
  if (kind(expr) == Kind::kIdent) return program_.object_of(file_, expr);
  if (auto selector = as<ast::SelectorExpr>(expr)) {
    ObjectId direct = program_.object_of(file_, selector->sel);
    return types::is_there(direct) ? direct : program_.selection_of(file_, expr).object;
  }
  return types::kNoObject;
}

bool Code::is_local(ObjectId object) const {
  const types::Object& one = program_.object(object);
  return one.kind == types::ObjectKind::kVar && !one.package_level;
}

bool Code::is_package_var(ObjectId object) const {
  const types::Object& one = program_.object(object);
  return one.kind == types::ObjectKind::kVar && one.package_level;
}

ObjectId Code::root(NodeId expr) const {
  for (;;) {
    expr = inner(expr);
    if (auto star = as<ast::StarExpr>(expr)) {
      expr = star->x;
    } else if (auto index = as<ast::IndexExpr>(expr)) {
      expr = index->x;
    } else if (auto slice = as<ast::SliceExpr>(expr)) {
      expr = slice->x;
    } else if (auto selector = as<ast::SelectorExpr>(expr)) {
      ObjectId one = program_.object_of(file_, selector->sel);
      if (types::is_there(one) && is_package_var(one)) return one;
      expr = selector->x;
    } else if (auto unary = as<ast::UnaryExpr>(expr); unary && unary->op == ast::Token::kAnd) {
      expr = unary->x;
    } else {
      return object(expr);
    }
  }
}

bool Code::same(NodeId a, NodeId b) const {
  for (;;) {
    a = inner(a), b = inner(b);
    if (auto star = as<ast::StarExpr>(a)) a = inner(star->x);
    if (auto star = as<ast::StarExpr>(b)) b = inner(star->x);
    if (kind(a) != kind(b)) return false;
    if (kind(a) == Kind::kIdent) {
      ObjectId one = object(a);
      return types::is_there(one) && one == object(b);
    }
    if (kind(a) == Kind::kBasicLit) return text(a) == text(b);
    if (auto x = as<ast::SelectorExpr>(a)) {
      ObjectId field = object(a);
      if (!types::is_there(field)) return same_of_package(a, b);
      if (field != object(b)) return false;
      if (about(field).kind != types::ObjectKind::kField) return true;  // of a package
      a = x->x, b = as<ast::SelectorExpr>(b)->x;
    } else if (auto y = as<ast::IndexExpr>(a)) {
      auto z = as<ast::IndexExpr>(b);
      auto m = integer(y->index), n = integer(z->index);
      bool equal = m && n ? *m == *n : same(y->index, z->index);
      if (!equal) return false;
      a = y->x, b = z->x;
    } else if (auto sum = as<ast::BinaryExpr>(a)) {
      auto other = *as<ast::BinaryExpr>(b);
      if (sum->op != other.op || !same(sum->y, other.y)) return false;
      a = sum->x, b = other.x;
    } else {
      return false;
    }
  }
}

// labels.Port and labels.Port of a package whose source is not there.
bool Code::same_of_package(NodeId a, NodeId b) const {
  auto x = *as<ast::SelectorExpr>(a), y = *as<ast::SelectorExpr>(b);
  ObjectId package = object(x.x);
  return types::is_there(package) && about(package).kind == types::ObjectKind::kPkgName &&
         package == object(y.x) && text(x.sel) == text(y.sel);
}

std::span<const NodeId> Code::uses(ObjectId object) const {
  auto range = std::ranges::equal_range(uses_, object, {}, &std::pair<ObjectId, NodeId>::first);
  return std::span(use_nodes_).subspan(std::size_t(range.begin() - uses_.begin()), range.size());
}

bool Code::is_nil(NodeId expr) const {
  expr = inner(expr);
  if (kind(expr) == Kind::kIdent) {
    ObjectId one = object(expr);
    return types::is_there(one) && about(one).kind == types::ObjectKind::kNil;
  }
  auto call = as<ast::CallExpr>(expr);
  return call && call->args.size() == 1 && program_.is_conversion(file_, expr) && is_nil(call->args[0]);
}

std::optional<std::int64_t> Code::integer(NodeId expr) const {
  if (!is_there(expr)) return std::nullopt;
  auto value = program_.constant_of(file_, inner(expr));
  return value ? value->integer() : std::nullopt;
}

Known Code::called(NodeId call) const {
  if (kind(call) != Kind::kCallExpr) return Known::kNone;
  return known_.of(program_, program_.callee_of(file_, call));
}

std::span<const NodeId> Code::calls(Known known) const {
  auto range = std::ranges::equal_range(calls_, known, {}, &std::pair<Known, NodeId>::first);
  return std::span(call_nodes_).subspan(std::size_t(range.begin() - calls_.begin()), range.size());
}

std::string_view Code::method_name(NodeId call) const {
  auto one = as<ast::CallExpr>(call);
  if (!one) return "";
  auto selector = as<ast::SelectorExpr>(inner(one->fun));
  return selector ? text(selector->sel) : std::string_view();
}

NodeId Code::receiver(NodeId call) const {
  auto one = as<ast::CallExpr>(call);
  if (!one) return ast::kNoNode;
  auto selector = as<ast::SelectorExpr>(inner(one->fun));
  return selector ? selector->x : ast::kNoNode;
}

void Code::collect_writes() {
  auto pairs = [&](NodeId statement, ast::NodeList left, ast::NodeList right, bool define, bool updates) {
    for (std::size_t i = 0; i < left.size(); ++i)
      writes_.push_back({.place = left[i],
                         .value = left.size() == right.size() ? right[i] : ast::kNoNode,
                         .statement = statement,
                         .call = right.size() == 1 && left.size() > 1 ? right[0] : ast::kNoNode,
                         .result = int(i),
                         .define = define,
                         .updates = updates});
  };
  for (NodeId node : of(Kind::kAssignStmt)) {
    auto one = source_.get<ast::AssignStmt>(node);
    pairs(node, one.lhs, one.rhs, one.tok == ast::Token::kDefine,
          one.tok != ast::Token::kAssign && one.tok != ast::Token::kDefine);
  }
  for (NodeId node : of(Kind::kIncDecStmt))
    writes_.push_back({.place = source_.get<ast::IncDecStmt>(node).x, .statement = node, .updates = true});
  for (NodeId node : of(Kind::kRangeStmt)) {
    auto one = source_.get<ast::RangeStmt>(node);
    for (NodeId place : {one.key, one.value})
      if (is_there(place))
        writes_.push_back({.place = place, .statement = node, .define = one.tok == ast::Token::kDefine});
  }
  for (NodeId node : of(Kind::kValueSpec)) {
    auto one = source_.get<ast::ValueSpec>(node);
    pairs(node, one.names, one.values, true, false);
  }
  std::ranges::stable_sort(writes_, {}, [&](const Write& one) { return pos(one.place); });
}

std::vector<Code::Write> Code::writes_of(ObjectId variable) const {
  std::vector<Write> found;
  for (NodeId use : uses(variable)) {
    NodeId place = use;
    while (kind(parent(place)) == Kind::kParenExpr) place = parent(place);
    auto at =
        std::ranges::lower_bound(writes_, pos(place), {}, [&](const Write& one) { return pos(one.place); });
    for (; at != writes_.end() && pos(at->place) == pos(place); ++at)
      if (at->place == place) found.push_back(*at);
  }
  return found;
}

bool Code::address_taken(ObjectId variable) const {
  return std::ranges::any_of(uses(variable), [&](NodeId use) {
    auto up = as<ast::UnaryExpr>(outer(use));
    return up && up->op == ast::Token::kAnd;
  });
}

NodeId Code::only_value(ObjectId variable) const {
  if (!is_local(variable) || about(variable).parameter || address_taken(variable)) return ast::kNoNode;
  std::vector<Write> all = writes_of(variable);
  return all.size() == 1 && all[0].define ? all[0].value : ast::kNoNode;
}

bool Code::leaves(NodeId node) const {
  switch (kind(node)) {
    case Kind::kReturnStmt:
    case Kind::kBranchStmt: return true;
    case Kind::kLabeledStmt: return leaves(as<ast::LabeledStmt>(node)->stmt);
    case Kind::kExprStmt: {
      Known callee = called(inner(as<ast::ExprStmt>(node)->x));
      return callee == Known::kPanic || callee == Known::kExit;
    }
    case Kind::kBlockStmt: {
      auto list = as<ast::BlockStmt>(node)->list;
      return !list.empty() && leaves(list.back());
    }
    case Kind::kIfStmt: {
      auto one = *as<ast::IfStmt>(node);
      return is_there(one.else_) && leaves(one.body) && leaves(one.else_);
    }
    case Kind::kForStmt: return !is_there(as<ast::ForStmt>(node)->cond) && !has_break(node);
    default: return false;
  }
}

bool Code::has_break(NodeId loop) const {
  bool found = false;
  ast::walk(source_, loop_body(loop), [&](NodeId node) {
    if (auto branch = as<ast::BranchStmt>(node)) found |= branch->tok != ast::Token::kContinue;
    return kind(node) != Kind::kFuncLit;
  });
  return found;
}

bool Code::dominates(NodeId earlier, NodeId later) const {
  NodeId first = statement(earlier);
  if (!is_there(first) || function(earlier) != function(later)) return false;
  if (conditional_within(earlier, first)) return false;
  if (auto loop = as<ast::ForStmt>(first); loop && is_there(loop->post) && inside(earlier, loop->post))
    return false;
  if (inside(later, first)) return source_.end(earlier) <= pos(later);  // a condition before its branches
  return inside(later, parent(first)) && source_.end(first) <= pos(later);
}

// Inside its statement the node is evaluated only on some ways: in a branch of an if, a case, a body.
bool Code::conditional_within(NodeId node, NodeId statement) const {
  for (NodeId below = node; below != statement; below = parent(below)) {
    NodeId up = parent(below);
    if (kind(up) == Kind::kBlockStmt || kind(up) == Kind::kCaseClause || kind(up) == Kind::kCommClause ||
        kind(up) == Kind::kFuncLit)
      return true;
    if (auto binary = as<ast::BinaryExpr>(up))
      if ((binary->op == ast::Token::kLand || binary->op == ast::Token::kLor) && below == binary->y)
        return true;
  }
  return false;
}

bool Code::reaches(NodeId from, NodeId to) const {
  if (pos(from) >= pos(to) || function(from) != function(to)) return false;
  for (NodeId below = from; is_there(below); below = parent(below)) {
    NodeId up = parent(below);
    if (inside(to, below)) return true;
    if (auto one = as<ast::IfStmt>(up);
        one && below == one->body && is_there(one->else_) && inside(to, one->else_))
      return false;
    bool in_clause = kind(below) == Kind::kCaseClause || kind(below) == Kind::kCommClause;
    if (in_clause && inside(to, up)) return false;  // another clause of the same switch
    // Some statement behind this one, in the same list, leaves before control gets out to `to`.
    ast::NodeList list;
    if (auto block = as<ast::BlockStmt>(up)) list = block->list;
    if (auto clause = as<ast::CaseClause>(up)) list = clause->body;
    if (auto clause = as<ast::CommClause>(up)) list = clause->body;
    for (NodeId next : list) {
      if (pos(next) < pos(below)) continue;
      if (inside(to, next)) return true;
      if (leaves(next)) return false;
    }
    if (kind(up) == Kind::kFuncDecl || kind(up) == Kind::kFuncLit) return false;
  }
  return false;
}

bool Code::declared_outside(ObjectId variable, NodeId loop) const {
  const types::Object& one = about(variable);
  return one.file != file_ || !is_there(one.ident) || !inside(one.ident, loop);
}

Span Code::span(NodeId node) const {
  Position from = source_.position(source_.pos(node)), to = source_.position(source_.end(node));
  return {.file = source_.path(),
          .from = source_.pos(node),
          .to = source_.end(node),
          .line = from.line,
          .column = from.column,
          .end_line = to.line,
          .end_column = to.column};
}

std::string Code::function_name(NodeId node) const {
  NodeId decl = ast::kNoNode;
  for (NodeId up = node; is_there(up); up = parent(up))
    if (kind(up) == Kind::kFuncDecl) decl = up;
  if (!is_there(decl)) return package_.path;
  auto one = *as<ast::FuncDecl>(decl);
  ObjectId function = program_.object_of(file_, one.name);
  if (!types::is_there(function)) return package_.path + "." + std::string(text(one.name));
  std::string name = program_.qualified_name(function);
  if (!name.starts_with("(*")) return name;
  std::size_t close = name.find(')'), dot = name.rfind('.', close);
  return name.substr(2, dot - 2) + ".(*" + name.substr(dot + 1, close - dot) + name.substr(close + 1);
}

std::string Code::shown(NodeId node) const {
  constexpr std::size_t kMost = 60;
  std::string all = folded(text(node).substr(0, 4 * kMost));
  if (all.size() <= kMost) return all;
  std::size_t end = kMost - 3;  // not inside a character
  while (end > 0 && (static_cast<unsigned char>(all[end]) & 0xc0) == 0x80) --end;
  return all.substr(0, end) + "...";
}

}  // namespace memsnap::misuse
