// The rules of the language over the data of a Program (go/types' Checker). Declarations are resolved when
// somebody asks; function bodies are gone through once, by check(). Inside this room only.
#pragma once

#include "gotypes/locals.h"
#include "gotypes/program_data.h"

#include <array>
#include <span>
#include <utility>
#include <vector>

namespace memsnap::types {

using ast::NodeId;

enum class Mode : std::uint8_t {
  kInvalid,
  kNoValue,  // a call without results
  kBuiltin,
  kType,
  kConstant,
  kVariable,  // addressable
  kMapIndex,  // not addressable, can be assigned to, comma-ok
  kValue,
  kNil,
  kCommaOk,  // a value that also comes as `v, ok`
};

struct Operand {
  Mode mode = Mode::kInvalid;
  TypeId type = kUnknownType;  // of a call with several results their Tuple
  NodeId node = ast::kNoNode;
  ObjectId object = kNoObject;  // kBuiltin
  Value value;                  // kConstant, where it is known
  bool is_value() const { return mode >= Mode::kConstant; }
};

// Where a name is looked up, and where what is found out is written to.
struct Env {
  FileId file = kNoFile;
  PackageId package = kNoPackage;
  FileRow* row = nullptr;
  const SourceFile* source = nullptr;
  Facts* facts = nullptr;  // nullptr: nothing is recorded, and bodies of function literals are not gone into
  Locals locals;
  std::size_t scope = 0;  // locals from here on are of the innermost block
  std::int64_t iota = -1;
  TypeId results = kUnknownType;  // Tuple of the function that is gone through
};

// Type parameters, and what stands for each.
struct Binding {
  std::span<const TypeId> from, to;
};

struct Found {  // what a selector finds
  enum class Kind : std::uint8_t { kNone, kField, kMethod };
  Kind kind = Kind::kNone;
  ObjectId object = kNoObject;
  TypeId type = kUnknownType;
  std::vector<std::uint32_t> path;
  bool indirect = false;
};

struct TypeSet {
  bool all = true;          // no restriction by terms
  bool comparable = false;  // embeds comparable
  std::vector<Term> terms;
};

class Checker {
 public:
  explicit Checker(ProgramData& data) : d_(data), t_(data.types) {}

  // ---- decl.cc
  void resolve(ObjectId object);
  TypeId type(ObjectId object) {
    resolve(object);
    return d_.row(object).type;
  }
  std::span<const TypeId> type_params_of(ObjectId type_name);
  void check(PackageId package);

  // ---- under.cc: what types are made of
  TypeId underlying(TypeId t);
  TypeId constraint(TypeId type_param);  // always an interface, or unknown
  TypeId core(TypeId t);                 // unknown where there is none
  const TypeSet& type_set(TypeId interface);
  const std::vector<Method>& method_set(TypeId interface);
  TypeKind core_kind(TypeId t) { return t_.kind(core(t)); }
  TypeId deref(TypeId t);  // one pointer, named ones too
  bool is_interface(TypeId t) {
    return t_.kind(t) != TypeKind::kTypeParam && t_.kind(underlying(t)) == TypeKind::kInterface;
  }

  // ---- predicates.cc
  bool identical(TypeId a, TypeId b);
  bool comparable(TypeId t, int depth = 0);
  bool has_pointers(TypeId t, int depth = 0);
  bool implements(TypeId t, TypeId interface);
  bool assignable(TypeId from, TypeId to);
  bool is_untyped(TypeId t) const { return t_.basic(t) >= Basic::kUntypedBool; }
  bool is_text(TypeId t);     // its core is a string
  bool is_integer(TypeId t);  // typed or untyped, type parameters whose types all are
  bool is_unsigned(TypeId t);
  bool is_boolean(TypeId t);
  TypeId default_type(TypeId t) const;

  // ---- subst.cc
  TypeId subst(TypeId t, const Binding& binding);
  TypeId instantiate(ObjectId generic, std::span<const TypeId> arguments);
  TypeId instantiate_signature(TypeId signature, std::span<const TypeId> arguments);

