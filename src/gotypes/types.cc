// The Program as others see it.
#include "gotypes/types.h"

#include "gosrc/comments.h"
#include "gosrc/walk.h"
#include "gotypes/checker.h"
#include "gotypes/index.h"

#include <algorithm>
#include <set>

namespace memsnap::types {

Program::Program() = default;
Program::~Program() = default;

Result<std::unique_ptr<Program>> Program::load(const LoadOptions& options, const GoEnvironment& environment) {
  return load(options, TRY(Modules::find(options.folder, environment)));
}

Result<std::unique_ptr<Program>> Program::load(const LoadOptions& options, Modules modules) {
  std::vector<Modules::Found> found = TRY(find_packages(modules, options));
  return load(options, std::move(modules), found);
}

Result<std::unique_ptr<Program>> Program::load(const LoadOptions& options, Modules modules,
                                               std::span<const Modules::Found> found) {
  std::unique_ptr<Program> program(new Program);
  program->data_ = std::make_unique<ProgramData>(std::move(modules));
  ProgramData& data = *program->data_;
  declare_universe(data);
  load_packages(data, options, found);
  program->checker_ = std::make_unique<Checker>(data);
  return program;
}

std::unique_ptr<Program> Program::from_texts(std::span<const NamedText> files,
                                             const GoEnvironment& environment) {
  std::unique_ptr<Program> program(new Program);
  program->data_ = std::make_unique<ProgramData>(Modules::none(environment));
  declare_universe(*program->data_);
  load_texts(*program->data_, files);
  program->checker_ = std::make_unique<Checker>(*program->data_);
  return program;
}

// ---- Packages and files

std::span<const PackageId> Program::asked() const { return data_->asked; }
const Package& Program::package(PackageId id) const { return data_->package(id).about; }
PackageId Program::package_of(FileId file) const { return data_->file(file).package; }
std::uint32_t Program::module_of(PackageId package) const { return data_->package(package).module; }
const SourceFile& Program::source(FileId file) const { return data_->file(file).source; }
GoVersion Program::language_version(FileId file) const { return data_->file(file).go; }
bool Program::is_test(FileId file) const { return data_->file(file).test; }
bool Program::has_bodies(FileId file) const { return data_->file(file).bodies; }
bool Program::is_generated(FileId file) const { return memsnap::is_generated(source(file)); }
const Modules& Program::modules() const { return data_->modules; }

std::vector<std::string> Program::problems() const {
  std::vector<std::string> all = data_->modules.problems();
  for (const Problem& problem : data_->problems) all.push_back(problem.text);
  std::set<std::string> seen;
  std::erase_if(all, [&](const std::string& line) { return !seen.insert(line).second; });
  return all;
}

std::vector<std::string> Program::problems_of(std::string_view folder) const {
  std::vector<std::string> found;
  for (const Problem& problem : data_->problems)
    if (problem.folder == folder) found.push_back(problem.text);
  return found;
}

std::vector<std::string> Program::problem_folders() const {
  std::vector<std::string> found;
  for (const Problem& problem : data_->problems)
    if (!problem.folder.empty()) found.push_back(problem.folder);
  return found;
}

std::vector<std::string> Program::paths() const {
  std::vector<std::string> all;
  for (const FileRow& file : data_->files) all.push_back(file.source.path());
  return all;
}

std::vector<std::string> Program::new_problems() {
  std::vector<std::string> found;
  const std::vector<std::string>& of_modules = data_->modules.problems();
  for (; data_->modules_told < of_modules.size(); ++data_->modules_told)
    found.push_back(of_modules[data_->modules_told]);
  for (; data_->told < data_->problems.size(); ++data_->told)
    if (const Problem& problem = data_->problems[data_->told]; problem.folder.empty())
      found.push_back(problem.text);
  return found;
}

void Program::check(PackageId package) { checker_->check(package); }

void Program::forget(PackageId package) {
  for (FileId file : data_->package(package).about.files) data_->file(file).facts = {};
}

// ---- Nodes

TypeId Program::type_of(FileId file, ast::NodeId expr) const {
  const Facts& facts = data_->file(file).facts;
  if (!facts.there()) return kUnknownType;
  TypeId t{facts.types[std::size_t(expr)] & Facts::kTypeMask};
  // A definition has no type as an expression: that of what it defines.
  if (!known(t) && source(file).kind(expr) == ast::Kind::kIdent)
    t = data_->row(ObjectId{facts.slots[std::size_t(expr)]}).type;
  return t;
}

bool Program::is_type(FileId file, ast::NodeId expr) const {
  const Facts& facts = data_->file(file).facts;
  return facts.there() && (facts.types[std::size_t(expr)] & Facts::kTypeBit) != 0;
}

bool Program::is_constant(FileId file, ast::NodeId expr) const {
  const Facts& facts = data_->file(file).facts;
  return facts.there() && (facts.types[std::size_t(expr)] & Facts::kConstBit) != 0;
}

ObjectId Program::object_of(FileId file, ast::NodeId node) const {
  const Facts& facts = data_->file(file).facts;
  node = ast::unparen(source(file), node);
  ast::Kind kind = source(file).kind(node);
  bool holds = kind == ast::Kind::kIdent || kind == ast::Kind::kCaseClause || kind == ast::Kind::kImportSpec;
  return facts.there() && holds ? ObjectId{facts.slots[std::size_t(node)]} : kNoObject;
}

ObjectId Program::callee_of(FileId file, ast::NodeId call) const {
  auto c = source(file).as<ast::CallExpr>(call);
  if (!c || is_type(file, c->fun)) return kNoObject;
  ast::NodeId fun = ast::unparen(source(file), c->fun);
  if (auto one = source(file).as<ast::IndexExpr>(fun)) {
    // f[int](x), not fs[0](x).
    ast::NodeId x = ast::unparen(source(file), one->x);
    auto s = source(file).as<ast::SelectorExpr>(x);
    if (data_->row(object_of(file, s ? s->sel : x)).object.kind != ObjectKind::kFunc) return kNoObject;
    fun = x;
  } else if (auto list = source(file).as<ast::IndexListExpr>(fun)) {
    fun = ast::unparen(source(file), list->x);
  }
  if (auto s = source(file).as<ast::SelectorExpr>(fun)) fun = s->sel;
  return object_of(file, fun);
}

bool Program::is_conversion(FileId file, ast::NodeId call) const {
  auto c = source(file).as<ast::CallExpr>(call);
  return c && is_type(file, c->fun);
}

std::optional<Constant> Program::constant_of(FileId file, ast::NodeId expr) const {
  if (!is_constant(file, expr)) return std::nullopt;
  const Facts& facts = data_->file(file).facts;
  if (source(file).kind(expr) == ast::Kind::kIdent) {
    const ObjectRow& row = data_->row(ObjectId{facts.slots[std::size_t(expr)]});
    if (row.object.kind != ObjectKind::kConst) return std::nullopt;
    return to_constant(data_->constants[row.extra].known);
  }
  std::uint32_t slot = facts.slots[std::size_t(expr)];
  return slot == 0 ? std::nullopt : to_constant(facts.values[slot - 1]);
}

Selection Program::selection_of(FileId file, ast::NodeId selector) {
  auto s = source(file).as<ast::SelectorExpr>(selector);
  if (!s) return {};
  if (object(object_of(file, s->x)).kind == ObjectKind::kPkgName) return {};
  Selection selection = lookup(type_of(file, s->x), package_of(file), source(file).name(s->sel));
  if (selection.kind == Selection::Kind::kMethod && is_type(file, s->x))
    selection.kind = Selection::Kind::kMethodExpr;
  if (selection.kind != Selection::Kind::kNone) selection.type = type_of(file, selector);
  return selection;
}

std::span<const TypeId> Program::instance_of(FileId file, ast::NodeId ident) const {
  const auto& instances = data_->file(file).facts.instances;
  auto row = instances.find(std::uint32_t(ident));
  return row == instances.end() ? std::span<const TypeId>{} : row->second;
}

// ---- Objects

const Object& Program::object(ObjectId id) const { return data_->row(id).object; }
std::string_view Program::name(ObjectId id) const { return data_->names.text(object(id).name); }
TypeId Program::type(ObjectId id) { return checker_->type(id); }
PackageId Program::imported(ObjectId pkg_name) { return checker_->imported(pkg_name); }

std::optional<Constant> Program::constant(ObjectId id) {
  if (object(id).kind != ObjectKind::kConst) return std::nullopt;
  checker_->resolve(id);
  return to_constant(data_->constants[data_->row(id).extra].known);
}

std::string Program::qualified_name(ObjectId id) {
  const Object& o = object(id);
  std::string text(name(id));
  const std::string& path = package(o.package).path;
  if (o.kind == ObjectKind::kFunc && o.method && data_->row(id).extra != 0) {
    type(id);
    const FuncInfo& info = data_->func_infos[data_->row(id).extra];
    bool pointer = types().kind(info.receiver) == TypeKind::kPointer;
    std::string base = fmt::format("{}.{}", path, name(info.base));
    return pointer ? fmt::format("(*{}).{}", base, text) : fmt::format("{}.{}", base, text);
  }
  return o.package_level && !path.empty() ? path + "." + text : text;
}

ObjectId Program::find(std::string_view package_path, std::string_view name) {
  std::size_t dot = name.find('.');
  NameId first = data_->names.find(name.substr(0, dot));
  for (PackageRow& row : data_->packages) {
    if (row.about.path != package_path || !row.collected) continue;
    ObjectId object = row.scope.find(first);
    if (dot == std::string_view::npos || !types::is_there(object)) return object;
    PackageId package = data_->row(object).object.package;
    return lookup(type(object), package, data_->names.find(name.substr(dot + 1))).object;
  }
  return kNoObject;
}

std::span<const ObjectId> Program::package_objects(PackageId package) const {
  return data_->package(package).objects;
}

std::span<const ObjectId> Program::methods_of(ObjectId type_name) {
  const ObjectRow& row = data_->row(type_name);
  if (row.object.kind != ObjectKind::kTypeName) return {};
  return data_->type_infos[row.extra].methods;
}

// ---- Types

const TypeTable& Program::types() const { return data_->types; }
TypeId Program::underlying(TypeId t) { return checker_->underlying(t); }
TypeId Program::core_type(TypeId t) { return checker_->core(t); }
TypeKind Program::kind(TypeId t) { return types().kind(checker_->core(t)); }
TypeId Program::deref(TypeId t) { return checker_->deref(t); }
bool Program::is_interface(TypeId t) { return checker_->is_interface(t); }
bool Program::is_string(TypeId t) { return checker_->is_text(t); }
bool Program::identical(TypeId a, TypeId b) { return checker_->identical(a, b); }
bool Program::implements(TypeId t, TypeId interface) { return checker_->implements(t, interface); }
bool Program::assignable(TypeId from, TypeId to) { return checker_->assignable(from, to); }
bool Program::comparable(TypeId t) { return checker_->comparable(t); }
bool Program::has_pointers(TypeId t) { return checker_->has_pointers(t); }
std::string Program::string(TypeId t) { return checker_->write(t); }

bool Program::is_named(TypeId t, std::string_view package_path, std::string_view name) {
  if (types().kind(t) != TypeKind::kNamed) return false;
  const Object& o = object(types().object(t));
  return data_->names.text(o.name) == name && package(o.package).path == package_path;
}

std::vector<Method> Program::method_set(TypeId interface) {
  TypeId under = checker_->underlying(interface);
  if (types().kind(under) != TypeKind::kInterface) return {};
  return checker_->method_set(under);
}

Selection Program::lookup(TypeId receiver, PackageId from, NameId name) {
  Found found = checker_->lookup(receiver, from, name);
  Selection selection;
  if (found.kind == Found::Kind::kNone) return selection;
  selection.kind = found.kind == Found::Kind::kField ? Selection::Kind::kField : Selection::Kind::kMethod;
  selection.object = found.object;
  selection.receiver = receiver;
  selection.type = found.type;
  selection.path = std::move(found.path);
  selection.indirect = found.indirect;
  return selection;
}

const NameTable& Program::names() const { return data_->names; }
NameTable& Program::names() { return data_->names; }

}  // namespace memsnap::types
