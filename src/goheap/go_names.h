// Names of types as a Go programmer writes them. DWARF and the linker write import paths in full
// (map[string]*example.com/shop/session.Session); %T and people write the package's name.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace memsnap {

// Package names by import path, learned from types that have both names. A path that nobody taught is named
// by its last element; a major version (v2) is skipped, and %2e is a dot (cmd/internal/objabi.PathToPrefix).
class PackageNames {
 public:
  // full: gopkg.in/yaml%2ev3.Node, as in DWARF; printed: yaml.Node, as in the rtype. Teaches nothing when the
  // two do not end in the same identifier.
  void learn(std::string_view full, std::string_view printed);
  // The name of a package with this import path.
  std::string name_of(std::string_view path) const;
  // Import paths in a type's name replaced by package names, also inside brackets and struct types. Struct
  // tags are left out. The compiler's own prefix noalg. goes.
  std::string shorten(std::string_view full) const;
  // The import path of a plain type's name as DWARF has it: gopkg.in/yaml.v3 of gopkg.in/yaml%2ev3.Node, ""
  // when it has none or the name is made of others (*T, []T, map[K]V).
  static std::string path_of(std::string_view full);

 private:
  std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace memsnap
