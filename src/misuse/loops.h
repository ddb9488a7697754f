// Loops that fill a map or slice whose final size is known before.
#pragma once

#include "misuse/shapes.h"

namespace memsnap::misuse {

// A range over something with a length, which each iteration goes through to its end.
bool has_known_length(const Code& code, NodeId loop);

// The first loop behind the definition of an empty local that adds one entry or element in every iteration;
// kNoNode when there is none, or when anything is done with the variable before.
NodeId filling_loop(const Code& code, NodeId definition, How how);

// The expression of what the range goes over, when naming it again is harmless.
std::string length_text(const Code& code, NodeId loop);

}  // namespace memsnap::misuse
