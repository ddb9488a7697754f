// memsnap diff: what was born, died, survived and grew between two snapshots, by type, holder or line; and
// the findings that are new or gone. Two files of another kind: diff_files.h.
#include "analysis/case.h"
#include "analysis/claim.h"
#include "analysis/series_builder.h"
#include "base/text.h"
#include "compare/finding_list.h"
#include "driver/remote.h"
#include "render/json_writer.h"
#include "render/report.h"
#include "render/table.h"
#include "tables/profile_scale.h"
#include "verbs/all.h"
#include "verbs/diff_files.h"
#include "verbs/examine.h"
#include "verbs/heap_words.h"
#include "verbs/rows.h"
#include "verbs/target.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    by_flag("types", "types|holders|lines"),
    focus_flag("only rows whose name fits, as *http.Request"),
    {.name = "fail-on",
     .kind = FlagKind::kChoice,
     .value = "SEVERITY",
     .help = "end with status 1 when something new or worse is at least this severe; with a baseline medium",
     .choices = "high|medium|low|info"},
    {.name = "baseline",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "what is in this JSON of an earlier doctor or diff is known and does not fail"},
    {.name = "threshold",
     .kind = FlagKind::kText,
     .value = "PERCENT",
     .help = "smaller changes of profiles, benchmarks and findings are none",
     .standard = "1"},
    {.name = "sample-index",
     .kind = FlagKind::kText,
     .value = "NAME",
     .help = "which values of profiles: alloc_space, inuse_space, cpu; standard: as pprof shows them"},
    {.name = "format",
     .kind = FlagKind::kChoice,
     .value = "FORMAT",
     .help = "form of the answer",
     .standard = "text",
     .choices = "text|json|markdown|junit|sarif"},
};
constexpr Example kExamples[] = {
    {"diff before.snap after.snap", "what changed, by type"},
    {"diff before.snap after.snap --by holders", "who holds more than before"},
    {"diff before.snap after.snap --focus '*http.Request'", "one type"},
    {"diff base.snap now.snap --fail-on medium", "for scripts: status 1 when a finding is new"},
    {"diff main.pb.gz branch.pb.gz --sample-index=alloc_space",
     "functions that allocate more, beyond the noise"},
    {"diff main.txt branch.txt --fail-on low --format=markdown",
     "of go test -bench -count=6, for a pull request"},
    {"diff yesterday.json today.json --baseline known.json", "of doctor --json: fails when a finding is new"},
};

struct Change {
  std::uint64_t before = 0, after = 0;  // bytes
  std::uint64_t before_count = 0, after_count = 0;
  std::uint64_t born = 0, died = 0;  // objects; survivors are after_count - born
  std::int64_t delta() const { return std::int64_t(after) - std::int64_t(before); }
};
using Changes = std::map<std::string, Change, std::less<>>;

std::vector<Change*> by_type_id(const Heap& heap, Changes& changes) {
  std::vector<Change*> of(std::max<std::size_t>(1, heap.types.rows()));
  for (std::size_t i = 0; i < of.size(); ++i)
    of[i] = &changes[std::string(type_text(heap, TypeId{std::uint32_t(i)}))];
  return of;
}

