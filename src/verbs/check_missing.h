// What check could not know, in as few lines as say what to do about it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace memsnap {

// `lines` as look_at_tree gives them; `unknown` is the number of places whose type is not known.
std::vector<std::string> missing_lines(const std::vector<std::string>& lines, std::size_t unknown);

}  // namespace memsnap
