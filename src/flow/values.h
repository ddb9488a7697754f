// What can be said of a value at a point: whether it is nil, whether nobody else has it yet.
#pragma once

#include "flow/module.h"

namespace memsnap::flow {

enum class Nilness : std::uint8_t {
  kUnknown,  // from elsewhere
  kNil,      // on every way
  kMaybe,    // on some way it is, on another it is not or nothing is known
  kMade,     // on every way a value of its own: make, a literal, new, &x, or a test against nil
};
// Of a map, slice, pointer, channel, function or interface expression, evaluated at that point. Looks through
// variables, tests against nil on the way (if m == nil), and functions of the module that return one thing.
Nilness nilness(Module& module, FuncId function, NodeId expr, Point at);

// Nobody but this function can reach what the variable holds or points to: it was made here (literal, new,
// make, var of struct type, or a constructor that only makes), and on no way to the point was it stored,
// sent, returned, captured by a closure that got away, given to a goroutine or handed to a function.
bool is_fresh(Module& module, FuncId function, ObjectId var, Point at);

// Every value of the function's result number `index` is nil: nil itself, or a variable that is.
bool returns_only_nil(Module& module, FuncId function, std::uint32_t index = 0);

}  // namespace memsnap::flow