// Both tables are sorted by address: an object with the same address, size and type name survived. In a
// program that turns over more than half of a size class, a new object of that type may sit in the old
// place: it is told as a survivor.
Changes diff_types(const Heap& a, const Heap& b) {
  Changes changes;
  std::vector<Change*> of_a = by_type_id(a, changes), of_b = by_type_id(b, changes);
  auto change = [](const Heap& heap, const std::vector<Change*>& of, std::size_t i) {
    auto type = std::size_t(heap.objects.type[i]);
    return of[type < of.size() ? type : 0];
  };
  std::size_t i = 0, j = 0;
  auto reached = [](const Heap& heap, std::size_t row) {
    return heap.objects.reached(ObjectId{std::uint32_t(row)});
  };
  auto gone = [&] {
    if (reached(a, i)) {
      Change* one = change(a, of_a, i);
      one->before += a.objects.bytes(ObjectId{std::uint32_t(i)});
      ++one->before_count, ++one->died;
    }
    ++i;
  };
  auto come = [&] {
    if (reached(b, j)) {
      Change* one = change(b, of_b, j);
      one->after += b.objects.bytes(ObjectId{std::uint32_t(j)});
      ++one->after_count, ++one->born;
    }
    ++j;
  };
  while (i < a.objects.rows() || j < b.objects.rows()) {
    if (j == b.objects.rows() || (i < a.objects.rows() && a.objects.addr[i] < b.objects.addr[j])) {
      gone();
    } else if (i == a.objects.rows() || b.objects.addr[j] < a.objects.addr[i]) {
      come();
    } else {
      bool same = a.objects.words[i] == b.objects.words[j] && change(a, of_a, i) == change(b, of_b, j) &&
                  reached(a, i) && reached(b, j);
      Change* one = change(b, of_b, j);
      gone();
      come();
      if (same) --one->died, --one->born;
    }
  }
  return changes;
}

// Labels by kind and name, all goroutines with one start together; objects that several labels share by type.
Changes diff_holders(const Heap& a, const Heap& b) {
  Changes changes;
  auto add = [&](const Heap& heap, auto bytes, auto count) {
    static constexpr std::string_view kKinds[] = {"global", "goroutine", "finalizer", "cleanup",
                                                  "timer",  "register",  "runtime"};
    for (std::size_t i = 0; i < heap.roots.rows(); ++i) {
      if (heap.roots.retained[i] == 0) continue;
      auto kind = std::size_t(heap.roots.kind[i]);
      Change& one = changes[fmt::format("{} {}", kind < std::size(kKinds) ? kKinds[kind] : "root",
                                        heap.text(heap.roots.name[i]))];
      one.*bytes += heap.roots.retained[i];
      one.*count += heap.roots.objects[i];
    }
    for (std::size_t i = 0; i < heap.objects.rows(); ++i) {
      if (heap.objects.idom[i] != heap.virtual_root()) continue;
      Change& one = changes[fmt::format("shared {}", type_text(heap, heap.objects.type[i]))];
      one.*bytes += heap.objects.retained[i];
      one.*count += 1;
    }
  };
  add(a, &Change::before, &Change::before_count);
  add(b, &Change::after, &Change::after_count);
  return changes;
}

Changes diff_lines(const Heap& a, const Heap& b) {
  Changes changes;
  auto add = [&](const Heap& heap, auto bytes, auto count) {
    std::int64_t rate = heap.counter("profile.rate");
    for (std::size_t i = 0; i < heap.buckets.rows(); ++i) {
      Scaled value = heap_sample(heap.buckets, i, rate).inuse;
      std::size_t frame = heap.buckets.first_frame[i] + runtime_frames(heap, i);
      if (value.bytes == 0 || frame >= heap.frames.rows()) continue;
      Change& one = changes[fmt::format("{}  {}:{}", heap.text(heap.frames.function[frame]),
                                        heap.text(heap.frames.file[frame]), heap.frames.line[frame])];
      one.*bytes += std::uint64_t(value.bytes);
      one.*count += std::uint64_t(value.objects);
    }
  };
  add(a, &Change::before, &Change::before_count);
  add(b, &Change::after, &Change::after_count);
  return changes;
}

