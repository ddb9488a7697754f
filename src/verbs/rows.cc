#include "verbs/rows.h"

#include "base/text.h"
#include "verbs/heap_words.h"
#include "verbs/target.h"
#include "verbs/verbs.h"

#include <span>
#include <unordered_map>

namespace memsnap {

bool in_focus(const Flags& flags, std::string_view name) {
  return !flags.given("focus") || matches_loosely(flags.text("focus"), name);
}

std::vector<std::vector<std::size_t>> alike(const std::vector<std::size_t>& rows, const Flags& flags,
                                            const std::function<std::string(std::size_t)>& key,
                                            const std::function<std::uint64_t(std::size_t)>& size) {
  struct Group {
    std::vector<std::size_t> rows;
    std::uint64_t size = 0;
  };
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> known;
  bool each = flags.on("each");
  for (std::size_t row : std::span(rows).first(each ? rows.size() : std::min(rows.size(), kMostGrouped))) {
    std::size_t at = groups.size();
    if (!each) at = known.try_emplace(key(row), at).first->second;
    if (at == groups.size()) groups.emplace_back();
    groups[at].rows.push_back(row);
    groups[at].size += size(row);
  }
  std::ranges::stable_sort(groups, std::greater{}, &Group::size);
  std::vector<std::vector<std::size_t>> out;
  for (Group& group : groups) out.push_back(std::move(group.rows));
  return out;
}

std::string grouped_words(std::size_t rows, const Flags& flags, std::string_view what) {
  if (flags.on("each") || rows <= kMostGrouped) return {};
  return fmt::format("the {} largest of {} {} are listed; --each lists all", human_count(kMostGrouped),
                     human_count(rows), what);
}

void put_table(const Table& table, std::size_t most, const Flags& flags, Io& io) {
  if (flags.on("json"))
    render_table_json(table, most, io.out);
  else
    render_table(table, io.style, most, io.out);
}

Result<int> list_rows(const Flags& flags, Io& io, Table (*make)(const Case& what, const Flags& flags)) {
  OpenHeap opened = TRY(open_one(flags, io));
  Series none;
  put_table(make(Case(*opened, none), flags), row_limit(flags), flags, io);
  return 0;
}

}  // namespace memsnap
