#pragma once

#include <span>
#include <string>
#include <vector>

namespace memsnap {

// The words of addr2line's and llvm-symbolizer's command line as flags of ours: bundles of letters (-Cfpie),
// values that stick to their letter, long names, and -p, which is their --pretty-print where an executable is
// named (-e) and ours for a process where none is.
std::vector<std::string> addr2line_words(std::span<const std::string> words);

}  // namespace memsnap
