#include "flow/functions.h"
#include "gosrc/walk.h"

#include <algorithm>

namespace memsnap::flow {

void FunctionTable::add(const Program& program, PackageId package) {
  program_ = &program;
  std::uint32_t first = std::uint32_t(rows_.size());
  for (FileId file : program.package(package).files) add_file(program, file);
  of_package_[std::uint32_t(package)] = {first, std::uint32_t(rows_.size()) - first};
}

void FunctionTable::add_file(const Program& program, FileId file) {
  const SourceFile& source = program.source(file);
  std::uint32_t first = std::uint32_t(rows_.size());
  std::vector<FuncId> open;
  auto add = [&](Function f, std::uint32_t pos, std::uint32_t end) {
    while (!open.empty() && end_[std::size_t(open.back())] <= pos) open.pop_back();
    if (!open.empty()) f.outer = open.back();
    open.push_back(FuncId{std::uint32_t(rows_.size())});
    ids_.push_back(open.back());
    rows_.push_back(f);
    pos_.push_back(pos);
    end_.push_back(end);
    of_node_.try_emplace(key(file, f.node), open.back());
  };
  add({.file = file, .node = source.root(), .body = source.root()}, 0, ~0u);
  ast::walk(source, source.root(), [&](NodeId node) {
    Function f{.file = file, .node = node};
    if (auto literal = source.as<ast::FuncLit>(node)) {
      f.type = literal->type;
      f.body = literal->body;
    } else if (auto decl = source.as<ast::FuncDecl>(node)) {
      f.type = decl->type;
      f.body = decl->body;
      f.object = program.object_of(file, decl->name);
    } else {
      return source.kind(node) != ast::Kind::kImportSpec;
    }
    add(f, source.pos(node), source.end(node));
    if (source.kind(node) == ast::Kind::kFuncDecl) {
      rows_.back().outer = kNoFunc;
      if (ast::is_there(source.get<ast::FuncDecl>(node).recv))
        if (auto all = parameters(program, rows_.back()); !all.empty()) rows_.back().receiver = all[0];
      if (is_there(f.object)) of_object_.try_emplace(std::uint32_t(f.object), open.back());
    }
    return true;
  });
  of_file_[std::uint32_t(file)] = {first, std::uint32_t(rows_.size()) - first};
}

std::span<const FuncId> FunctionTable::in_package(PackageId package) const {
  auto at = of_package_.find(std::uint32_t(package));
  if (at == of_package_.end()) return {};
  return std::span(ids_).subspan(at->second.first, at->second.count);
}

FuncId FunctionTable::of(ObjectId func) const {
  auto at = of_object_.find(std::uint32_t(func));
  return at == of_object_.end() ? kNoFunc : at->second;
}

FuncId FunctionTable::of(FileId file, NodeId function) const {
  auto at = of_node_.find(key(file, function));
  return at == of_node_.end() ? kNoFunc : at->second;
}

FuncId FunctionTable::at(FileId file, NodeId node) const {
  auto range = of_file_.find(std::uint32_t(file));
  if (range == of_file_.end()) return kNoFunc;
  std::uint32_t first = range->second.first;
  const SourceFile& source = program_->source(file);
  std::uint32_t from = source.pos(node), to = source.end(node);
  auto begin = pos_.begin() + first, end = begin + range->second.count;
  std::uint32_t id = std::uint32_t(std::upper_bound(begin, end, from) - pos_.begin()) - 1;
  // A node's number is not above that of the function that holds it.
  while (id > first && !(to <= end_[id] && node <= rows_[id].node))
    id = is_there(rows_[id].outer) ? std::uint32_t(rows_[id].outer) : first;
  return FuncId{std::max(id, first)};
}

int FunctionTable::depth(FuncId f) const {
  int n = 0;
  while (is_there(f = rows_[std::size_t(f)].outer)) ++n;
  return n;
}

bool FunctionTable::is_inside(FuncId inner, FuncId outer) const {
  while (is_there(inner) && inner != outer) inner = rows_[std::size_t(inner)].outer;
  return is_there(inner);
}

namespace {

void add_names(const Program& program, FileId file, NodeId list, std::vector<ObjectId>& to) {
  const SourceFile& source = program.source(file);
  auto fields = source.as<ast::FieldList>(list);
  if (!fields) return;
  for (NodeId node : fields->list) {
    auto field = source.as<ast::Field>(node);
    if (!field) continue;
    if (field->names.empty()) to.push_back(types::kNoObject);
    for (NodeId name : field->names)
      to.push_back(source.name(name) == kBlank ? types::kNoObject : program.object_of(file, name));
  }
}

}  // namespace

std::vector<ObjectId> parameters(const Program& program, const Function& function) {
  std::vector<ObjectId> found;
  const SourceFile& source = program.source(function.file);
  if (auto decl = source.as<ast::FuncDecl>(function.node))
    add_names(program, function.file, decl->recv, found);
  if (auto type = source.as<ast::FuncType>(function.type))
    add_names(program, function.file, type->params, found);
  return found;
}

std::vector<ObjectId> named_results(const Program& program, const Function& function) {
  std::vector<ObjectId> found;
  if (auto type = program.source(function.file).as<ast::FuncType>(function.type))
    add_names(program, function.file, type->results, found);
  return found;
}

}  // namespace memsnap::flow
