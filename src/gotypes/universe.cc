#include "gotypes/program_data.h"

#include <array>

namespace memsnap::types {
namespace {

constexpr std::array<std::string_view, 26> kBuiltins = {
    "append", "cap",     "clear",    "close",  "complex", "copy",      "delete",  "imag",      "len",
    "make",   "max",     "min",      "new",    "panic",   "print",     "println", "real",      "recover",
    "Add",    "Alignof", "Offsetof", "Sizeof", "Slice",   "SliceData", "String",  "StringData"};

Object predeclared(ProgramData& data, ObjectKind kind, std::string_view name,
                   PackageId package = kNoPackage) {
  Object object{.kind = kind};
  object.package_level = true;
  object.exported = name[0] >= 'A' && name[0] <= 'Z';
  object.name = data.names.intern(name);
  object.package = package;
  return object;
}

ObjectId declare_type(ProgramData& data, NameMap& scope, std::string_view name, TypeId type,
                      PackageId package = kNoPackage) {
  ObjectId id =
      data.add_object(predeclared(data, ObjectKind::kTypeName, name, package), type, 0, State::kDone);
  scope.insert(data.row(id).object.name, id);
  return id;
}

void declare_builtin(ProgramData& data, NameMap& scope, Builtin builtin, PackageId package) {
  Object object = predeclared(data, ObjectKind::kBuiltin, kBuiltins[std::size_t(builtin)], package);
  scope.insert(object.name, data.add_object(object, kUnknownType, std::uint32_t(builtin), State::kDone));
}

// A named type of the universe, with what it stands for.
TypeId declare_interface(ProgramData& data, std::string_view name, TypeId interface) {
  ObjectId id = declare_type(data, data.universe, name, kUnknownType);
  ObjectRow& row = data.row(id);
  row.extra = std::uint32_t(data.type_infos.size());
  row.type = data.types.named(id);
  TypeInfo& info = data.type_infos.emplace_back();
  info.underlying = interface;
  info.params_state = info.state = State::kDone;
  return row.type;
}

void declare_interfaces(ProgramData& data) {
  TypeTable& types = data.types;
  data.any_type = types.interface({}, {});
  ObjectId any = declare_type(data, data.universe, "any", data.any_type);
  data.row(any).object.alias = true;
  Object error = predeclared(data, ObjectKind::kFunc, "Error");
  error.method = true;
  error.package_level = false;
  TypeId text = types.basic(Basic::kString);
  TypeId signature = types.signature(types.tuple({}), types.tuple({&text, 1}), false);
  ObjectId method = data.add_object(error, signature, 0, State::kDone);
  Method row{error.name, kNoPackage, signature, method};
  data.error_type = declare_interface(data, "error", types.interface({&row, 1}, {}));
  // An embedded element of no type with a tilde is what says comparable; no source can write that.
  Term mark{kUnknownType, true};
  data.comparable_type = declare_interface(data, "comparable", types.interface({}, {&mark, 1}));
}

}  // namespace

void declare_universe(ProgramData& data) {
  data.objects.emplace_back();
  data.constants.emplace_back();
  data.type_infos.emplace_back();
  data.func_infos.emplace_back();
  data.packages.emplace_back();
  data.files.emplace_back(parse_source("", "", data.names));
  for (int b = int(Basic::kBool); b <= int(Basic::kString); ++b)
    declare_type(data, data.universe, word(Basic(b)), data.types.basic(Basic(b)));
  for (auto [name, basic] : {std::pair{"byte", Basic::kUint8}, std::pair{"rune", Basic::kInt32}})
    data.row(declare_type(data, data.universe, name, data.types.basic(basic))).object.alias = true;
  declare_interfaces(data);
  for (std::string_view name : {"false", "true", "iota"}) {
    Object object = predeclared(data, ObjectKind::kConst, name);
    Basic type = name == "iota" ? Basic::kUntypedInt : Basic::kUntypedBool;
    ConstInfo info;
    if (name != "iota") info.known = Value::of(name == "true");
    data.constants.push_back(info);
    ObjectId id = data.add_object(object, data.types.basic(type), std::uint32_t(data.constants.size() - 1),
                                  State::kDone);
    data.universe.insert(object.name, id);
    if (name == "iota") data.iota = id;
  }
  Object nil = predeclared(data, ObjectKind::kNil, "nil");
  data.universe.insert(nil.name, data.add_object(nil, data.types.basic(Basic::kUntypedNil), 0, State::kDone));
  for (int b = 0; b < int(Builtin::kUnsafeAdd); ++b)
    declare_builtin(data, data.universe, Builtin(b), kNoPackage);

  data.unsafe_package = PackageId(data.packages.size());
  PackageRow& unsafe = data.packages.emplace_back();
  unsafe.about.path = "unsafe";
  unsafe.about.name = data.names.intern("unsafe");
  unsafe.about.std = unsafe.collected = true;
  declare_type(data, unsafe.scope, "Pointer", data.types.basic(Basic::kUnsafePointer), data.unsafe_package);
  for (int b = int(Builtin::kUnsafeAdd); b <= int(Builtin::kStringData); ++b)
    declare_builtin(data, unsafe.scope, Builtin(b), data.unsafe_package);
}

}  // namespace memsnap::types
