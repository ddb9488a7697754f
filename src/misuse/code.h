// One file of a checked package, as rules look at it: its nodes by kind, the uses of each object, what a call
// calls, and where control may go. Questions about order are answered from the nesting of statements, which
// is exact for code without goto.
#pragma once

#include "gosrc/walk.h"
#include "gotypes/types.h"
#include "lint/diagnostic.h"
#include "misuse/known.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap::misuse {

using ast::Kind;
using ast::NodeId;
using types::ObjectId;
using types::TypeId;
using types::TypeKind;

class Code {
 public:
  Code(types::Program& program, KnownCalls& known, types::FileId file);

  types::Program& program() const { return program_; }
  types::FileId file() const { return file_; }
  const SourceFile& source() const { return source_; }
  const types::Package& package() const { return package_; }
  bool is_test() const { return is_test_; }

  // ---- The tree
  template <class View>
  std::optional<View> as(NodeId node) const {
    return source_.as<View>(node);
  }
  Kind kind(NodeId node) const { return source_.kind(node); }
  std::uint32_t pos(NodeId node) const { return source_.pos(node); }
  NodeId parent(NodeId node) const { return parents_.of(node); }
  NodeId outer(NodeId node) const;  // the parent, parentheses left out
  NodeId inner(NodeId node) const { return ast::unparen(source_, node); }
  std::span<const NodeId> of(Kind kind) const { return by_kind_[std::size_t(kind)]; }
  std::string_view text(NodeId node) const { return source_.text(node); }
  bool inside(NodeId node, NodeId around) const {
    return source_.pos(node) >= source_.pos(around) && source_.end(node) <= source_.end(around);
  }
  NodeId function(NodeId node) const {
    return parents_.function(node);
  }  // the nearest FuncDecl or FuncLit around it; kNoNode at package level
  NodeId body(NodeId function) const;   // of a FuncDecl or FuncLit
  NodeId statement(NodeId node) const;  // the innermost statement around it, or itself, that stands in a list
  NodeId loop(NodeId node) const { return parents_.loop(node); }
  NodeId loop_body(NodeId loop) const;

  // ---- Meaning
  TypeId type(NodeId expr) const { return program_.type_of(file_, expr); }
  TypeKind type_kind(NodeId expr) const { return program_.kind(type(expr)); }
  bool is_map(NodeId expr) const { return type_kind(expr) == TypeKind::kMap; }
  bool is_slice(NodeId expr) const { return type_kind(expr) == TypeKind::kSlice; }
  // Of an Ident, and of the name at the end of a selector: variable, field, function; parentheses and
  // dereferences are not looked through, but those parentheses are.
  ObjectId object(NodeId expr) const;
  const types::Object& about(ObjectId object) const { return program_.object(object); }
  // A variable of this function or one around it, not a field, not of the package.
  bool is_local(ObjectId object) const;
  bool is_package_var(ObjectId object) const;
  // The variable at the bottom of x.a[i].b, *x, x[:n]; kNoObject for calls and literals.
  ObjectId root(NodeId expr) const;
  // Both name the same place, as far as names tell: x.a and x.a, m[k] and m[k] with the same variable or
  // constant as k. Calls are never the same.
  bool same(NodeId a, NodeId b) const;
  std::span<const NodeId> uses(ObjectId object) const;  // Idents of this file, definitions too, by place
  bool is_nil(NodeId expr) const;
  bool is_constant(NodeId expr) const { return program_.is_constant(file_, inner(expr)); }
  std::optional<std::int64_t> integer(NodeId expr) const;

  Known called(NodeId call) const;                   // kNone also for what is no call
  std::span<const NodeId> calls(Known known) const;  // by place
  bool is_call(NodeId expr, Known known) const { return called(inner(expr)) == known; }
  std::string_view method_name(NodeId call) const;  // of x.Name(...); "" for others
  NodeId receiver(NodeId call) const;               // x of x.Name(...)

  // ---- Writes
  // What is written to by an assignment, ++, op=, range: each left side with the value that it gets, kNoNode
  // when that is no single expression.
  struct Write {
    NodeId place = ast::kNoNode, value = ast::kNoNode, statement = ast::kNoNode;
    NodeId call = ast::kNoNode;  // f() of a, b = f(), with the place of this left side in it
    int result = 0;
    bool define = false;   // := or var, of this very name
    bool updates = false;  // op= or ++, which reads before
  };
  const std::vector<Write>& writes() const { return writes_; }  // by place
  // Those whose left side is exactly this variable.
  std::vector<Write> writes_of(ObjectId variable) const;
  // The one value a local variable ever gets, from its definition; kNoNode when there are several, or none,
  // or when its address is taken.
  NodeId only_value(ObjectId variable) const;
  bool address_taken(ObjectId variable) const;

  // ---- Order
  // Whenever control comes to `later` in its function, it has gone through `earlier` before.
  bool dominates(NodeId earlier, NodeId later) const;
  // Control may go from one to the other without a new iteration of a loop around both.
  bool reaches(NodeId from, NodeId to) const;
  bool leaves(NodeId statement) const;  // it never ends by going on behind itself
  // Statements are in a loop that `variable` is declared outside of.
  bool declared_outside(ObjectId variable, NodeId loop) const;

  // ---- Words
  Span span(NodeId node) const;
  std::string function_name(NodeId node) const;  // of the function around it
  std::string shown(NodeId node) const;          // its text, folded and cut to what a sentence bears

 private:
  void collect_writes();
  bool has_break(NodeId loop) const;
  bool same_of_package(NodeId a, NodeId b) const;
  bool conditional_within(NodeId node, NodeId statement) const;

  types::Program& program_;
  KnownCalls& known_;
  types::FileId file_;
  const SourceFile& source_;
  const types::Package& package_;
  bool is_test_ = false;
  ast::Parents parents_;
  std::vector<std::vector<NodeId>> by_kind_;
  std::vector<std::pair<ObjectId, NodeId>> uses_;
  std::vector<NodeId> use_nodes_;
  std::vector<std::pair<Known, NodeId>> calls_;
  std::vector<NodeId> call_nodes_;
  std::vector<Write> writes_;
};

}  // namespace memsnap::misuse
