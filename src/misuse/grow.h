// What the rules about things that only grow ask of a map or slice of the module.
#pragma once

#include "misuse/module.h"

namespace memsnap::misuse {

struct Growth {
  std::vector<const Use*> adds;  // on paths that run while the program runs, with keys that vary
  bool bounded = false;          // something deletes, clears, replaces, shortens, or asks for the length
};
Growth growth_of(Module& module, UseList uses);

// The type has few values: bool, bytes, an enumeration with constants, reflect.Type.
bool few_values(types::Program& program, types::TypeId type);

}  // namespace memsnap::misuse
