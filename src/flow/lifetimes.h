// What lives as long as the process: variables of packages, the structs they lead to, what main keeps. A
// field of such a struct does not go away by itself. That a type is among these says that some of its values
// live so long, not that all do.
//
//   if (lifetimes.is_long_lived(field_or_variable)) see(lifetimes.root_of(field_or_variable));
#pragma once

#include "flow/functions.h"

#include <unordered_map>

namespace memsnap::flow {

class Lifetimes {
 public:
  static Lifetimes build(Program& program, const FunctionTable& functions,
                         std::span<const PackageId> packages);

  // A variable of a package or of main, tests left out; the name of a type that such a variable holds, points
  // to or has as key, element or field; a field of such a type.
  bool is_long_lived(ObjectId object) const { return is_there(root_of(object)); }
  // The variable through which; kNoObject when it is none.
  ObjectId root_of(ObjectId object) const;

 private:
  std::unordered_map<std::uint32_t, ObjectId> root_of_;
};

}  // namespace memsnap::flow
