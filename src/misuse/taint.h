// Text that clients choose: parts of a request, addresses, errors, the clock.
#pragma once

#include "misuse/code.h"

namespace memsnap::misuse {

// The expression is such a text, or a local variable that only ever is one, as it came: a call that is not
// known to keep it as it is counts as making something of it. `what` says what it is.
bool from_outside(const Code& code, NodeId expr, std::string& what);

// The expression was looked up in a map, or switched over, before: only what is known comes here.
bool is_checked_before(const Code& code, NodeId expr);

// A parameter of the function around it: its place in the list; -1 for all else. Through local variables that
// only ever are that parameter.
int parameter_index(const Code& code, NodeId expr);

}  // namespace memsnap::misuse
