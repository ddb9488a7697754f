// Network simplex: whole numbers for the nodes of a graph, so that edges have their least length and their
// weighted lengths add up to the least. Gansner, Koutsofios, North, Vo: A technique for drawing directed
// graphs (1993), sections 2 and 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct SimplexEdge {
  std::uint32_t from = 0, to = 0;
  std::int64_t length = 1;  // place[to] - place[from] is at least this
  std::int64_t weight = 1;  // not negative
};

// `places` keeps all lengths, and the edges connect all nodes. Improves them until nothing can be won or
// about `work` steps are done; they keep all lengths at any time.
void improve_places(std::span<const SimplexEdge> edges, std::vector<std::int64_t>& places, std::size_t work);

}  // namespace memsnap
