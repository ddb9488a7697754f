// What the names and expressions of a Go program mean, from its source, nothing compiled: objects, types,
// constants (go/types, go1.27). Whatever cannot be known, because a module is missing, the code is cgo or
// does not compile, has the type kUnknownType; nothing is guessed.
//
//   auto program = TRY(types::Program::load(options, environment));
//   for (types::PackageId package : program->asked()) {
//     program->check(package);                       // now its files have types at every node
//     for (types::FileId file : program->package(package).files)
//       ast::walk(program->source(file), program->source(file).root(), [&](ast::NodeId n) { ... });
//     program->forget(package);                      // its objects and types stay, what hangs on nodes goes
//   }
//
// Declarations of other packages are read when something first asks for them, so the getters that may do that
// are not const; one thread at a time uses a Program.
#pragma once

#include "base/result.h"
#include "gomod/modules.h"
#include "gosrc/source_file.h"
#include "gotypes/ids.h"
#include "gotypes/type_table.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace memsnap::types {

enum class ObjectKind : std::uint8_t {
  kNone,
  kPkgName,  // an import in a file
  kConst,
  kTypeName,  // also aliases and type parameters
  kVar,       // variables, parameters, results, receivers
  kField,
  kFunc,  // functions and methods, also those of interfaces
  kBuiltin,
  kNil,
};

struct Object {
  ObjectKind kind = ObjectKind::kNone;
  bool package_level : 1 = false;
  bool exported : 1 = false;
  bool embedded : 1 = false;   // kField
  bool alias : 1 = false;      // kTypeName
  bool parameter : 1 = false;  // kVar: a parameter or receiver
  bool result : 1 = false;     // kVar: a named result
  bool method : 1 = false;     // kFunc with a receiver
  NameId name = kNoName;
  PackageId package = kNoPackage;
  FileId file = kNoFile;
  ast::NodeId ident =
      ast::kNoNode;                 // where it is declared; kNoNode for the universe and for implicit objects
  ast::NodeId decl = ast::kNoNode;  // ImportSpec, ValueSpec, TypeSpec, FuncDecl, Field, AssignStmt,
                                    // RangeStmt, or the CaseClause whose variable it is
};

__extension__ typedef __int128 Int128;  // what untyped integer constants are computed in

// nullopt: not constant, or too large to be worth having (integers beyond 127 bits, complex numbers).
struct Constant {
  std::variant<bool, Int128, double, std::string> value;
  std::optional<std::int64_t> integer() const;  // of an integer, or of a float without a fraction
  const std::string* text() const { return std::get_if<std::string>(&value); }
};

struct Package {
  std::string path;  // import path; an external test package ends in _test
  NameId name = kNoName;
  std::string folder;
  std::vector<FileId> files;   // in order of names; _test.go files of the package last
  std::size_t test_files = 0;  // how many of them are _test.go files
  bool std = false;            // of GOROOT
  bool missing = false;        // it cannot be read; all of it is unknown
  bool uses_cgo = false;
  GoVersion go;  // of its module's go line; decides what loop variables are
};

// x.f or T.m, found as go/types.LookupFieldOrMethod does.
struct Selection {
  enum class Kind : std::uint8_t { kNone, kField, kMethod, kMethodExpr };
  Kind kind = Kind::kNone;
  ObjectId object = kNoObject;
  TypeId receiver = kUnknownType;   // type of x
  TypeId type = kUnknownType;       // of the selector: the field's, or the method's Signature
  std::vector<std::uint32_t> path;  // indices of embedded fields, then of the field or method
  bool indirect = false;            // a pointer was followed on the way, x itself counted
};

struct LoadOptions {
  std::string folder = ".";  // go.mod or go.work is looked for here and above
  std::vector<std::string> patterns = {"./..."};
  bool tests = true;  // _test.go files, and external test packages as packages of their own
  int threads = 2;
  // By folder of a package that was asked for: the paths of the files that are read with the bodies of their
  // functions, the others without. A folder that is not there: all of them.
  std::map<std::string, std::vector<std::string>> with_bodies;
};

class Checker;
struct ProgramData;

class Program {
 public:
  static Result<std::unique_ptr<Program>> load(const LoadOptions& options, const GoEnvironment& environment);
  static Result<std::unique_ptr<Program>> load(const LoadOptions& options, Modules modules);
  // Of what find_packages() or a part of it gave.
  static Result<std::unique_ptr<Program>> load(const LoadOptions& options, Modules modules,
                                               std::span<const Modules::Found> found);
  // Sources in memory, one package per folder; import paths are folders. For tests and fuzzing.
  struct NamedText {
    std::string path, text;  // "a/x.go" is a file of package "a"
  };
  static std::unique_ptr<Program> from_texts(std::span<const NamedText> files,
                                             const GoEnvironment& environment);
  ~Program();

