// memsnap goroutines: groups that do the same at one place, what they hold, how long they wait; --each: all.
#include "analysis/goroutine_groups.h"
#include "base/text.h"
#include "verbs/all.h"
#include "verbs/rows.h"
#include "verbs/target.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "each",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "one row per goroutine, the runtime's own too, instead of groups"},
    {.name = "stack",
     .kind = FlagKind::kNumber,
     .value = "GOID",
     .help = "the stack of this goroutine",
     .standard = "0"},
};
constexpr Example kExamples[] = {
    {"goroutines 4127", "where goroutines pile up, and what they hold"},
    {"goroutines shop.snap --each --all", "every goroutine"},
    {"goroutines shop.snap --stack 42", "where goroutine 42 stands"},
};

std::string frame_words(const Heap& heap, std::uint32_t frame) {
  if (frame >= heap.frames.rows()) return {};
  return fmt::format("{}  {}:{}", heap.text(heap.frames.function[frame]), heap.text(heap.frames.file[frame]),
                     heap.frames.line[frame]);
}

std::string_view state_words(const Heap& heap, std::size_t row) {
  static constexpr std::string_view kStates[] = {"idle",    "runnable", "running",   "syscall",
                                                 "waiting", "dead",     "preempted", "leaked"};
  auto state = std::size_t(heap.goroutines.state[row]);
  std::string_view reason = heap.text(heap.goroutines.wait_reason[row]);
  bool waiting = heap.goroutines.state[row] == GoroutineState::kWaiting ||
                 heap.goroutines.state[row] == GoroutineState::kLeaked;
  if (waiting && !reason.empty()) return reason;
  return state < std::size(kStates) ? kStates[state] : "?";
}

std::uint64_t retained_of(const Heap& heap, std::size_t row) {
  auto root = std::size_t(heap.goroutines.root[row]);
  return root < heap.roots.rows() ? heap.roots.retained[root] : 0;
}

Table group_table(const Case& what) {
  const Heap& heap = what.heap();
  Table table{.name = "goroutines",
              .columns = {{"count", "count", As::kCount},
                          {"stack_bytes", "stacks", As::kBytes},
                          {"retained_bytes", "hold", As::kBytes},
                          {"reason", "state"},
                          {"longest_ns", "longest", As::kDuration},
                          {"proven", "cannot wake", As::kCount},
                          {"place", "at", As::kPath},
                          {"start", ""},
                          {"creator", "created by", As::kPath}}};
  bool waiting = false;
  for (const GoroutineGroup& group : goroutine_groups(heap)) {
    std::string creator = group.creator.empty() ? ""
                                                : fmt::format("{}  {}:{}", group.creator, group.creator_file,
                                                              group.creator_line);
    table.add(std::uint64_t(group.goroutines.size()), group.stacks, group.retained,
              group.reason.empty() && !group.goroutines.empty() ? state_words(heap, group.goroutines[0])
                                                                : group.reason,
              group.longest_ns == 0 ? Cell::none() : Cell::of(group.longest_ns), group.proven,
              frame_words(heap, group.place), group.start, creator);
    waiting |= group.longest_ns == 0 && !group.reason.empty();
  }
  if (waiting)
    table.note =
        "longest is empty for waits that no collection has seen yet: only then the runtime notes the time";
  return table;
}

Table each_table(const Heap& heap, std::size_t most) {
  Table table{.name = "goroutines-each",
              .columns = {{"goid", "goid", As::kId},
                          {"state", "state"},
                          {"wait_ns", "waits", As::kDuration},
                          {"stack_bytes", "stack", As::kBytes},
                          {"retained_bytes", "holds", As::kBytes},
                          {"cannot_wake", "cannot wake", As::kFlag},
                          {"system", "runtime's", As::kFlag},
                          {"place", "at", As::kPath},
                          {"start", ""},
                          {"creator", "created by", As::kPath}}};
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < heap.goroutines.rows(); ++i)
    if (heap.goroutines.state[i] != GoroutineState::kDead) rows.push_back(i);
  std::ranges::stable_sort(
      rows, [&](std::size_t a, std::size_t b) { return heap.goroutines.goid[a] < heap.goroutines.goid[b]; });
  table.total = rows.size();
  for (std::size_t row : std::span(rows).first(std::min(rows.size(), most))) {
    std::uint64_t wait = heap.goroutines.wait_ns[row];
    std::string_view creator = heap.text(heap.goroutines.creator_function[row]);
    table.add(heap.goroutines.goid[row], state_words(heap, row), wait == 0 ? Cell::none() : Cell::of(wait),
              heap.goroutines.stack_bytes[row], retained_of(heap, row),
              heap.goroutines.proof[row] == Proof::kNothingCanWake, heap.goroutines.system[row] != 0,
              frame_words(heap, place_of(heap, row)), heap.text(heap.goroutines.start_function[row]),
              creator.empty()
                  ? ""
                  : fmt::format("{}  {}:{}", creator, heap.text(heap.goroutines.creator_file[row]),
                                heap.goroutines.creator_line[row]));
  }
  return table;
}

Result<Table> stack_table(const Heap& heap, std::uint64_t goid) {
  std::size_t row = 0;
  while (row < heap.goroutines.rows() && heap.goroutines.goid[row] != goid) ++row;
  if (row == heap.goroutines.rows()) return fail(Cause::usage, "-stack: there is no goroutine {} here", goid);
  Table table{.name = "stack",
              .columns = {{"function", "function"}, {"file", "file", As::kPath}, {"line", "line", As::kId}}};
  table.note = fmt::format("goroutine {}: {}", goid, state_words(heap, row));
  std::uint64_t from = heap.goroutines.first_frame[row], to = from + heap.goroutines.frames[row];
  for (std::uint64_t frame = from; frame < std::min<std::uint64_t>(to, heap.frames.rows()); ++frame)
    table.add(heap.text(heap.frames.function[frame]), heap.text(heap.frames.file[frame]),
              heap.frames.line[frame]);
  if (std::string_view creator = heap.text(heap.goroutines.creator_function[row]); !creator.empty())
    table.add(fmt::format("created by {}", creator), heap.text(heap.goroutines.creator_file[row]),
              heap.goroutines.creator_line[row]);
  return table;
}

Result<int> run(const Flags& flags, Io& io) {
  OpenHeap opened = TRY(open_one(flags, io));
  Series none;
  Case what(*opened, none);
  Table table;
  if (flags.given("stack"))
    table = TRY(stack_table(*opened, flags.number("stack")));
  else if (flags.on("each"))
    table = each_table(*opened, row_limit(flags));
  else
    table = group_table(what);
  std::size_t most = flags.given("stack") ? table.rows.size() : row_limit(flags);
  put_table(table, most, flags, io);
  return 0;
}

}  // namespace

constinit const Verb kGoroutines = {
    .name = "goroutines",
    .summary = "groups by state and place: how many, since when, what they hold, proof that they cannot wake",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "A group has one start function, one place in the program's own code and one reason to wait. cannot "
        "wake: of\n"
        "them, those for which it is proven: what they wait for is reachable only from goroutines that wait "
        "for it.",
    .flags = {kFlags, kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
