#include "flow/access_path.h"
#include "gosrc/walk.h"

#include <algorithm>
#include <charconv>

namespace memsnap::flow {

namespace {

constexpr int kMaxLength = 32;  // a longer one is no place that two expressions share by intent

bool is_variable(const Program& program, ObjectId object) {
  return program.object(object).kind == types::ObjectKind::kVar;
}

}  // namespace

PathId PathTable::add(PathId parent, PathStep step) {
  std::uint64_t hash =
      (std::uint64_t(parent) << 35 | std::uint64_t(step.value) << 3 | std::uint64_t(step.kind)) *
      0x9e3779b97f4a7c15;
  auto [at, end] = found_.equal_range(hash);
  for (; at != end; ++at) {
    const Row& row = rows_[std::size_t(at->second)];
    if (row.parent == parent && row.step == step) return at->second;
  }
  PathId id{std::uint32_t(rows_.size())};
  rows_.push_back({parent, step, is_there(parent) ? root(parent) : ObjectId{step.value}});
  found_.emplace(hash, id);
  return id;
}

PathId PathTable::of(Program& program, FileId file, NodeId expr) {
  const SourceFile& source = program.source(file);
  std::vector<NodeId> steps;  // from the last to the first
  for (; source.kind(expr) != ast::Kind::kIdent;) {
    if (steps.size() > kMaxLength) return kNoPath;
    if (auto paren = source.as<ast::ParenExpr>(expr)) {
      expr = paren->x;
      continue;
    }
    if (auto unary = source.as<ast::UnaryExpr>(expr);
        unary && unary->op == ast::Token::kAnd && !steps.empty()) {
      expr = unary->x;  // (&x).f is x.f
      continue;
    }
    auto selector = source.as<ast::SelectorExpr>(expr);
    steps.push_back(expr);
    if (selector && is_variable(program, program.object_of(file, selector->sel))) {
      steps.pop_back();  // a variable of another package
      expr = selector->sel;
      continue;
    }
    if (selector)
      expr = selector->x;
    else if (auto star = source.as<ast::StarExpr>(expr))
      expr = star->x;
    else if (auto at = source.as<ast::IndexExpr>(expr))
      expr = at->x;
    else
      return kNoPath;
  }
  ObjectId root = program.object_of(file, expr);
  if (!is_variable(program, root)) return kNoPath;
  PathId path = variable(root);
  for (std::size_t i = steps.size(); i-- > 0 && is_there(path);) {
    PathId over = last(path).kind == PathStep::Kind::kDeref ? parent(path) : path;
    if (source.as<ast::SelectorExpr>(steps[i]))
      path = selected(program, over, program.selection_of(file, steps[i]));
    else if (auto at = source.as<ast::IndexExpr>(steps[i]))
      path = index(program, file, over, at->index);
    else
      path = add(path, {PathStep::Kind::kDeref, 0});
  }
  return path;
}

PathId PathTable::selected(Program& program, PathId of, const types::Selection& selection) {
  using Kind = types::Selection::Kind;
  if (selection.kind != Kind::kField && selection.kind != Kind::kMethod) return kNoPath;
  types::TypeId type = selection.receiver;
  for (std::size_t i = 0; i + 1 < selection.path.size(); ++i) {
    auto fields = program.types().fields(program.underlying(program.deref(type)));
    if (selection.path[i] >= fields.size()) return kNoPath;
    const types::Field& embedded = fields[selection.path[i]];
    of = field(of, embedded.object);
    type = embedded.type;
  }
  return selection.kind == Kind::kField ? field(of, selection.object) : of;
}

PathId PathTable::index(Program& program, FileId file, PathId of, NodeId index) {
  if (auto constant = program.constant_of(file, index)) {
    std::string text;
    if (const std::string* word = constant->text()) {
      text.push_back('"');
      text.append(*word).push_back('"');
    } else if (auto number = constant->integer()) {
      text = std::to_string(*number);
    } else {
      return kNoPath;
    }
    return add(of, {PathStep::Kind::kConstant, std::uint32_t(program.names().intern(text))});
  }
  ObjectId var = program.object_of(file, ast::unparen(program.source(file), index));
  if (!is_variable(program, var)) return kNoPath;
  return add(of, {PathStep::Kind::kIndex, std::uint32_t(var)});
}

ObjectId PathTable::last_field(PathId p) const {
  return last(p).kind == PathStep::Kind::kField ? ObjectId{last(p).value} : types::kNoObject;
}

int PathTable::length(PathId p) const {
  int n = 0;
  for (; is_there(p); p = parent(p)) ++n;
  return n;
}

bool PathTable::begins_with(PathId p, PathId prefix) const {
  while (is_there(p) && p != prefix) p = parent(p);
  return is_there(p);
}

bool PathTable::mentions(PathId p, ObjectId var) const {
  for (; is_there(p); p = parent(p)) {
    PathStep step = last(p);
    bool names = step.kind == PathStep::Kind::kVariable || step.kind == PathStep::Kind::kIndex;
    if (names && ObjectId{step.value} == var) return true;
  }
  return false;
}

PathId PathTable::rebase(PathId p, PathId from, PathId to) {
  if (!is_there(to)) return kNoPath;
  std::vector<PathStep> steps;
  for (; p != from; p = parent(p)) {
    if (!is_there(p)) return kNoPath;
    steps.push_back(last(p));
  }
  bool star = last(to).kind == PathStep::Kind::kDeref && !steps.empty();
  if (star) to = parent(to);
  for (std::size_t i = steps.size(); i-- > 0;) to = add(to, steps[i]);
  return to;
}

std::string PathTable::string(const Program& program, PathId p) const {
  std::vector<PathStep> steps;
  for (; is_there(p); p = parent(p)) steps.push_back(last(p));
  std::ranges::reverse(steps);
  std::string text;
  for (PathStep step : steps) {
    std::string_view name =
        step.kind == PathStep::Kind::kConstant
            ? program.names().text(NameId{step.value})
            : (step.kind == PathStep::Kind::kDeref ? "" : program.name(ObjectId{step.value}));
    switch (step.kind) {
      case PathStep::Kind::kVariable: text += name; break;
      case PathStep::Kind::kField: (text += '.') += name; break;
      case PathStep::Kind::kDeref: text.insert(text.begin(), '*'); break;
      default: ((text += '[') += name) += ']';
    }
  }
  return text;
}

}  // namespace memsnap::flow
