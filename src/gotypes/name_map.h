// Names to objects, or to places counted from 1: open addressing, grows only.
#pragma once

#include "gosrc/names.h"
#include "gotypes/ids.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace memsnap::types {

// T{} is nothing.
template <class T>
class NameMapOf {
 public:
  bool empty() const { return count_ == 0; }
  T find(NameId name) const {
    if (slots_.empty()) return T{};
    std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash(name) & mask; slots_[at].name != kNoName; at = (at + 1) & mask)
      if (slots_[at].name == name) return slots_[at].value;
    return T{};
  }
  // Keeps what is there: the first declaration of a name counts.
  void insert(NameId name, T value) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    std::size_t mask = slots_.size() - 1, at = hash(name) & mask;
    for (; slots_[at].name != kNoName; at = (at + 1) & mask)
      if (slots_[at].name == name) return;
    slots_[at] = {name, value};
    ++count_;
  }

 private:
  struct Slot {
    NameId name = kNoName;
    T value{};
  };
  static std::size_t hash(NameId name) { return std::size_t(name) * 0x9e3779b1u >> 3; }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    count_ = 0;
    for (const Slot& slot : old)
      if (slot.name != kNoName) insert(slot.name, slot.value);
  }
  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

using NameMap = NameMapOf<ObjectId>;
using PlaceMap = NameMapOf<std::uint32_t>;

}  // namespace memsnap::types