  // ---- lookup.cc
  Found lookup(TypeId receiver, PackageId from, NameId name);
  ObjectId lookup_name(NameId name);      // in env_
  PackageId imported(ObjectId pkg_name);  // reads the package
  std::string write(TypeId t);

  ProgramData& data() { return d_; }

 private:
  friend class Unifier;

  // ---- decl.cc
  class Enter;   // another file's Env for as long as it lives
  class Deeper;  // counts how deep we are
  void resolve_in_env(ObjectId object);
  void resolve_const(ObjectId object);
  void resolve_var(ObjectId object);
  void resolve_func(ObjectId object);
  TypeId resolve_named(ObjectId object);  // its underlying type
  void declare_type_params(NodeId fields, std::vector<TypeId>& params);
  void declare_receiver_params(NodeId receiver_type, FuncInfo& info);
  TypeId receiver_type(NodeId type, const FuncInfo& info);
  ObjectId new_object(ObjectKind kind, NodeId ident, NodeId decl, TypeId type);
  TypeId new_type_param(NodeId ident, NodeId decl);
  void declare(ObjectId object);  // pushes it on the locals and records the definition
  void check_decl(NodeId decl);
  void check_consts(const ast::GenDecl& group);
  void check_vars(NodeId spec);
  void check_type(NodeId spec);
  void check_function(NodeId decl);
  ObjectId object_at(NodeId ident) const;

  // ---- type_expr.cc
  TypeId type_expr(NodeId n);
  TypeId raw_type(NodeId n);
  TypeId type_of_name(NodeId n, ObjectId object);
  TypeId array_type(NodeId n);
  TypeId struct_type(NodeId n);
  TypeId interface_type(NodeId n);
  TypeId union_type(NodeId n);
  void union_terms(NodeId n, std::vector<Term>& terms);
  TypeId func_type(NodeId n, std::vector<TypeId>* type_params);
  TypeId param_types(NodeId fields, bool& variadic);
  TypeId instance_type(NodeId n, NodeId generic, ast::NodeList arguments);
  std::vector<TypeId> type_list(ast::NodeList nodes);
  bool is_type_expr(NodeId n);
  void record_fields(NodeId fields, TypeId structure);
  std::vector<Field> field_list(NodeId fields, std::vector<std::string_view>& tags);

  // ---- expr.cc
  Operand expr(NodeId n, TypeId hint = kUnknownType);   // values; a type gives kType
  Operand value(NodeId n, TypeId hint = kUnknownType);  // the same with untyped ones at their default types
  Operand raw_expr(NodeId n, TypeId hint);
  Operand ident(NodeId n);
  Operand use_object(NodeId n, ObjectId object);
  Operand literal(NodeId n);
  Operand func_lit(NodeId n);
  Operand selector(NodeId n);
  Operand package_member(NodeId n, const ast::SelectorExpr& s, ObjectId pkg_name);
  Operand method_expr(const ast::SelectorExpr& s, TypeId receiver);
  Operand index(NodeId n, NodeId x, ast::NodeList indices);
  Operand index_value(Operand x, NodeId index);
  Operand index_param(Operand x);
  Operand slice(NodeId n);
  Operand type_assert(NodeId n);
  Operand star(NodeId n);
  Operand unary(NodeId n, TypeId hint);
  Operand binary(NodeId n);
  Operand binary_step(NodeId n, Operand x);
  Operand shift(NodeId n, ast::Token op, Operand x, Operand y);
  Operand comparison(NodeId n, ast::Token op, Operand x, Operand y);
  void match_types(Operand& x, Operand& y);
  void index_expr(NodeId n);  // an index or bound: an integer

  // ---- untyped.cc
  void convert_untyped(Operand& x, TypeId target);
  void update_untyped(NodeId n, TypeId type);
  void assign(Operand& x, TypeId target);  // as if x were assigned to a variable of that type

