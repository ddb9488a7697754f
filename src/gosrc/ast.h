// One Go file as a tree. Kinds and fields are those of go/ast, so its documentation is the documentation of
// this tree, with four differences: labels, idents and parameters carry no resolved object; a comment hangs
// on no node but is found by place (comments.h); `...` and generic receivers are as go/parser leaves them;
// and a function body that was skipped (ParseMode::kDeclarations) is kNoNode although has_body says there is
// one.
//
//   for (ast::NodeId decl : file.decls())
//     if (auto func = file.as<ast::FuncDecl>(decl))
//       ast::walk(file, func->body, [&](ast::NodeId n) {        // parents before children, source order
//         if (auto call = file.as<ast::CallExpr>(n)) see(file.text(call->fun), call->args.size());
//         return file.kind(n) != ast::Kind::kFuncLit;             // false: leave out what is below
//       });
//
// A node's number is larger than those of all nodes below it. A child that is not there is kNoNode, whose
// kind is Kind::kNone, so that asking for more of it is harmless. Trees of hostile files are deep: nesting
// stops at kMaxDepth, but the left spine of `a + b + ...` and of `x.f().g()...` may be kMaxSpine long, so
// recursion takes left operands in a loop (walk does).
#pragma once

#include "gosrc/names.h"
#include "gosrc/token.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace memsnap::ast {

enum class NodeId : std::uint32_t {};
constexpr NodeId kNoNode{0};
constexpr bool is_there(NodeId id) { return id != kNoNode; }
using NodeList = std::span<const NodeId>;  // borrowed from the file

constexpr int kMaxDepth = 2'000;  // 8 MiB of stack bear this in every build, sanitizers too
constexpr int kMaxSpine = 100'000;

enum class Kind : std::uint8_t {
  kNone,
  // Expressions and types.
  kBadExpr,
  kIdent,
  kEllipsis,
  kBasicLit,
  kFuncLit,
  kCompositeLit,
  kParenExpr,
  kSelectorExpr,
  kIndexExpr,
  kIndexListExpr,
  kSliceExpr,
  kTypeAssertExpr,
  kCallExpr,
  kStarExpr,
  kUnaryExpr,
  kBinaryExpr,
  kKeyValueExpr,
  kArrayType,
  kStructType,
  kFuncType,
  kInterfaceType,
  kMapType,
  kChanType,
  // Statements.
  kBadStmt,
  kDeclStmt,
  kEmptyStmt,
  kLabeledStmt,
  kExprStmt,
  kSendStmt,
  kIncDecStmt,
  kAssignStmt,
  kGoStmt,
  kDeferStmt,
  kReturnStmt,
  kBranchStmt,
  kBlockStmt,
  kIfStmt,
  kCaseClause,
  kSwitchStmt,
  kTypeSwitchStmt,
  kCommClause,
  kSelectStmt,
  kForStmt,
  kRangeStmt,
  // Declarations and their parts.
  kImportSpec,
  kValueSpec,
  kTypeSpec,
  kBadDecl,
  kGenDecl,
  kFuncDecl,
  kField,
  kFieldList,
  kFile,
};
constexpr int kKinds = int(Kind::kFile) + 1;

std::string_view word(Kind kind);  // "CallExpr"

constexpr bool is_expr(Kind k) { return k >= Kind::kBadExpr && k <= Kind::kChanType; }
constexpr bool is_stmt(Kind k) { return k >= Kind::kBadStmt && k <= Kind::kRangeStmt; }

enum class ChanDir : std::uint8_t { kBoth, kSend, kRecv };

// How a node lies in the file: children that are always few in a and b, the rest in the arena of lists. The
// `read` of each view knows the layout of its kind, TreeBuilder writes it, and nobody else looks at it.
struct Node {
  Kind kind = Kind::kNone;
  Token op = Token::kIllegal;
  std::uint8_t flags = 0;
  std::uint32_t pos = 0, end = 0;  // byte offsets: of the first byte, behind the last one
  std::uint32_t a = 0, b = 0;      // children, or places in the arena of lists
};

