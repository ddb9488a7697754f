#include "flow/lifetimes.h"

#include "gosrc/walk.h"

#include <algorithm>

namespace memsnap::flow {

using types::ObjectKind;
using types::TypeKind;

namespace {

class Spread {
 public:
  Spread(Program& program, std::unordered_map<std::uint32_t, ObjectId>& root_of)
      : program_(program), root_of_(root_of) {}

  void from(ObjectId variable) {
    root_of_.try_emplace(std::uint32_t(variable), variable);
    open_.push_back(program_.type(variable));
    while (!open_.empty()) {
      TypeId type = open_.back();
      open_.pop_back();
      enter(type, variable);
    }
  }

 private:
  void enter(TypeId type, ObjectId root) {
    switch (program_.types().kind(type)) {
      case TypeKind::kNamed: {
        ObjectId name = program_.types().object(type);
        // A type with arguments is met once for each list of them.
        auto arguments = program_.types().parts(type);
        bool fresh = root_of_.try_emplace(std::uint32_t(name), root).second;
        if (!fresh && arguments.empty()) return;
        if (!fresh && !seen_.try_emplace(std::uint32_t(type), true).second) return;
        if (seen_.size() > kMaxInstances) return;
        open_.push_back(program_.underlying(type));
        return;
      }
      case TypeKind::kMap:
        open_.push_back(program_.types().key(type));
        open_.push_back(program_.types().elem(type));
        return;
      case TypeKind::kPointer:
      case TypeKind::kSlice:
      case TypeKind::kArray: open_.push_back(program_.types().elem(type)); return;
      case TypeKind::kStruct:
        if (!seen_.try_emplace(std::uint32_t(type), true).second) return;
        for (const types::Field& field : program_.types().fields(type)) {
          root_of_.try_emplace(std::uint32_t(field.object), root);
          open_.push_back(field.type);
        }
        return;
      default: return;
    }
  }

  static constexpr std::size_t kMaxInstances = 200'000;  // of generic types, which may grow without end
  Program& program_;
  std::unordered_map<std::uint32_t, ObjectId>& root_of_;
  std::unordered_map<std::uint32_t, bool> seen_;
  std::vector<TypeId> open_;
};

}  // namespace

Lifetimes Lifetimes::build(Program& program, const FunctionTable& functions,
                           std::span<const PackageId> packages) {
  Lifetimes found;
  Spread spread(program, found.root_of_);
  for (PackageId package : packages) {
    for (ObjectId object : program.package_objects(package)) {
      const types::Object& o = program.object(object);
      if (o.kind == ObjectKind::kVar && !program.is_test(o.file)) spread.from(object);
    }
  }
  for (std::uint32_t i = 1; i < functions.size(); ++i) {
    const Function& f = functions[FuncId{i}];
    const SourceFile& source = program.source(f.file);
    auto decl = source.as<ast::FuncDecl>(f.node);
    bool main = decl && !ast::is_there(decl->recv) && source.text(decl->name) == "main" &&
                program.names().text(program.package(program.package_of(f.file)).name) == "main";
    if (!main) continue;
    ast::walk(source, decl->body, [&](NodeId node) {
      const types::Object& o = program.object(program.object_of(f.file, node));
      if (source.kind(node) == ast::Kind::kIdent && o.kind == ObjectKind::kVar && o.ident == node)
        spread.from(program.object_of(f.file, node));
      return source.kind(node) != ast::Kind::kFuncLit;
    });
  }
  return found;
}

ObjectId Lifetimes::root_of(ObjectId object) const {
  auto at = root_of_.find(std::uint32_t(object));
  return at == root_of_.end() ? types::kNoObject : at->second;
}

}  // namespace memsnap::flow
