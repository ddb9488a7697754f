// The names that linkers know, in the words of the source: of C++, shortened as profiles want them, and of
// Rust.
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

// How much of a C++ name is kept.
enum class NameDetail {
  kSimple,     // ns::Type::method
  kTemplates,  // ns::Type<int>::method
  kFull,       // void ns::Type<int>::method<char>(char const*) const
};

// What the name stands for; "" when it is no name of C++ or Rust, or a damaged one. The same text as
// demangle.Filter of github.com/ianlancetaylor/demangle gives with the options of go tool pprof.
std::string plain_name(std::string_view linker_name, NameDetail detail);

// The same of a name that is plain but in full.
std::string shorten_name(std::string_view full, NameDetail detail);

// Of Rust before its own mangling: _ZN, the parts with their lengths, 17h and a hash.
std::string rust_name(std::string_view linker_name);

}  // namespace memsnap
