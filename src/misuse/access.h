// What is done with a map or slice at one place where it is named.
#pragma once

#include "misuse/code.h"

namespace memsnap::misuse {

enum class How : std::uint8_t {
  kOther,     // anything else: nothing is known of it from here on
  kRead,      // m[k]
  kInsert,    // m[k] = v, m[k]++, m[k] op= v; of a slice: s[i] = v
  kInner,     // m[k][j] = v, m[k].f = v, &m[k]
  kDelete,    // delete(m, k), maps.DeleteFunc(m, f), slices.Delete(m, ...)
  kClear,     // clear(m)
  kRange,     // range m
  kLen,       // len(m), cap(m)
  kAssign,    // m = value, var m = value, T{m: value}
  kCompare,   // m == nil
  kAppend,    // m = append(m, ...): the m in the call
  kAppended,  // the m on the left side of that
  kAppendTo,  // append(m, ...) with the result somewhere else
  kSlice,     // m[i:j]
  kAddress,   // &m
  kArgument,  // f(m)
  kMethod,    // m.f()
  kReturn,    // return m
  kSend,      // c <- m
  kStore,     // x = m, T{f: m}, []T{m}
};

struct Access {
  How how = How::kOther;
  NodeId expr = ast::kNoNode;       // the whole name: x.f, (m)
  NodeId node = ast::kNoNode;       // the index, call or statement
  NodeId key = ast::kNoNode;        // of kRead, kInsert, kInner, kDelete
  NodeId value = ast::kNoNode;      // of kInsert and kAssign, when it is one expression
  NodeId statement = ast::kNoNode;  // of kInsert and kAssign
  bool updates = false;             // kInsert that reads before
};

// x.f for the Ident f, else the Ident; parentheses around it included.
NodeId whole_name(const Code& code, NodeId ident);
Access access_of(const Code& code, NodeId ident);

// A new map or slice that nobody else has: make, a literal, a copy, new.
bool is_fresh_value(const Code& code, NodeId value);

}  // namespace memsnap::misuse