  // ---- Packages and files
  std::span<const PackageId> asked() const;  // named by the patterns, in order of import paths
  const Package& package(PackageId id) const;
  PackageId package_of(FileId file) const;
  std::uint32_t module_of(PackageId package) const;  // row of modules().all()
  const SourceFile& source(FileId file) const;
  // The release whose rules the file follows: its //go:build line may change what the module says.
  GoVersion language_version(FileId file) const;
  bool is_test(FileId file) const;
  bool has_bodies(FileId file) const;    // see LoadOptions
  bool is_generated(FileId file) const;  // "// Code generated … DO NOT EDIT." before the package clause
  // One line each: what could not be read, which modules are missing.
  std::vector<std::string> problems() const;
  std::vector<std::string> problems_of(
      std::string_view folder) const;       // with the files of asked packages there
  std::vector<std::string> new_problems();  // all others that came up since the last call
  std::vector<std::string> problem_folders() const;
  std::vector<std::string> paths() const;  // of all files that have been read
  const Modules& modules() const;

  void check(PackageId package);
  void forget(PackageId package);

  // ---- What nodes of checked packages mean
  TypeId type_of(FileId file, ast::NodeId expr) const;  // also of type expressions: the type
  bool is_type(FileId file, ast::NodeId expr) const;    // T in T(x), *T, []T{}
  bool is_constant(FileId file, ast::NodeId expr) const;
  // Of an Ident, defined or used; of the Ident in parentheses. Of a CaseClause in a type switch with x :=
  // y.(type): its variable. Of an ImportSpec: the package's name. A field's key in a literal gives the field.
  ObjectId object_of(FileId file, ast::NodeId node) const;
  // The function, method, builtin, or variable of function type that is called, also when it is instantiated
  // (f[int](x)) or in parentheses; kNoObject for calls of anything else and for conversions.
  ObjectId callee_of(FileId file, ast::NodeId call) const;
  bool is_conversion(FileId file, ast::NodeId call) const;
  std::optional<Constant> constant_of(FileId file, ast::NodeId expr) const;
  // kNone for a qualified identifier (pkg.Name): there object_of(sel) says all.
  Selection selection_of(FileId file, ast::NodeId selector);
  // The type arguments of a generic function or type that is used here, inferred ones included. Of the Ident.
  std::span<const TypeId> instance_of(FileId file, ast::NodeId ident) const;

  // ---- Objects
  const Object& object(ObjectId id) const;
  std::string_view name(ObjectId id) const;
  TypeId type(ObjectId id);  // reads the declaration when nobody has yet
  std::optional<Constant> constant(ObjectId id);
  PackageId imported(ObjectId pkg_name);  // the package that a kPkgName stands for
  // fmt.Println, (*sync.Mutex).Lock, net/http.Header; for what is local its bare name.
  std::string qualified_name(ObjectId id);
  // The object of that name at package level, or of a method: "sync", "Mutex.Lock". kNoObject when the
  // program does not reach that package.
  ObjectId find(std::string_view package_path, std::string_view name);
  std::span<const ObjectId> package_objects(PackageId package) const;  // in source order
  std::span<const ObjectId> methods_of(ObjectId type_name);            // declared with that receiver

  // ---- Types
  const TypeTable& types() const;
  TypeId underlying(TypeId t);
  TypeId core_type(
      TypeId t);            // the underlying type, for a type parameter the one of its type set; else unknown
  TypeKind kind(TypeId t);  // of the core type
  TypeId deref(TypeId t);   // *T to T; others as they are
  bool is_interface(TypeId t);
  bool is_named(TypeId t, std::string_view package_path,
                std::string_view name);  // pointers not looked through
  bool is_string(TypeId t);
  bool identical(TypeId a, TypeId b);
  bool implements(TypeId t, TypeId interface);
  bool assignable(TypeId from, TypeId to);
  bool comparable(TypeId t);
  // Whether values of that type hold pointers that the collector follows. Unknown counts as yes.
  bool has_pointers(TypeId t);
  std::vector<Method> method_set(TypeId interface);                // embedded ones included
  Selection lookup(TypeId receiver, PackageId from, NameId name);  // as if `from` wrote receiver.name
  std::string string(TypeId t);  // as go/types writes it: map[string]*net/http.Request

  const NameTable& names() const;
  NameTable& names();

 private:
  friend class Checker;
  Program();
  std::unique_ptr<ProgramData> data_;
  std::unique_ptr<Checker> checker_;
};

}  // namespace memsnap::types
