// memsnap slices: arrays of which slices and strings show only a part; --duplicates: equal strings.
#include "analysis/array_facts.h"
#include "verbs/all.h"
#include "verbs/heap_words.h"
#include "verbs/rows.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "duplicates",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "strings that are there many times instead"},
    each_flag("one row per array, instead of one for all of a kind in one place"),
    focus_flag("only arrays whose element type fits"),
};
constexpr Example kExamples[] = {
    {"slices 4127", "arrays with the most bytes that nobody can see"},
    {"slices shop.snap --duplicates", "equal strings by what all but one of them cost"},
};

std::string_view rest_words(const Heap& heap, std::size_t row) {
  switch (rest_of(heap, row)) {
    case Rest::kPin: return "pinned by a small view";
    case Rest::kPopped: return "popped from the front";
    case Rest::kEmptied: return "emptied, array kept";
    case Rest::kRoom: return "capacity not used";
    case Rest::kNone: break;
  }
  return heap.arrays.views[row] > 1 ? "shared" : "";
}

std::uint64_t waste_of(const Heap& heap, std::size_t row) {
  std::uint64_t bytes = array_bytes(heap, row), shown = shown_bytes(heap, row);
  return (bytes > shown ? bytes - shown : 0) + hidden_retained(heap, row);
}

NodeId holder_node(const Heap& heap, std::size_t row) {
  return owner_node(heap, heap.arrays.holder[row], heap.arrays.holder_root[row]);
}

std::string view_words(const Heap& heap, std::size_t row) {
  std::string elem(type_text(heap, heap.arrays.elem[row]));
  return heap.arrays.flags[row] & kArrayOfString ? "string" : "[]" + elem;
}

struct Elements {
  std::uint64_t len = 0, cap = 0;
};
Elements elements_of(const Heap& heap, std::size_t row) {
  std::uint64_t elem = std::max<std::uint64_t>(1, heap.arrays.elem_size[row]);
  std::uint64_t from = heap.arrays.shown_from[row], to = heap.arrays.shown_to[row],
                reach = heap.arrays.reach_to[row];
  return {(to > from ? to - from : 0) / elem, (reach > from ? reach - from : 0) / elem};
}

Table array_table(const Case& what, const Flags& flags) {
  const Heap& heap = what.heap();
  Table table{.name = "slices",
              .columns = {{"count", "arrays", As::kCount},
                          {"waste_bytes", "not shown", As::kBytes},
                          {"bytes", "bytes", As::kBytes},
                          {"shown_bytes", "shown", As::kBytes},
                          {"len", "len", As::kCount},
                          {"cap", "cap", As::kCount},
                          {"views", "views", As::kCount},
                          {"hidden_pointers", "hidden", As::kCount},
                          {"rest", "the rest is"},
                          {"address", "", As::kAddress},
                          {"type", "type"},
                          {"holder", "held by", As::kPath}}};
  std::vector<std::uint64_t> waste(heap.arrays.rows());
  auto reached = [&](std::size_t row) { return heap.objects.reached(heap.arrays.object[row]); };
  for (std::size_t row = 0; row < waste.size(); ++row)
    if (reached(row)) waste[row] = waste_of(heap, row);
  auto wasted = [&](std::size_t row) { return waste[row]; };
  auto place = [&](std::size_t row) { return holder_line(what, holder_node(heap, row)); };
  std::vector<std::size_t> rows = largest_first(
      waste.size(),
      [&](std::size_t row) {
        return reached(row) && in_focus(flags, type_text(heap, heap.arrays.elem[row]));
      },
      wasted);
  auto groups = alike(
      rows, flags,
      [&](std::size_t row) {
        return fmt::format("{} {} {}", view_words(heap, row), rest_words(heap, row), place(row));
      },
      wasted);
  table.note = grouped_words(rows.size(), flags, "arrays");
  table.total = groups.size();
  for (const auto& group : std::span(groups).first(std::min(groups.size(), row_limit(flags)))) {
    std::size_t row = group.front();
    table.add(group.size(), sum_of(group, wasted),
              sum_of(group, [&](std::size_t i) { return array_bytes(heap, i); }),
              sum_of(group, [&](std::size_t i) { return shown_bytes(heap, i); }),
              sum_of(group, [&](std::size_t i) { return elements_of(heap, i).len; }),
              sum_of(group, [&](std::size_t i) { return elements_of(heap, i).cap; }),
              sum_of(group, [&](std::size_t i) { return heap.arrays.views[i]; }),
              sum_of(group, [&](std::size_t i) { return heap.arrays.hidden_pointers[i]; }),
              rest_words(heap, row), std::uint64_t(heap.objects.addr[std::size_t(heap.arrays.object[row])]),
              view_words(heap, row), place(row));
  }
  return table;
}

Table duplicate_table(const Case& what, const Flags& flags) {
  const Heap& heap = what.heap();
  Table table{.name = "duplicates",
              .columns = {{"waste_bytes", "waste", As::kBytes},
                          {"count", "times", As::kCount},
                          {"length", "length", As::kCount},
                          {"mask", "shape"},
                          {"address", "", As::kAddress},
                          {"holder", "one is held by", As::kPath}}};
  if (std::string_view why = heap.fact("strings.partial"); !why.empty())
    table.missing = fmt::format("equal strings: {}", why);
  table.total = heap.duplicates.rows();
  for (std::size_t i = 0; i < std::min(heap.duplicates.rows(), row_limit(flags)); ++i) {
    ObjectId sample = heap.duplicates.sample[i];
    bool known = std::size_t(sample) < heap.objects.rows();
    table.add(heap.duplicates.waste[i], heap.duplicates.count[i], heap.duplicates.length[i],
              heap.text(heap.duplicates.mask[i]),
              known ? std::uint64_t(heap.objects.addr[std::size_t(sample)]) : 0,
              known ? holder_line(what, heap.node(sample)) : "");
  }
  return table;
}

Result<int> run(const Flags& flags, Io& io) {
  return list_rows(flags, io, flags.on("duplicates") ? duplicate_table : array_table);
}

}  // namespace

constinit const Verb kSlices = {
    .name = "slices",
    .summary =
        "capacity never used, small views of large arrays, emptied and popped slices; duplicate strings",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "Arrays of which slices (or strings) show only a part. Those of one kind in one place are one row, "
        "with "
        "their sums;\n"
        "the address is that of the largest. not shown: bytes outside what any view shows, and what only "
        "pointers in that\n"
        "part keep; len and cap are those of all views together, in elements; hidden: pointers outside what "
        "is shown.",
    .flags = {kFlags, kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
