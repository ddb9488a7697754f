#include "tables/heap.h"

#include "tables/strings.h"

#include <utility>

namespace memsnap {

std::int64_t Heap::counter(std::string_view name) const {
  for (std::size_t i = 0; i < counters.rows(); ++i)
    if (text(counters.name[i]) == name) return counters.value[i];
  return 0;
}

std::string_view Heap::fact(std::string_view name) const {
  for (std::size_t i = 0; i < facts.rows(); ++i)
    if (text(facts.name[i]) == name) return text(facts.value[i]);
  return {};
}

StringPool::StringPool() { add(""); }

StringId StringPool::add(std::string_view text) {
  if (auto known = ids_.find(text); known != ids_.end()) return known->second;
  StringId id{std::uint32_t(table_.rows())};
  for (char c : text) table_.text.push_back(c);
  table_.end.push_back(table_.text.size());
  ids_.emplace(text, id);
  return id;
}

std::string_view StringPool::operator[](StringId id) const { return table_[id]; }

StringTable StringPool::take() {
  ids_.clear();
  return std::move(table_);
}

}  // namespace memsnap
