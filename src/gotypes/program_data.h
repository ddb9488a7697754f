// What a Program holds. Inside this room only.
#pragma once

#include "gosrc/parse.h"
#include "gotypes/name_map.h"
#include "gotypes/types.h"
#include "gotypes/value.h"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap::types {

enum class State : std::uint8_t { kOpen, kBusy, kDone };

struct ObjectRow {
  Object object;
  TypeId type = kUnknownType;
  // kConst: row of constants. kTypeName: of type_infos. kFunc: of func_infos. kPkgName: its PackageId, 0 when
  // not yet looked for. kBuiltin: the Builtin.
  std::uint32_t extra = 0;
  State state = State::kOpen;
};

struct ConstInfo {
  ast::NodeId type = ast::kNoNode, value = ast::kNoNode;  // of the spec that the iota repeats
  std::uint32_t iota = 0;
  Value known;
};

struct TypeInfo {
  std::vector<TypeId> params;  // type parameters
  std::vector<ObjectId> methods;
  PlaceMap method_places;            // filled for types with many methods
  TypeId underlying = kUnknownType;  // for a type parameter: its constraint, an interface
  State params_state = State::kOpen, state = State::kOpen;
  bool local = false;  // declared in a function: `underlying` is set where it stands
};

struct FuncInfo {
  std::vector<TypeId> receiver_params;  // A, B of func (r *T[A, B]) m()
  TypeId receiver = kUnknownType;       // *T[A, B]
  ObjectId base = kNoObject;            // T
};

struct Import {
  NameId name = kNoName;   // as written, kNoName when not
  NameId guess = kNoName;  // of the path, where nothing is written; the package's clause decides
  bool dot = false;
  bool cgo = false;  // import "C"
  std::string path;
  ObjectId object = kNoObject;
};

// What hangs on the nodes of a file while its package is checked.
struct Facts {
  static constexpr std::uint32_t kTypeBit = 1u << 31, kConstBit = 1u << 30, kTypeMask = kConstBit - 1;
  std::vector<std::uint32_t> types;  // TypeId and the bits above
  std::vector<std::uint32_t>
      slots;  // of Idents, CaseClauses, ImportSpecs: ObjectId; of other constants: value + 1
  std::vector<Value> values;
  std::unordered_map<std::uint32_t, std::vector<TypeId>> instances;  // by Ident
  bool there() const { return !types.empty(); }
};

struct FileRow {
  explicit FileRow(SourceFile file) : source(std::move(file)) {}
  SourceFile source;
  PackageId package = kNoPackage;
  GoVersion go;
  bool test = false;
  bool asked = false;   // its package was
  bool bodies = false;  // parsed with them
  std::vector<Import> imports;
  Facts facts;
};

struct Problem {
  std::string folder;  // of the asked package whose file it is; "" when it came up on the way
  std::string text;
  bool operator==(const Problem&) const = default;
};

struct PackageRow {
  Package about;
  std::uint32_t module = 0;
  bool collected = false;  // its objects are there
  NameMap scope;
  std::vector<ObjectId> objects;
};

struct ProgramData {
  explicit ProgramData(Modules m) : modules(std::move(m)) {}
  Modules modules;
  NameTable names;
  TypeTable types;
  Texts texts;
  std::deque<FileRow> files;
  std::deque<PackageRow> packages;
  Rows<ObjectRow> objects;
  Rows<ConstInfo> constants;
  Rows<TypeInfo> type_infos;
  Rows<FuncInfo> func_infos;
  std::unordered_map<std::string, PackageId> by_folder;  // folder; of external tests with " test" behind
  std::vector<PackageId> asked;
  std::vector<Problem> problems;
  std::size_t modules_told = 0, told = 0;  // problems that new_problems() has given
  NameMap universe;
  PackageId unsafe_package = kNoPackage;
  ObjectId iota = kNoObject;
  // Types that every Program has.
  TypeId error_type = kUnknownType, any_type = kUnknownType, comparable_type = kUnknownType;

  ObjectRow& row(ObjectId id) { return objects[std::size_t(id)]; }
  const ObjectRow& row(ObjectId id) const { return objects[std::size_t(id)]; }
  FileRow& file(FileId id) { return files[std::size_t(id)]; }
  PackageRow& package(PackageId id) { return packages[std::size_t(id)]; }
  ObjectId add_object(const Object& object, TypeId type = kUnknownType, std::uint32_t extra = 0,
                      State state = State::kOpen) {
    objects.push_back({object, type, extra, state});
    return ObjectId(objects.size() - 1);
  }
};

enum class Builtin : std::uint32_t {
  kAppend,
  kCap,
  kClear,
  kClose,
  kComplex,
  kCopy,
  kDelete,
  kImag,
  kLen,
  kMake,
  kMax,
  kMin,
  kNew,
  kPanic,
  kPrint,
  kPrintln,
  kReal,
  kRecover,
  kUnsafeAdd,
  kAlignof,
  kOffsetof,
  kSizeof,
  kUnsafeSlice,
  kSliceData,
  kUnsafeString,
  kStringData,
};

// unicode.IsUpper of the first letter, for the letters that Go code is written in.
bool is_exported(std::string_view name);

// universe.cc: the predeclared names and package unsafe.
void declare_universe(ProgramData& data);

// load.cc
// The package whose import path `path` is written in a file of `from`; kNoPackage when it cannot be found.
PackageId import_package(ProgramData& data, PackageId from, std::string_view path);
// Parses its files (declarations alone, unless they were asked for) and makes its objects.
void collect(ProgramData& data, PackageId package);
void note_import_cycles(ProgramData& data);  // among the packages asked for, each as a problem
void load_packages(ProgramData& data, const LoadOptions& options, std::span<const Modules::Found> found);
void load_texts(ProgramData& data, std::span<const Program::NamedText> texts);

// collect.cc
void collect_objects(ProgramData& data, PackageId package);

}  // namespace memsnap::types
