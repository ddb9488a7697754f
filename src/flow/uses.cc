#include "flow/uses.h"
#include "flow/use_context.h"

#include <algorithm>

namespace memsnap::flow {

std::string_view word(UseKind kind) {
  static constexpr std::string_view kWords[] = {
      "read",   "nil check", "len",         "index",       "slice",   "range",           "call",
      "method", "write",     "tuple write", "range write", "literal", "insert",          "element",
      "delete", "clear",     "append",      "append from", "address", "element address", "store",
      "send",   "return",    "argument",    "receive"};
  return kWords[std::size_t(kind)];
}

Use use_of(Program& program, FileId file, const ast::Parents& parents, NodeId node) {
  const SourceFile& source = program.source(file);
  Use use{.file = file, .node = node};
  auto selector = source.as<ast::SelectorExpr>(node);
  use.object = program.object_of(file, selector ? selector->sel : node);
  UseContext(program, file, parents).decide(node, use);
  return use;
}

void UseIndex::add(Program& program, const FunctionTable& functions, PackageId package) {
  for (FileId file : program.package(package).files) add_file(program, functions, file);
}

void UseIndex::add_file(Program& program, const FunctionTable& functions, FileId file) {
  const SourceFile& source = program.source(file);
  ast::Parents parents(source);
  ast::walk(source, source.root(), [&](NodeId node) {
    ast::Kind kind = source.kind(node);
    if (kind == ast::Kind::kCompositeLit) add_literal(program, functions, file, node);
    if (kind != ast::Kind::kIdent && kind != ast::Kind::kSelectorExpr) return kind != ast::Kind::kImportSpec;
    auto selector = source.as<ast::SelectorExpr>(node);
    NodeId above = parents.of(node);
    if (!selector) {
      auto around = source.as<ast::SelectorExpr>(above);
      bool declares = source.kind(above) == ast::Kind::kField;
      if (auto spec = source.as<ast::ValueSpec>(above)) declares |= node < spec->type && spec->values.empty();
      if ((around && around->sel == node) || declares) return true;
    }
    const types::Object& object = program.object(program.object_of(file, selector ? selector->sel : node));
    bool wanted = object.kind == types::ObjectKind::kField ||
                  (object.kind == types::ObjectKind::kVar && object.package_level);
    if (!wanted) return true;
    Use use = use_of(program, file, parents, node);
    use.function = functions.at(file, node);
    uses_.push_back(use);
    return true;
  });
}

// T{a, b}: the fields get their values by their order.
void UseIndex::add_literal(Program& program, const FunctionTable& functions, FileId file, NodeId literal) {
  const SourceFile& source = program.source(file);
  auto elts = source.get<ast::CompositeLit>(literal).elts;
  if (elts.empty() || source.kind(elts[0]) == ast::Kind::kKeyValueExpr) return;
  TypeId type = program.underlying(program.deref(program.type_of(file, literal)));
  if (program.types().kind(type) != types::TypeKind::kStruct) return;
  auto fields = program.types().fields(type);
  for (std::size_t i = 0; i < elts.size() && i < fields.size(); ++i)
    uses_.push_back({.object = fields[i].object,
                     .file = file,
                     .node = elts[i],
                     .function = functions.at(file, literal),
                     .kind = UseKind::kLiteral,
                     .other = elts[i]});
}

void UseIndex::finish() { std::ranges::stable_sort(uses_, {}, &Use::object); }

std::span<const Use> UseIndex::of(ObjectId object) const {
  auto [begin, end] = std::ranges::equal_range(uses_, object, {}, &Use::object);
  return {begin, end};
}

bool UseIndex::any(ObjectId object, UseKind kind) const {
  return std::ranges::any_of(of(object), [&](const Use& use) { return use.kind == kind; });
}

}  // namespace memsnap::flow
