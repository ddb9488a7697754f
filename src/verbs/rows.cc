#include "verbs/rows.h"

#include "verbs/heap_words.h"
#include "verbs/target.h"
#include "verbs/verbs.h"

namespace memsnap {

bool in_focus(const Flags& flags, std::string_view name) {
  return !flags.given("focus") || matches_loosely(flags.text("focus"), name);
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