Table change_table(const Changes& changes, const Flags& flags, bool lives) {
  const std::string& by = flags.text("by");
  Table table{.name = "diff",
              .columns = {{"delta_bytes", "change", As::kSignedBytes},
                          {"before_bytes", "before", As::kBytes},
                          {"after_bytes", "after", As::kBytes},
                          {"before_objects", "objects", As::kCount},
                          {"after_objects", "now", As::kCount},
                          {"born", lives ? "born" : "", As::kCount},
                          {"died", lives ? "died" : "", As::kCount},
                          {"survived", lives ? "stayed" : "", As::kCount},
                          {"name",
                           by == "types"     ? "type"
                           : by == "holders" ? "holder"
                                             : "line",
                           by == "lines" ? As::kPath : As::kText}}};
  std::vector<const Changes::value_type*> rows;
  auto changed = [](const Change& one) {
    return one.before != one.after || one.before_count != one.after_count || one.born > 0 || one.died > 0;
  };
  for (const auto& entry : changes)
    if (changed(entry.second) && in_focus(flags, entry.first)) rows.push_back(&entry);
  std::ranges::stable_sort(rows, [](const auto* x, const auto* y) {
    return std::llabs(x->second.delta()) > std::llabs(y->second.delta());
  });
  for (const auto* row : rows) {
    const Change& one = row->second;
    auto live = [&](std::uint64_t value) { return lives ? Cell::of(value) : Cell::none(); };
    table.add(double(one.delta()), one.before, one.after, one.before_count, one.after_count, live(one.born),
              live(one.died), live(one.after_count - std::min(one.born, one.after_count)), row->first);
  }
  return table;
}

FindingList list_of(const Heap& heap, std::vector<Finding> findings) {
  FindingList list;
  list.exe = heap.fact("target.exe");
  list.go = heap.fact("target.go");
  list.findings = std::move(findings);
  return list;
}

struct FindingDiff {
  FindingList before, after;
  std::vector<Finding> fresh, gone;
  std::size_t stayed = 0;
};

FindingDiff diff_findings(const Heap& a, const Heap& b, bool same_process) {
  Series none, moved;
  if (same_process) {
    SeriesBuilder builder;
    builder.add(a, 0);
    builder.add(b, seconds_between(a, b));
    moved = std::move(builder).take();
  }
  std::vector<Finding> before = diagnose(Case(a, none)), after = diagnose(Case(b, moved));
  auto has = [](const std::vector<Finding>& list, const Finding& one) {
    return std::ranges::any_of(list,
                               [&](const Finding& other) { return other.fingerprint == one.fingerprint; });
  };
  FindingDiff diff{.before = list_of(a, before), .after = list_of(b, after)};
  for (Finding& finding : after) {
    if (has(before, finding))
      ++diff.stayed;
    else
      diff.fresh.push_back(finding);
  }
  for (Finding& finding : before)
    if (!has(after, finding)) diff.gone.push_back(std::move(finding));
  return diff;
}

Table finding_table(const FindingDiff& diff) {
  Table table{.name = "findings",
              .columns = {{"state", "finding"},
                          {"severity", "severity"},
                          {"pattern", "pattern"},
                          {"retained_bytes", "bytes", As::kBytes},
                          {"fingerprint", "fingerprint"},
                          {"title", "title"}}};
  auto add = [&](const std::vector<Finding>& list, std::string_view state) {
    for (const Finding& one : list)
      table.add(state, word(one.severity), one.pattern, one.retained_bytes, one.fingerprint, one.title);
  };
  add(diff.fresh, "new");
  add(diff.gone, "gone");
  return table;
}

std::uint64_t sum_of(const Changes& changes, std::uint64_t Change::* bytes) {
  std::uint64_t sum = 0;
  for (const auto& [name, one] : changes) sum += one.*bytes;
  return sum;
}

void put_json(const Table& table, const Table& findings, const FindingDiff& diff, bool same, double seconds,
              std::uint64_t before, std::uint64_t after, const Flags& flags, Io& io) {
  JsonWriter json(io.out);
  json.open_object();
  json.member("schema", "memsnap.diff/1");
  json.member("same_process", same);
  json.member("seconds", seconds);
  json.member("before_bytes", before);
  json.member("after_bytes", after);
  json.key("rows");
  write_rows(table, row_limit(flags), json);
  json.member("total", std::uint64_t(table.rows.size()));
  json.key("findings");
  write_rows(findings, findings.rows.size(), json);
  json.member("findings_stayed", std::uint64_t(diff.stayed));
  json.close_object();
  json.end();
}

