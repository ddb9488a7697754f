// The names that are declared in a function so far, inner ones hiding outer ones.
#pragma once

#include "gosrc/names.h"
#include "gotypes/ids.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace memsnap::types {

// Few are looked through from the end; more have an index, so that a function of a million variables is no
// trap.
class Locals {
 public:
  std::size_t size() const { return rows_.size(); }
  void push(NameId name, ObjectId object) {
    rows_.push_back({name, object, 0});
    if (rows_.size() == kFew) {
      for (std::size_t i = 0; i < rows_.size(); ++i) note(i);
    } else if (rows_.size() > kFew) {
      note(rows_.size() - 1);
    }
  }
  // The latest with that name that is at `from` or behind it; kNoObject when there is none.
  ObjectId find(NameId name, std::size_t from = 0) const {
    if (rows_.size() >= kFew) {
      auto place = index_.find(std::uint32_t(name));
      if (place == index_.end() || place->second <= from) return kNoObject;
      return rows_[place->second - 1].object;
    }
    for (std::size_t i = rows_.size(); i > from; --i)
      if (rows_[i - 1].name == name) return rows_[i - 1].object;
    return kNoObject;
  }
  void cut(std::size_t size) {
    if (size < kFew && rows_.size() >= kFew) index_.clear();
    for (; rows_.size() > size; rows_.pop_back()) {
      if (size < kFew) continue;
      std::uint32_t before = rows_.back().before;
      if (before == 0)
        index_.erase(std::uint32_t(rows_.back().name));
      else
        index_[std::uint32_t(rows_.back().name)] = before;
    }
  }

 private:
  static constexpr std::size_t kFew = 64;
  struct Row {
    NameId name;
    ObjectId object;
    std::uint32_t before;  // place of the one that it hides, counted from 1
  };
  void note(std::size_t i) {
    std::uint32_t& place = index_[std::uint32_t(rows_[i].name)];
    rows_[i].before = place;
    place = std::uint32_t(i + 1);
  }
  std::vector<Row> rows_;
  std::unordered_map<std::uint32_t, std::uint32_t> index_;  // of each name its latest place, counted from 1
};

}  // namespace memsnap::types
