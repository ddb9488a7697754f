// Shapes of code that several rules look for.
#pragma once

#include "misuse/access.h"
#include "misuse/rule.h"

#include <string>
#include <vector>

namespace memsnap::misuse {

// Behind the statement of `node` control goes on to the next iteration of `loop`: no break, return or panic
// comes first.
bool goes_round(const Code& code, NodeId node, NodeId loop);

// Where a value goes that is named at `expr`, directly or inside a literal: [&]T{f: expr}.
enum class Out : std::uint8_t {
  kNowhere,
  kAppended,  // append(list, expr)
  kSent,      // c <- expr
  kElement,   // m[k] = expr
  kField,     // x.f = expr
  kGlobal,    // a package variable, or something in it
  kReturned,
  kPooled,   // pool.Put(expr)
  kContext,  // context.WithValue(ctx, key, expr)
};
struct Sink {
  Out out = Out::kNowhere;
  NodeId node = ast::kNoNode;    // the append, send, assignment, return, call
  NodeId target = ast::kNoNode;  // list, m[k], x.f
};
Sink sink_of(const Code& code, NodeId expr);

// The channel operation, Wait or lock that orders what is before it with what is behind it, between two
// places of one function.
bool synchronised_between(const Code& code, NodeId from, NodeId to);

// A call in the function that recovers from panics.
bool recovers(const Code& code, NodeId function);

// The local is a whole file or body, or an array of at least 4 KiB, made by `by`: nothing else is assigned.
struct Big {
  NodeId by = ast::kNoNode;
  std::int64_t elements = -1;  // -1: not known
  explicit operator bool() const { return ast::is_there(by); }
};
Big big_slice(const Code& code, NodeId expr);
Big big_text(const Code& code, NodeId expr);

// A small piece of something large: the slicing, looked at through local variables.
Big small_piece(const Code& code, NodeId expr);

// The slice has no room behind its length: a literal, make with a length only, Clip, a third index, nil.
bool has_no_room(const Code& code, NodeId expr);

// len(place) and cap(place), in brackets or not.
bool is_len_of(const Code& code, NodeId expr, NodeId place);
bool is_cap_of(const Code& code, NodeId expr, NodeId place);

}  // namespace memsnap::misuse
