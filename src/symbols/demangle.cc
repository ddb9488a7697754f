#include "symbols/demangle.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace memsnap {
namespace {

constexpr std::size_t kLongest = 16 << 10;  // the work grows faster than the length

struct Free {
  void operator()(char* text) const { std::free(text); }
};

}  // namespace

std::string_view Demangler::operator()(std::string_view name) {
  if (!name.starts_with("_Z") || name.size() > kLongest) return name;
  auto [row, fresh] = known_.try_emplace(name);
  if (fresh) {
    int status = 0;
    std::string text(name);
    std::unique_ptr<char, Free> plain(abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status));
    row->second = plain && status == 0 ? plain.get() : text;
  }
  return row->second;
}

}  // namespace memsnap
