// Why one value escapes, as a sentence of at most six hops; the first of them that can be avoided, and how.
#pragma once

#include "escape/graph.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

inline constexpr std::size_t kMostHops = 6;

// What would let the value stay on the stack.
enum class FixClass : std::uint8_t {
  kNone,             // the log does not say enough
  kReturnedPointer,  // return the value
  kReturnedMemory,   // a slice, string or map that the function made: let the caller give a buffer
  kInterface,        // a concrete type or a type parameter
  kFormatting,       // arguments of fmt and of loggers
  kCapturedVariable,
  kGoroutine,      // what a go statement starts is on the heap always
  kFunctionValue,  // a function literal that is stored or handed on
  kSize,           // a size that is not constant
  kTooLarge,
  kPointerElement,  // a pointer in a map, slice or struct that is on the heap
  kStoredPointer,   // a pointer stored in a variable that lives on
  kKeptByCallee,
  kChannel,
  kOuterVariable,  // its address goes to a variable declared outside its loop
  kMapKey,
  kStoredMemory,  // a slice, string or map stored in what lives on
  kVariadic,      // the slice of a call with ..., kept by the callee
  kErrorValue,
  kPanic,
};
inline constexpr std::size_t kFixClasses = std::size_t(FixClass::kPanic) + 1;
const char* word(FixClass fix);    // returned-pointer, for JSON
const char* phrase(FixClass fix);  // "pointer is returned"
const char* advice(FixClass fix);  // one sentence, without a full stop

struct Hop {
  std::string what;  // "assigned to p", after the value as subject
  LogPlace at;
  std::string_view ending = {};    // of the sentence, behind the place
  FixClass fix = FixClass::kNone;  // kNone: nothing to gain here
  bool minor = false;              // left out first when there are too many
};

struct Explanation {
  std::vector<Hop> hops;                    // at most kMostHops
  std::size_t left_out = 0;                 // further hops, in the middle
  std::size_t avoidable = ~std::size_t(0);  // of hops; ~0 when none is
  FixClass fix = FixClass::kNone;
  std::string callee;     // the last function that the value was passed to; "" when none
  bool is_known = false;  // the log explains the escape
};

Explanation explain(const EscapeGraph& graph, std::size_t escape);
// The name of a value for people: "result of F" of what a call that was inlined gave, which the log calls
// ~r0.
std::string shown_name(const EscapeGraph& graph, std::size_t escape);
// Where a hop is, for a reader who knows where the value is: 22:7 in the same file, else the place in full.
std::string place_words(const EscapeLog& log, const LogPlace& at, const LogPlace& from);
std::string place_words(const EscapeLog& log, const LogPlace& at);
// "its address is taken at 22:7, assigned to p at 22:6 and stored in global at 22:6"
std::string sentence(const EscapeLog& log, const Explanation& why, const LogPlace& from);

}  // namespace memsnap
