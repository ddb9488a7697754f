// Names of functions in a running program and in its source, so that the two can be compared.
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

// As the source declares it: without type arguments ("pkg.F[...]") and without the function literals and
// wrappers inside of it ("pkg.F.func1", "pkg.F.func2.1", "pkg.F.gowrap1").
std::string declared_function(std::string_view name);

// What the linker calls a function of "example.com/shop/cmd/x" when that is a command: main.run.
std::string as_command(std::string_view function);

// Import path: "a.b/c" of "a.b/c.(*T).F".
std::string_view package_of_function(std::string_view function);

}  // namespace memsnap
