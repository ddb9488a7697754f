#include "tables/series.h"

namespace memsnap {

const SeriesRow* Series::of(SeriesKind kind, std::string_view key) const {
  for (const SeriesRow& row : rows)
    if (row.kind == kind && row.key == key) return &row;
  return nullptr;
}

const SeriesRow* Series::of(SeriesKind kind, std::uint64_t address) const {
  for (; index.seen < rows.size(); ++index.seen)
    if (std::uint64_t at = rows[index.seen].address; at != 0) index.rows.emplace(at, index.seen);
  auto [from, to] = index.rows.equal_range(address);
  for (auto at = from; at != to; ++at)
    if (rows[at->second].kind == kind) return &rows[at->second];
  return nullptr;
}

}  // namespace memsnap
