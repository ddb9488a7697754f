// memsnap rss: resident memory, every part with an owner.
#include "base/text.h"
#include "render/json_writer.h"
#include "render/report.h"
#include "render/table.h"
#include "verbs/all.h"
#include "verbs/rows.h"
#include "verbs/target.h"

#include <algorithm>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Example kExamples[] = {
    {"rss 4127", "where the resident memory is: live, garbage, idle, stacks, cgo, files ..."},
};

Table part_table(const Heap& heap, std::uint64_t rss) {
  Table table{.name = "rss",
              .columns = {{"resident_bytes", "resident", As::kBytes},
                          {"share", "of RSS", As::kShare},
                          {"mapped_bytes", "mapped", As::kBytes},
                          {"cause", "cause"},
                          {"owner", "owner", As::kPath}}};
  auto resident = [&](std::size_t row) { return heap.memory.resident[row]; };
  for (std::size_t row : largest_first(heap.memory.rows(), resident, resident))
    table.add(heap.memory.resident[row],
              double(heap.memory.resident[row]) / double(std::max<std::uint64_t>(1, rss)),
              heap.memory.mapped[row], heap.text(heap.memory.cause[row]), heap.text(heap.memory.owner[row]));
  return table;
}

Result<int> run(const Flags& flags, Io& io) {
  OpenHeap opened = TRY(open_one(flags, io));
  Report report = make_report(*opened, {}, {});
  Table table = part_table(*opened, report.rss);
  if (flags.on("json")) {
    JsonWriter json(io.out);
    json.open_object();
    json.member("schema", "memsnap.rss/1");
    json.member("rss", report.rss);
    json.member("limit", report.limit);
    json.member("explained_ratio", report.explained_ratio);
    json.member("heap_alloc", std::uint64_t(opened->counter("memstats.heap_alloc")));
    json.key("rows");
    write_rows(table, row_limit(flags), json);
    json.member("total", std::uint64_t(table.rows.size()));
    json.close_object();
    json.end();
    return 0;
  }
  table.note = fmt::format("{}; {} of it has a named owner", memory_words(report),
                           human_share(report.explained_ratio));
  render_table(table, io.style, row_limit(flags), io.out);
  return 0;
}

}  // namespace

constinit const Verb kRss = {
    .name = "rss",
    .summary =
        "resident memory explained: live, garbage, idle, fragmentation, stacks, runtime, outside the heap, "
        "files",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "Parts come from the kernel's account of the process (smaps) and the runtime's own counters. What is "
        "anonymous\n"
        "and has no known owner is called unknown and does not count as explained.",
    .flags = {kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
