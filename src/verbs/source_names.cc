#include "verbs/source_names.h"

#include "escape/view.h"

namespace memsnap {
namespace {

std::size_t dot_behind_package(std::string_view function) {
  std::size_t slash = function.rfind('/');
  return function.find('.', slash == std::string_view::npos ? 0 : slash + 1);
}

}  // namespace

std::string declared_function(std::string_view name) {
  std::string plain = plain_name(name);
  std::size_t package = plain.rfind('/') + 1;
  for (std::string_view inner : {".func", ".gowrap", ".deferwrap"})
    for (std::size_t at = plain.find(inner, package); at != std::string::npos;
         at = plain.find(inner, at + 1)) {
      std::size_t number = at + inner.size();
      bool is_literal = number < plain.size() && plain[number] >= '0' && plain[number] <= '9';
      if (is_literal) plain.resize(at);
    }
  return plain;
}

std::string as_command(std::string_view function) {
  std::size_t dot = dot_behind_package(function);
  return dot == std::string_view::npos ? std::string() : "main" + std::string(function.substr(dot));
}

std::string_view package_of_function(std::string_view function) {
  return function.substr(0, dot_behind_package(function));
}

}  // namespace memsnap