// What a view is read from.
struct Arena {
  const char* bytes;
  const NodeId* lists;  // a list is its count, then its ids; what is no list is ids alone
  NodeId at(std::uint32_t place) const { return lists[place]; }
  NodeList list(std::uint32_t place) const { return {lists + place + 1, std::size_t(lists[place])}; }
};

// ---- Views: the fields of a node of that kind, given by SourceFile::as and get.

struct Ident {
  static constexpr Kind kKind = Kind::kIdent;
  NameId name;  // "_" where the parser expected a name and found none
  static Ident read(const Arena&, const Node& n) { return {NameId{n.a}}; }
};
struct Ellipsis {
  static constexpr Kind kKind = Kind::kEllipsis;
  NodeId elt;  // kNoNode in [...]T
  static Ellipsis read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct BasicLit {
  static constexpr Kind kKind = Kind::kBasicLit;
  Token kind;              // kInt, kFloat, kImag, kChar or kString
  std::string_view value;  // as written, with its quotes
  static BasicLit read(const Arena& in, const Node& n) { return {n.op, {in.bytes + n.pos, n.end - n.pos}}; }
};
struct FuncLit {
  static constexpr Kind kKind = Kind::kFuncLit;
  NodeId type, body;
  static FuncLit read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct CompositeLit {
  static constexpr Kind kKind = Kind::kCompositeLit;
  NodeId type;  // kNoNode for an inner literal without its type
  NodeList elts;
  static CompositeLit read(const Arena& in, const Node& n) { return {NodeId{n.a}, in.list(n.b)}; }
};
struct ParenExpr {
  static constexpr Kind kKind = Kind::kParenExpr;
  NodeId x;
  static ParenExpr read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct SelectorExpr {
  static constexpr Kind kKind = Kind::kSelectorExpr;
  NodeId x, sel;
  static SelectorExpr read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct IndexExpr {
  static constexpr Kind kKind = Kind::kIndexExpr;
  NodeId x, index;
  static IndexExpr read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct IndexListExpr {
  static constexpr Kind kKind = Kind::kIndexListExpr;
  NodeId x;
  NodeList indices;
  static IndexListExpr read(const Arena& in, const Node& n) { return {NodeId{n.a}, in.list(n.b)}; }
};
struct SliceExpr {
  static constexpr Kind kKind = Kind::kSliceExpr;
  NodeId x, low, high, max;
  bool slice3;
  static SliceExpr read(const Arena& in, const Node& n) {
    return {NodeId{n.a}, in.at(n.b), in.at(n.b + 1), in.at(n.b + 2), n.flags != 0};
  }
};
struct TypeAssertExpr {
  static constexpr Kind kKind = Kind::kTypeAssertExpr;
  NodeId x, type;  // type is kNoNode in x.(type)
  static TypeAssertExpr read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct CallExpr {
  static constexpr Kind kKind = Kind::kCallExpr;
  NodeId fun;
  NodeList args;
  bool ellipsis;  // f(xs...)
  static CallExpr read(const Arena& in, const Node& n) { return {NodeId{n.a}, in.list(n.b), n.flags != 0}; }
};
struct StarExpr {
  static constexpr Kind kKind = Kind::kStarExpr;
  NodeId x;
  static StarExpr read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct UnaryExpr {
  static constexpr Kind kKind = Kind::kUnaryExpr;
  Token op;  // kAdd kSub kNot kXor kAnd kArrow, kTilde in constraints
  NodeId x;
  static UnaryExpr read(const Arena&, const Node& n) { return {n.op, NodeId{n.a}}; }
};
struct BinaryExpr {
  static constexpr Kind kKind = Kind::kBinaryExpr;
  NodeId x;
  Token op;
  NodeId y;
  static BinaryExpr read(const Arena&, const Node& n) { return {NodeId{n.a}, n.op, NodeId{n.b}}; }
};
struct KeyValueExpr {
  static constexpr Kind kKind = Kind::kKeyValueExpr;
  NodeId key, value;
  static KeyValueExpr read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct ArrayType {
  static constexpr Kind kKind = Kind::kArrayType;
  NodeId len, elt;  // len is kNoNode for a slice, an Ellipsis for [...]T
  static ArrayType read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct StructType {
  static constexpr Kind kKind = Kind::kStructType;
  NodeId fields;  // FieldList
  static StructType read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct FuncType {
  static constexpr Kind kKind = Kind::kFuncType;
  NodeId type_params, params, results;  // FieldLists; params always there
  static FuncType read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), in.at(n.a + 2)};
  }
};
struct InterfaceType {
  static constexpr Kind kKind = Kind::kInterfaceType;
  NodeId methods;  // FieldList: methods have one name and a FuncType, embedded elements no name
  static InterfaceType read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct MapType {
  static constexpr Kind kKind = Kind::kMapType;
  NodeId key, value;
  static MapType read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct ChanType {
  static constexpr Kind kKind = Kind::kChanType;
  ChanDir dir;
  NodeId value;
  static ChanType read(const Arena&, const Node& n) { return {ChanDir(n.flags), NodeId{n.a}}; }
};

struct DeclStmt {
  static constexpr Kind kKind = Kind::kDeclStmt;
  NodeId decl;  // GenDecl
  static DeclStmt read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct EmptyStmt {
  static constexpr Kind kKind = Kind::kEmptyStmt;
  bool implicit;
  static EmptyStmt read(const Arena&, const Node& n) { return {n.flags != 0}; }
};
struct LabeledStmt {
  static constexpr Kind kKind = Kind::kLabeledStmt;
  NodeId label, stmt;
  static LabeledStmt read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct ExprStmt {
  static constexpr Kind kKind = Kind::kExprStmt;
  NodeId x;
  static ExprStmt read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct SendStmt {
  static constexpr Kind kKind = Kind::kSendStmt;
  NodeId chan, value;
  static SendStmt read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct IncDecStmt {
  static constexpr Kind kKind = Kind::kIncDecStmt;
  NodeId x;
  Token tok;  // kInc or kDec
  static IncDecStmt read(const Arena&, const Node& n) { return {NodeId{n.a}, n.op}; }
};
struct AssignStmt {
  static constexpr Kind kKind = Kind::kAssignStmt;
  NodeList lhs;
  Token tok;  // kAssign, kDefine, or an operator with =
  NodeList rhs;
  static AssignStmt read(const Arena& in, const Node& n) { return {in.list(n.a), n.op, in.list(n.b)}; }
};
struct GoStmt {
  static constexpr Kind kKind = Kind::kGoStmt;
  NodeId call;
  static GoStmt read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct DeferStmt {
  static constexpr Kind kKind = Kind::kDeferStmt;
  NodeId call;
  static DeferStmt read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct ReturnStmt {
  static constexpr Kind kKind = Kind::kReturnStmt;
  NodeList results;
  static ReturnStmt read(const Arena& in, const Node& n) { return {in.list(n.a)}; }
};
struct BranchStmt {
  static constexpr Kind kKind = Kind::kBranchStmt;
  Token tok;  // kBreak, kContinue, kGoto, kFallthrough
  NodeId label;
  static BranchStmt read(const Arena&, const Node& n) { return {n.op, NodeId{n.a}}; }
};
struct BlockStmt {
  static constexpr Kind kKind = Kind::kBlockStmt;
  NodeList list;
  static BlockStmt read(const Arena& in, const Node& n) { return {in.list(n.a)}; }
};
struct IfStmt {
  static constexpr Kind kKind = Kind::kIfStmt;
  NodeId init, cond, body, else_;  // else_: IfStmt or BlockStmt
  static IfStmt read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), in.at(n.a + 2), NodeId{n.b}};
  }
};
struct CaseClause {
  static constexpr Kind kKind = Kind::kCaseClause;
  NodeList list, body;
  bool is_default;
  static CaseClause read(const Arena& in, const Node& n) {
    return {in.list(n.a), in.list(n.b), n.flags != 0};
  }
};
struct SwitchStmt {
  static constexpr Kind kKind = Kind::kSwitchStmt;
  NodeId init, tag, body;  // body: BlockStmt of CaseClauses
  static SwitchStmt read(const Arena& in, const Node& n) { return {in.at(n.a), in.at(n.a + 1), NodeId{n.b}}; }
};
struct TypeSwitchStmt {
  static constexpr Kind kKind = Kind::kTypeSwitchStmt;
  NodeId init, assign, body;  // assign: x := y.(type) or the ExprStmt y.(type)
  static TypeSwitchStmt read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), NodeId{n.b}};
  }
};
struct CommClause {
  static constexpr Kind kKind = Kind::kCommClause;
  NodeId comm;  // SendStmt, ExprStmt or AssignStmt; kNoNode for default
  NodeList body;
  static CommClause read(const Arena& in, const Node& n) { return {NodeId{n.a}, in.list(n.b)}; }
};
struct SelectStmt {
  static constexpr Kind kKind = Kind::kSelectStmt;
  NodeId body;  // BlockStmt of CommClauses
  static SelectStmt read(const Arena&, const Node& n) { return {NodeId{n.a}}; }
};
struct ForStmt {
  static constexpr Kind kKind = Kind::kForStmt;
  NodeId init, cond, post, body;
  static ForStmt read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), in.at(n.a + 2), NodeId{n.b}};
  }
};
struct RangeStmt {
  static constexpr Kind kKind = Kind::kRangeStmt;
  NodeId key, value;
  Token tok;  // kDefine, kAssign, or kIllegal for `for range x`
  NodeId x, body;
  static RangeStmt read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), n.op, in.at(n.a + 2), NodeId{n.b}};
  }
};

struct ImportSpec {
  static constexpr Kind kKind = Kind::kImportSpec;
  NodeId name, path;  // name may be the Ident "." or "_"
  static ImportSpec read(const Arena&, const Node& n) { return {NodeId{n.a}, NodeId{n.b}}; }
};
struct ValueSpec {
  static constexpr Kind kKind = Kind::kValueSpec;
  NodeList names;
  NodeId type;
  NodeList values;
  static ValueSpec read(const Arena& in, const Node& n) {
    return {in.list(n.b + 1), NodeId{n.a}, in.list(std::uint32_t(in.at(n.b)))};
  }
};
struct TypeSpec {
  static constexpr Kind kKind = Kind::kTypeSpec;
  NodeId name, type_params, type;
  bool alias;
  static TypeSpec read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), NodeId{n.b}, n.flags != 0};
  }
};
struct GenDecl {
  static constexpr Kind kKind = Kind::kGenDecl;
  Token tok;  // kImport, kConst, kType or kVar
  NodeList specs;
  bool has_parens;
  static GenDecl read(const Arena& in, const Node& n) { return {n.op, in.list(n.a), n.flags != 0}; }
};
struct FuncDecl {
  static constexpr Kind kKind = Kind::kFuncDecl;
  NodeId recv, name, type, body;  // recv: FieldList
  bool has_body;                  // false: implemented outside Go
  static FuncDecl read(const Arena& in, const Node& n) {
    return {in.at(n.a), in.at(n.a + 1), in.at(n.a + 2), NodeId{n.b}, n.flags != 0};
  }
};
struct Field {
  static constexpr Kind kKind = Kind::kField;
  NodeList names;
  NodeId type, tag;
  static Field read(const Arena& in, const Node& n) { return {in.list(n.b + 1), NodeId{n.a}, in.at(n.b)}; }
};
struct FieldList {
  static constexpr Kind kKind = Kind::kFieldList;
  NodeList list;
  static FieldList read(const Arena& in, const Node& n) { return {in.list(n.a)}; }
};
struct File {
  static constexpr Kind kKind = Kind::kFile;
  NodeId name;
  NodeList decls;
  static File read(const Arena& in, const Node& n) { return {NodeId{n.a}, in.list(n.b)}; }
};

}  // namespace memsnap::ast
