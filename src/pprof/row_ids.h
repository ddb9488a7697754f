// Which row of a table has which id of the file.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap {

// Of equal ids the last row counts, as in google/pprof; all but that is an error that its reader reports
// later.
class RowIds {
 public:
  static constexpr std::uint32_t kNone = ~0u;

  // `id(row)` is the id of a row.
  template <class Id>
  void build(std::size_t rows, Id&& id) {
    in_order_ = true;
    rows_ = rows;
    for (std::size_t row = 0; row < rows && in_order_; ++row) in_order_ = id(row) == row + 1;
    if (in_order_) return;
    near_.assign(rows * 4 + 1024, kNone);
    for (std::size_t row = 0; row < rows; ++row) set(id(row), std::uint32_t(row));
  }
  std::uint32_t operator[](std::uint64_t id) const {
    if (in_order_) return id - 1 < rows_ ? std::uint32_t(id - 1) : kNone;
    if (id < near_.size()) return near_[id];
    auto at = far_.find(id);
    return at == far_.end() ? kNone : at->second;
  }
  bool in_order() const { return in_order_; }  // ids are 1, 2, 3 …
  bool has_duplicate() const { return duplicate_; }
  std::uint32_t duplicate_row() const { return duplicate_row_; }  // the first row whose id was there before

 private:
  void set(std::uint64_t id, std::uint32_t row) {
    std::uint32_t& place = id < near_.size() ? near_[id] : far_.try_emplace(id, kNone).first->second;
    if (place != kNone && !duplicate_) duplicate_ = true, duplicate_row_ = row;
    place = row;
  }

  std::size_t rows_ = 0;
  bool in_order_ = true, duplicate_ = false;
  std::uint32_t duplicate_row_ = 0;
  std::vector<std::uint32_t> near_;  // by id, for small ids
  std::unordered_map<std::uint64_t, std::uint32_t> far_;
};

}  // namespace memsnap