  // ---- composite.cc
  Operand composite(NodeId n, TypeId hint);
  void struct_literal(const ast::CompositeLit& lit, TypeId type);
  std::int64_t element_literals(ast::NodeList elts, TypeId elem);  // gives the length
  void map_literal(ast::NodeList elts, TypeId key, TypeId elem);
  void element(NodeId n, TypeId type);

  // ---- call.cc
  Operand call(NodeId n, TypeId hint);
  Operand conversion(NodeId n, const ast::CallExpr& c, TypeId target);
  std::vector<Operand> arguments(const ast::CallExpr& c, TypeId signature);
  TypeId parameter(TypeId signature, std::size_t i, std::size_t count, bool spread);
  TypeId infer(TypeId signature, std::vector<TypeId> given, std::vector<Operand>& args, bool spread,
               NodeId fun);
  void infer_argument(Operand& arg, TypeId target);
  void apply(std::vector<Operand>& args, TypeId signature, bool spread);
  Operand result_of(TypeId signature);
  void record_instance(NodeId fun, std::span<const TypeId> arguments);
  bool infer_params(TypeId signature, std::vector<TypeId>& bound, std::span<const Operand> args, bool spread);

  // ---- builtins.cc
  Operand builtin(NodeId n, const ast::CallExpr& c, Builtin id);
  Operand append(const ast::CallExpr& c);
  Operand length(NodeId n, const ast::CallExpr& c);
  Operand make(const ast::CallExpr& c);
  Operand new_value(const ast::CallExpr& c);
  Operand extreme(const ast::CallExpr& c, bool largest);
  Operand complex_parts(const ast::CallExpr& c, Builtin id);
  Operand unsafe_call(const ast::CallExpr& c, Builtin id);
  bool has_call_or_receive(NodeId n);
  std::int64_t size_of(TypeId t, std::int64_t& align, int depth = 0);
  std::int64_t sum_of_sizes(TypeId t, std::int64_t& align, int depth);

  // ---- stmt.cc
  void function_body(NodeId type, NodeId body, TypeId signature);
  void declare_params(NodeId fields, TypeId tuple, bool results, NodeId owner);
  void block(ast::NodeList list);
  class Scope;  // a block of its own for as long as it lives
  void stmt(NodeId n);
  void raw_stmt(NodeId n);
  void simple(NodeId n) {
    if (ast::is_there(n)) stmt(n);
  }
  void if_stmt(NodeId n);
  void for_stmt(NodeId n);
  void assign_stmt(NodeId n);
  void define(NodeId n, const ast::AssignStmt& s);
  std::vector<Operand> values_for(std::size_t count, ast::NodeList rhs, std::span<const TypeId> targets);
  void return_stmt(NodeId n);
  void switch_stmt(NodeId n);
  void type_switch(NodeId n);
  void type_clause(NodeId clause, NodeId variable, TypeId whole);
  void select_stmt(NodeId n);
  void range_stmt(NodeId n);
  std::pair<TypeId, TypeId> range_types(TypeId x);
  void range_variable(NodeId n, NodeId stmt, TypeId type, bool define);
  void local_decl(NodeId decl);
  void local_type(NodeId spec);
  void local_vars(NodeId spec);
  void local_const(NodeId spec, NodeId type, ast::NodeList values, std::uint32_t iota);

  // ---- Records, when env_.facts is there
  void record(NodeId n, const Operand& x);
  void record_type(NodeId n, TypeId t);  // a type expression
  void record_object(NodeId n, ObjectId object) {
    if (env_.facts && ast::is_there(n)) env_.facts->slots[std::size_t(n)] = std::uint32_t(object);
  }

  // ---- lookup.cc
  struct Embedded;
  bool find_at_depth(std::vector<Embedded>& level, std::vector<Embedded>& next, PackageId from, NameId name,
                     Found& found);
  TypeId method_type(ObjectId method, TypeId receiver);
  std::uint32_t method_place(ObjectId type_name, NameId name);  // counted from 1; 0 when there is none
  struct FieldIndex {
    PlaceMap by_name;
    std::vector<std::uint32_t> embedded;
  };
  const FieldIndex& field_index(TypeId structure);
  void embed(const Embedded& holder, const Field& field, std::uint32_t i, std::vector<Embedded>& next) const;
  ObjectId imported_name(NameId name, bool guessed);

