#include "tables/series.h"

namespace memsnap {

const SeriesRow* Series::of(SeriesKind kind, std::string_view key) const {
  for (const SeriesRow& row : rows)
    if (row.kind == kind && row.key == key) return &row;
  return nullptr;
}

const SeriesRow* Series::of(SeriesKind kind, std::uint64_t address) const {
  for (const SeriesRow& row : rows)
    if (row.kind == kind && row.address == address) return &row;
  return nullptr;
}

}  // namespace memsnap
