// What started and what stopped to escape between two logs. Lines move, so an escape is known by its file,
// its function and its name, and counted: of two alike in one function the one on a line that was not there
// is new.
#pragma once

#include "escape/graph.h"

#include <cstdint>
#include <vector>

namespace memsnap {

struct EscapeChanges {
  std::vector<std::uint32_t> started;  // rows of the newer log's escapes, in its order
  std::vector<std::uint32_t> stopped;  // rows of the older log's
  std::size_t stayed = 0;
};

EscapeChanges escape_changes(const EscapeGraph& before, const EscapeGraph& now);

}  // namespace memsnap