  // ---- under.cc, subst.cc, predicates.cc
  TypeId named_underlying(TypeId t);
  TypeId subst_parts(TypeId tuple, const Binding& binding);
  TypeId subst_struct(TypeId t, const Binding& binding);
  TypeId subst_interface(TypeId t, const Binding& binding);
  bool find_comparable(TypeId t, int depth);
  bool find_pointers(TypeId t, int depth);
  TypeSet make_type_set(TypeId interface);
  bool identical_parts(std::span<const TypeId> a, std::span<const TypeId> b);
  bool identical_structs(TypeId a, TypeId b);
  bool identical_interfaces(TypeId a, TypeId b);
  template <class Test>
  bool all_basics(TypeId t, Test test);
  // Counts the work of a call together with that of the calls inside of it.
  struct OuterCall {
    explicit OuterCall(int& of) : work(of), first(of == 0) {}
    ~OuterCall() {
      if (first) work = 0;
    }
    int& work;
    bool first;
  };

  static constexpr int kMostDepth = 1'200;  // of expressions in expressions and declarations in declarations
  static constexpr int kMostInstanceDepth = 40;       // of type arguments in type arguments
  static constexpr int kMostSubstitutions = 100'000;  // types made for one instance
  const SourceFile& source() const { return *env_.source; }

  ProgramData& d_;
  TypeTable& t_;
  Env env_;
  int depth_ = 0;
  int work_ = 0;               // of the substitution or comparison that runs
  std::vector<TypeId> under_;  // by TypeId, of Named; kUnknownType: not asked yet
  std::vector<std::uint8_t> under_state_;
  std::unordered_map<std::uint64_t, TypeId> site_types_;  // struct and interface literals by file and node
  std::unordered_map<std::uint32_t, std::vector<Method>> method_sets_;
  std::unordered_map<std::uint32_t, FieldIndex> field_indexes_;
  // What was found out about types, by TypeId. A struct may hold another twice, that a third twice, and so
  // on.
  struct Size {
    std::int64_t size = -1, align = 8;
  };
  std::unordered_map<std::uint32_t, TypeSet> type_sets_;
  std::unordered_map<std::uint32_t, bool> comparable_, has_pointers_;
  std::unordered_map<std::uint32_t, Size> sizes_;
};

// Counts the levels that a recursion went down; `too_deep` says to give up.
class Checker::Deeper {
 public:
  explicit Deeper(Checker& checker) : checker_(checker) { ++checker_.depth_; }
  ~Deeper() { --checker_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  bool too_deep() const { return checker_.depth_ > kMostDepth; }

 private:
  Checker& checker_;
};

class Checker::Scope {
 public:
  explicit Scope(Checker& checker)
      : checker_(checker), locals_(checker.env_.locals.size()), scope_(checker.env_.scope) {
    checker_.env_.scope = locals_;
  }
  ~Scope() {
    checker_.env_.locals.cut(locals_);
    checker_.env_.scope = scope_;
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Checker& checker_;
  std::size_t locals_, scope_;
};

class Checker::Enter {
 public:
  Enter(Checker& checker, FileId file) : checker_(checker), saved_(std::move(checker.env_)) {
    checker_.env_ = Env{};
    FileRow& row = checker_.d_.file(file);
    checker_.env_.file = file;
    checker_.env_.package = row.package;
    checker_.env_.row = &row;
    checker_.env_.source = &row.source;
  }
  ~Enter() { checker_.env_ = std::move(saved_); }
  Enter(const Enter&) = delete;
  Enter& operator=(const Enter&) = delete;

 private:
  Checker& checker_;
  Env saved_;
};

}  // namespace memsnap::types
