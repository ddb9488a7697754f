// Slices whose length rises from capture to capture: what the rules about them have in common.
#pragma once

#include "analysis/bounds.h"

#include <functional>
#include <vector>

namespace memsnap {

// Findings about growing slices that a package variable holds and whose element type is wanted.
std::vector<Finding> growing_slices(const Case& what, const char* rule,
                                    const std::function<bool(TypeId elem)>& wanted);

}  // namespace memsnap
