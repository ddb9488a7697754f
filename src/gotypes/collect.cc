// The objects of a package: one for each name at package level and each method, nothing resolved.
#include "base/text.h"
#include "gotypes/program_data.h"

namespace memsnap::types {
namespace {

using ast::is_there;
using ast::NodeId;

// x of (((*x[A, B]))) and the like: the name of a receiver's type.
NodeId base_ident(const SourceFile& file, NodeId type) {
  for (;;) {
    switch (file.kind(type)) {
      case ast::Kind::kParenExpr: type = file.get<ast::ParenExpr>(type).x; break;
      case ast::Kind::kStarExpr: type = file.get<ast::StarExpr>(type).x; break;
      case ast::Kind::kIndexExpr: type = file.get<ast::IndexExpr>(type).x; break;
      case ast::Kind::kIndexListExpr: type = file.get<ast::IndexListExpr>(type).x; break;
      default: return type;
    }
  }
}

class Collector {
 public:
  Collector(ProgramData& data, PackageId package) : data_(data), package_(package) {}

  void run() {
    std::vector<FileId> files = data_.package(package_).about.files;
    for (FileId file : files) {
      file_ = file;
      for (NodeId decl : source().decls()) declaration(decl);
    }
    for (const auto& [base, method] : methods_) attach(base, method);
  }

 private:
  const SourceFile& source() { return data_.file(file_).source; }
  PackageRow& package() { return data_.package(package_); }

  Object object(ObjectKind kind, NodeId ident, NodeId decl) {
    Object o{.kind = kind};
    o.package_level = true;
    o.name = source().name(ident);
    std::string_view text = data_.names.text(o.name);
    o.exported = is_exported(text);
    o.package = package_;
    o.file = file_;
    o.ident = ident;
    o.decl = decl;
    return o;
  }

  ObjectId declare(const Object& object, TypeId type, std::uint32_t extra) {
    ObjectId id = data_.add_object(object, type, extra);
    package().objects.push_back(id);
    if (object.name != kBlank && object.name != kNoName) package().scope.insert(object.name, id);
    return id;
  }

  void declaration(NodeId decl) {
    if (auto func = source().as<ast::FuncDecl>(decl)) return function(decl, *func);
    auto group = source().as<ast::GenDecl>(decl);
    if (!group) return;
    NodeId type = ast::kNoNode;
    ast::NodeList values;
    std::uint32_t iota = 0;
    for (NodeId spec : group->specs) {
      if (auto named = source().as<ast::TypeSpec>(spec)) type_name(spec, *named);
      auto value = source().as<ast::ValueSpec>(spec);
      if (!value) continue;
      if (group->tok != ast::Token::kConst) {
        for (NodeId name : value->names) declare(object(ObjectKind::kVar, name, spec), kUnknownType, 0);
        continue;
      }
      if (is_there(value->type) || !value->values.empty()) type = value->type, values = value->values;
      constants(spec, *value, type, values, iota++);
    }
  }

  void constants(NodeId spec, const ast::ValueSpec& value, NodeId type, ast::NodeList values,
                 std::uint32_t iota) {
    for (std::size_t i = 0; i < value.names.size(); ++i) {
      ConstInfo info{.type = type, .value = i < values.size() ? values[i] : ast::kNoNode, .iota = iota};
      data_.constants.push_back(info);
      declare(object(ObjectKind::kConst, value.names[i], spec), kUnknownType,
              std::uint32_t(data_.constants.size() - 1));
    }
  }

  void type_name(NodeId spec, const ast::TypeSpec& named) {
    Object o = object(ObjectKind::kTypeName, named.name, spec);
    o.alias = named.alias;
    data_.type_infos.emplace_back();
    ObjectId id = declare(o, kUnknownType, std::uint32_t(data_.type_infos.size() - 1));
    if (!o.alias) data_.row(id).type = data_.types.named(id);
  }

  void function(NodeId decl, const ast::FuncDecl& func) {
    Object o = object(ObjectKind::kFunc, func.name, decl);
    if (!is_there(func.recv)) {
      ObjectId id = data_.add_object(o);
      package().objects.push_back(id);
      bool is_init = data_.names.text(o.name) == "init";
      if (o.name != kBlank && !is_init) package().scope.insert(o.name, id);
      return;
    }
    o.method = true;
    o.package_level = false;
    data_.func_infos.emplace_back();
    ObjectId id = data_.add_object(o, kUnknownType, std::uint32_t(data_.func_infos.size() - 1));
    package().objects.push_back(id);
    ast::NodeList fields = source().get<ast::FieldList>(func.recv).list;
    if (fields.empty()) return;
    NodeId base = base_ident(source(), source().get<ast::Field>(fields[0]).type);
    methods_.emplace_back(source().name(base), id);
  }

  // Through aliases of the same package: type B = A; func (B) m() is a method of A.
  void attach(NameId base, ObjectId method) {
    for (int hops = 0; hops < 20; ++hops) {
      ObjectId type = package().scope.find(base);
      const ObjectRow& row = data_.row(type);
      if (row.object.kind != ObjectKind::kTypeName) return;
      if (!row.object.alias) {
        data_.type_infos[row.extra].methods.push_back(method);
        data_.func_infos[data_.row(method).extra].base = type;
        return;
      }
      const SourceFile& file = data_.file(row.object.file).source;
      base = file.name(base_ident(file, file.get<ast::TypeSpec>(row.object.decl).type));
    }
  }

  ProgramData& data_;
  PackageId package_;
  FileId file_ = kNoFile;
  std::vector<std::pair<NameId, ObjectId>> methods_;
};

}  // namespace

bool is_exported(std::string_view name) {
  if (name.empty()) return false;
  if (static_cast<unsigned char>(name[0]) < 0x80) return name[0] >= 'A' && name[0] <= 'Z';
  char32_t c = first_code_point(name).value;
  auto within = [c](char32_t from, char32_t to) { return from <= c && c <= to; };
  return (within(0xc0, 0xde) && c != 0xd7) || within(0x391, 0x3a9) || within(0x400, 0x42f) ||
         (within(0x100, 0x17f) && c % 2 == 0);
}

void collect_objects(ProgramData& data, PackageId package) { Collector(data, package).run(); }

}  // namespace memsnap::types
