// The words of the classes of fix.
#include "escape/explain.h"

#include <array>

namespace memsnap {
namespace {

struct FixWords {
  const char* word;
  const char* phrase;
  const char* advice;
};

constexpr std::array<FixWords, kFixClasses> kWords = {{
    {"none", "not explained by the log", "build with -gcflags=-m=2, which explains every escape"},
    {"returned-pointer", "a pointer is returned",
     "return the value instead of its address, or fill one that the caller passes in"},
    {"returned-memory", "new memory is returned", "let the caller pass in what is filled or appended to"},
    {"interface-conversion", "converted to an interface",
     "use the concrete type or a type parameter instead of the interface"},
    {"formatting", "argument of a formatting call",
     "append with strconv where it is hot, or ask whether the line is wanted before it is formatted"},
    {"captured-variable", "captured by a function literal",
     "hand it to the function literal as an argument, or let the literal return what it found"},
    {"goroutine", "started by a go statement",
     "start fewer goroutines: let a fixed number of them take work from a channel"},
    {"function-value", "a function literal is kept",
     "use a plain function or a method value made once instead of a literal made each time"},
    {"size-not-constant", "its size is not constant",
     "give make a constant size that is enough in the common case, and larger ones a path of their own"},
    {"too-large", "too large for the stack", "make it once and use it again, or make it smaller"},
    {"pointer-element", "a pointer in something on the heap",
     "hold values instead of pointers in the map, slice or struct"},
    {"stored-pointer", "a pointer is stored in what lives on", "store the value instead of a pointer to it"},
    {"kept-by-callee", "passed to a function that keeps it",
     "pass a value, or call something that does not keep what it is given"},
    {"channel", "a pointer is sent on a channel", "send the value instead of a pointer to it"},
    {"outer-variable", "kept by a variable that lives longer",
     "make it once outside of the loop, or keep the value instead of its address"},
    {"map-key", "used as a key of a map",
     "look up with a key on the stack and make the one to keep only when it is new"},
    {"stored-memory", "new memory is stored in what lives on",
     "clear and fill what is there again instead of making a new one"},
    {"variadic-arguments", "the slice of variadic arguments is kept",
     "where it is hot, call a form without ..., or ask first whether the call will do anything"},
    {"error-value", "an error made anew",
     "make it once as a package variable where it is hot; leave it where it is rare"},
    {"panic", "passed to panic", "nothing to gain: it happens only on the way to a panic"},
}};

}  // namespace

const char* word(FixClass fix) { return kWords[std::size_t(fix)].word; }
const char* phrase(FixClass fix) { return kWords[std::size_t(fix)].phrase; }
const char* advice(FixClass fix) { return kWords[std::size_t(fix)].advice; }

}  // namespace memsnap
