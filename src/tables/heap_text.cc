#include "tables/heap_text.h"

#include "tables/dominate.h"
#include "tables/heap_text_builder.h"

#include <utility>

namespace memsnap {

namespace {

Result<void> at_line(int line, Result<void> result) {
  if (result) return result;
  return fail(result.error().cause, "line {}: {}", line, result.error().what);
}

}  // namespace

Result<void> HeapBuilder::read(const Statement& s) {
  const std::string& word = s.words.front();
  if (word == "struct") return read_struct(s);
  if (word == "interface" || word == "type" || word == "opaque" || word == "code") return read_type(s);
  if (word == "object") return read_object(s);
  if (word == "edges") return read_edges(s);
  if (word == "global") return read_global(s);
  if (word == "goroutine") return read_goroutine(s);
  if (word == "finalizer" || word == "cleanup" || word == "timer") return read_special_root(s);
  Row row = row_reader(word);
  if (row == nullptr) return fail(Cause::bad_input, "{}: not a word of this language", word);
  later_.emplace_back(s.line, [this, row, words = s.words]() -> Result<void> {
    if (words.size() < 2) return fail(Cause::bad_input, "{} of what?", words.front());
    return (this->*row)(words.begin() + 1, words.end());
  });
  return {};
}

Result<HeapText> HeapBuilder::finish() && {
  for (const Pending& pending : pending_) TRY_VOID(at_line(pending.line, resolve(pending)));
  store_pointers();
  for (const auto& [line, row] : later_) TRY_VOID(at_line(line, row()));
  sort_samples();
  types_.store(out_.heap);
  out_.heap.strings = strings_.take();
  dominate(out_.heap);
  for (const auto& [line, name] : reached_)
    for (std::uint32_t i = 0; i < objects_[name].count; ++i)
      if (!out_.heap.objects.reached(ObjectId(objects_[name].first + i)))
        return fail(Cause::bad_input, "line {}: no root reaches {}[{}], and it is not called garbage", line,
                    name, i);
  return std::move(out_);
}

Result<HeapText> parse_heap(std::string_view text) {
  HeapBuilder builder;
  for (const Statement& statement : TRY(split_statements(text)))
    TRY_VOID(at_line(statement.line, builder.read(statement)));
  return std::move(builder).finish();
}

}  // namespace memsnap
