// Text of a profile on its way to a terminal: whoever wrote the profile chose its names.
#pragma once

#include "tables/profile.h"

#include <string>
#include <string_view>

namespace memsnap {

// Characters that steer a terminal or hide text become \x1b, \u202e … in every name, label and comment.
// Comments keep their lines and tabs.
void escape_names(Profile& profile);
// Lines of a source file or a message: the same; tabs and the ends of lines stay.
std::string escape_text(std::string_view text);

}  // namespace memsnap