Result<int> run(const Flags& flags, Io& io) {
  std::vector<Target> targets = TRY(targets_of(flags));
  if (targets.size() != 2 || targets[0].pid != 0 || targets[1].pid != 0)
    return fail(Cause::usage, "want two snapshots, the older one first: memsnap diff A.snap B.snap");
  DiffKind kind = diff_kind(targets[0].path), other = diff_kind(targets[1].path);
  if (kind != other)
    return fail(Cause::usage, "{} is a {} and {} a {}: want two of one kind", shown_source(targets[0].path),
                word(kind), shown_source(targets[1].path), word(other));
  if (kind != DiffKind::kSnapshot) return diff_files(kind, targets[0].path, targets[1].path, flags, io);
  std::set<std::string> known = TRY(known_of(flags));
  OpenHeap first = TRY(open_snapshot_file(targets[0].path));
  OpenHeap second = TRY(open_snapshot_file(targets[1].path));
  const Heap &a = *first, &b = *second;
  bool same = check_same_process(a, b).has_value();
  const std::string& by = flags.text("by");
  Changes changes = by == "holders" ? diff_holders(a, b)
                    : by == "lines" ? diff_lines(a, b)
                                    : diff_types(a, b);
  // Addresses of two processes have nothing to do with each other.
  Table table = change_table(changes, flags, same && by == "types");
  FindingDiff diff = diff_findings(a, b, same);
  std::string format = diff_format(flags);
  if (format != "text" && format != "json") {
    Comparison comparison = diff_findings(diff.before, diff.after, {});
    apply_baseline(comparison, known);
    return put_comparison(comparison, targets[0].path, targets[1].path, flags, io);
  }
  Table findings = finding_table(diff);
  std::uint64_t before = sum_of(changes, &Change::before), after = sum_of(changes, &Change::after);
  double seconds = seconds_between(a, b);
  if (format == "json") {
    put_json(table, findings, diff, same, seconds, before, after, flags, io);
  } else {
    table.note = fmt::format(
        "{} {} -> {} ({}){}", by == "lines" ? "in use by the heap profile" : "reached from roots",
        human_bytes(before), human_bytes(after), human_signed_bytes(double(after) - double(before)),
        same ? fmt::format(" in {}", human_duration(std::uint64_t(std::max(0.0, seconds) * 1e9)))
             : ", of different processes: objects cannot be followed");
    render_table(table, io.style, row_limit(flags), io.out);
    io.out.print("\n{} new, {} gone, {} stayed\n", counted(diff.fresh.size(), "finding"), diff.gone.size(),
                 diff.stayed);
    if (!findings.rows.empty()) render_table(findings, io.style, findings.rows.size(), io.out);
  }
  std::optional<Severity> least = least_failure(flags);
  auto fails = [&](const Finding& one) { return one.severity >= *least && !known.contains(one.fingerprint); };
  return least && std::ranges::any_of(diff.fresh, fails) ? 1 : 0;
}

}  // namespace

constinit const Verb kDiff = {
    .name = "diff",
    .summary = "what changed between two snapshots, profiles, benchmark outputs or lists of findings",
    .operands = "BEFORE AFTER",
    .targets = Targets::kSnapshots,
    .about =
        "Both are of one kind: snapshots, profiles (files or URLs), what go test -bench printed, or what "
        "doctor\n"
        "--json printed. docs/diff.md says what counts as a change and what as noise.\n"
        "Of two snapshots of one process objects are followed by address, size and type. Snapshots of "
        "different\n"
        "processes (before and after a restart, or two releases) are compared by names and sums. Findings "
        "are the\n"
        "same when their fingerprints are: pattern, root, fields on the path and function.",
    .flags = {kFlags, kRowFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
