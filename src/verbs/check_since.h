// The findings of another state of the tree, for --new-from.
#pragma once

#include "verbs/check_tree.h"

#include <set>

namespace memsnap {

// Fingerprints of what the rules find in the state that git knows as `ref`. The state is written to a
// temporary folder; working tree and index are not touched.
Result<std::set<std::string>> findings_of_ref(const std::string& ref, const TreeOptions& options);

}  // namespace memsnap
