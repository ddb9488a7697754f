// What is done with a variable or field at each place where it occurs.
//
//   for (const Use& use : module.uses().of(field))
//     if (use.kind == UseKind::kInsert && is_there(use.function)) see(use.file, use.node);
#pragma once

#include "flow/functions.h"
#include "gosrc/walk.h"

#include <span>
#include <vector>

namespace memsnap::flow {

enum class UseKind : std::uint8_t {
  kRead,            // its value is looked at where it stands: arithmetic, conditions, x.f, *x, a conversion
  kNilCheck,        // == nil, != nil
  kLen,             // len, cap
  kIndex,           // x[i] is read
  kSlice,           // x[a:b]
  kRange,           // for range x
  kCall,            // x()
  kMethod,          // x.M(), or x.M as a value: the method may write to it
  kWrite,           // x = other: `other` is the value; x++, x += other (other is kNoNode for x++)
  kTupleWrite,      // x, y = f(): `other` is the call, receive, index or assertion
  kRangeWrite,      // for x = range: `other` is the RangeStmt
  kLiteral,         // a field gets its value in a literal: `other` is the value
  kInsert,          // x[k] = other, x[k]++, x is a map: `other` is the value
  kElement,         // x[i] = other, x[i].f = other, copy(x, other) and x[i]++, x is no map
  kDelete,          // delete(x, other)
  kClear,           // clear(x)
  kAppend,          // x = append(x, ...): `other` is the call
  kAppendFrom,      // append(x, ...) with the result elsewhere: `other` is the call
  kAddress,         // &x
  kElementAddress,  // &x[i], &x[i].f
  kStore,   // y = x, y := x, T{x}, append(y, x): `other` is where it goes: the left side, the literal or call
  kSend,    // ch <- x
  kReturn,  // return x
  kArgument,  // f(x): `other` is the call, of go and defer statements too
  kReceive,   // <-x, x <- v, close(x)
};
std::string_view word(UseKind kind);
constexpr bool is_write(UseKind k) { return k >= UseKind::kWrite && k <= UseKind::kAppend; }

struct Use {
  ObjectId object = types::kNoObject;
  FileId file = types::kNoFile;
  NodeId node = ast::kNoNode;  // the Ident or, of a field x.f, the SelectorExpr; in a literal the key
  FuncId function = kNoFunc;   // the innermost around it
  UseKind kind = UseKind::kRead;
  NodeId other = ast::kNoNode;
};

// Of an Ident or SelectorExpr that names a variable or field. Blocks of `parents` are those of the file.
Use use_of(Program& program, FileId file, const ast::Parents& parents, NodeId node);

// All uses of fields and of variables of packages, in every package added, and how literals without keys fill
// fields. Uses of one object are together, by file and place.
class UseIndex {
 public:
  void add(Program& program, const FunctionTable& functions, PackageId package);
  void finish();  // after the last add, before the first of()

  std::span<const Use> of(ObjectId object) const;
  std::span<const Use> all() const { return uses_; }
  bool any(ObjectId object, UseKind kind) const;

 private:
  void add_file(Program& program, const FunctionTable& functions, FileId file);
  void add_literal(Program& program, const FunctionTable& functions, FileId file, NodeId literal);

  std::vector<Use> uses_;
};

}  // namespace memsnap::flow
