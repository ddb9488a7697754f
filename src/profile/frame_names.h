// Names of functions as filters and pictures use them.
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

// Without the argument list and a leading dot: operator() and (anonymous namespace) are no argument lists.
inline std::string_view without_arguments(std::string_view name) {
  if (name.starts_with('.')) name.remove_prefix(1);
  for (std::size_t at = 0; (at = name.find('(', at)) != std::string_view::npos;) {
    constexpr std::string_view kAnonymous = "(anonymous namespace)";
    if (name.substr(at).starts_with(kAnonymous))
      at += kAnonymous.size();
    else if (name.substr(at).starts_with("()") && name.substr(0, at).ends_with("operator"))
      at += 2;
    else
      return name.substr(0, at);
  }
  return name;
}

// For boxes of a graph: no import path before a Go package, no package before a Java class, no namespaces
// before a C++ class, no module version.
std::string short_function_name(std::string_view name);

}  // namespace memsnap
