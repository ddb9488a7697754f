// memsnap top: types, packages or allocating lines by their own bytes (flat) and by what they hold (cum).
#include "analysis/claim.h"
#include "render/table.h"
#include "tables/profile_scale.h"
#include "verbs/all.h"
#include "verbs/heap_words.h"
#include "verbs/rows.h"
#include "verbs/target.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    by_flag("types", "types|packages|lines"),
    {.name = "alloc",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "with --by lines: all that was allocated since the start, not what is in use"},
    {.name = "cum",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "order by held bytes instead of own ones"},
    focus_flag("only rows whose name fits, as *http.Request"),
};
constexpr Example kExamples[] = {
    {"top 4127", "types by the bytes of their objects"},
    {"top 4127 --by packages --cum", "packages by what their objects hold"},
    {"top shop.snap --by lines", "lines by the live bytes they allocated, from the heap profile"},
};

struct Sum {
  std::uint64_t objects = 0, flat = 0, cum = 0;
};

// Own bytes of each group, and the bytes below its topmost members: a member below another member of the
// same group is inside that one's sum already.
std::vector<Sum> sum_groups(const Heap& heap, const HeapTree& tree, const std::vector<std::uint32_t>& group,
                            std::size_t groups) {
  std::vector<Sum> sums(groups);
  std::vector<std::uint32_t> open(groups, 0);  // members on the way down to where the walk stands
  struct Step {
    std::uint32_t node, next;
  };
  std::vector<Step> stack = {
      {std::uint32_t(heap.virtual_root()), tree.first[std::uint32_t(heap.virtual_root())]}};
  auto enter = [&](std::uint32_t node) {
    if (node >= heap.objects.rows()) return;
    ObjectId id{node};
    Sum& sum = sums[group[node]];
    ++sum.objects;
    sum.flat += heap.objects.bytes(id);
    if (open[group[node]]++ == 0) sum.cum += heap.objects.retained[node];
  };
  while (!stack.empty()) {
    Step& top = stack.back();
    if (top.next < tree.first[top.node + 1]) {
      std::uint32_t child = tree.child[top.next++];
      enter(child);
      stack.push_back({child, tree.first[child]});
      continue;
    }
    if (top.node < heap.objects.rows()) --open[group[top.node]];
    stack.pop_back();
  }
  return sums;
}

// Types have names as people write them: http.Request. Whose http that is the capture knows; several paths
// when several packages have that name.
std::string import_path(const Heap& heap, std::string_view package) {
  if (package.empty()) return "(none)";
  std::string_view path = heap.fact(package == "main" ? "target.path" : fmt::format("package.{}", package));
  if (path.empty()) return std::string(package);
  return package == "main" ? fmt::format("main ({})", path) : std::string(path);
}

// The package of an object's type; what has none ([]byte, string) belongs to the package of what holds it.
std::vector<std::uint32_t> packages_of(const Heap& heap, const HeapTree& tree,
                                       std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::uint32_t> known;
  auto number = [&](std::string_view package) {
    auto [at, fresh] = known.try_emplace(package, std::uint32_t(names.size()));
    if (fresh) names.push_back(import_path(heap, package));
    return at->second;
  };
  std::uint32_t none = number("");
  std::vector<std::uint32_t> of_type(heap.types.rows(), none);
  for (std::size_t i = 1; i < heap.types.rows(); ++i)
    of_type[i] = number(package_of(heap.text(heap.types.name[i])));
  std::vector<std::uint32_t> group(std::size_t(heap.virtual_root()) + 1, none);
  for (std::uint32_t node : tree.down) {
    if (heap.is_root(NodeId{node})) {
      std::string_view name = heap.text(heap.roots.name[std::size_t(heap.root_of(NodeId{node}))]);
      std::size_t dot = name.find('.', name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/'));
      group[node] = number(name.substr(0, std::min(dot, name.size())));
    } else if (heap.is_object(NodeId{node})) {
      auto type = std::size_t(heap.objects.type[node]);
      group[node] = type < of_type.size() ? of_type[type] : none;
      if (group[node] == none && tree.parent[node] != ~0u) group[node] = group[tree.parent[node]];
    }
  }
  return group;
}

void put_groups(const std::vector<std::string>& names, const std::vector<Sum>& sums, std::uint64_t all,
                Table& table) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (sums[i].objects > 0)
      table.add(sums[i].flat, double(sums[i].flat) / double(all), sums[i].cum,
                double(sums[i].cum) / double(all), sums[i].objects, names[i]);
}

Table top_types(const Heap& heap, std::uint64_t all) {
  HeapTree tree(heap);
  // Rows of different type ids may carry one name: generic instances and parts of containers.
  std::vector<std::string> names;
  std::unordered_map<std::string_view, std::uint32_t> known;
  std::vector<std::uint32_t> of_type(std::max<std::size_t>(1, heap.types.rows()));
  for (std::size_t i = 0; i < of_type.size(); ++i) {
    auto [at, fresh] =
        known.try_emplace(type_text(heap, TypeId(std::uint32_t(i))), std::uint32_t(names.size()));
    if (fresh) names.emplace_back(at->first);
    of_type[i] = at->second;
  }
  std::vector<std::uint32_t> group(heap.objects.rows());
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto type = std::size_t(heap.objects.type[i]);
    group[i] = of_type[type < of_type.size() ? type : 0];
  }
  Table table{.name = "top"};
  put_groups(names, sum_groups(heap, tree, group, names.size()), all, table);
  return table;
}

Table top_packages(const Heap& heap, std::uint64_t all) {
  HeapTree tree(heap);
  std::vector<std::string> names;
  std::vector<std::uint32_t> group = packages_of(heap, tree, names);
  Table table{.name = "top"};
  put_groups(names, sum_groups(heap, tree, group, names.size()), all, table);
  return table;
}

// As pprof's inuse_space (or alloc_space): flat where the line allocates itself, cum where it is anywhere on
// the stack.
Table top_lines(const Heap& heap, std::uint64_t all, bool allocated) {
  struct Line {
    std::int64_t objects = 0, flat = 0, cum = 0;
  };
  std::map<std::tuple<std::string_view, std::string_view, std::uint32_t>, Line> lines;
  std::int64_t rate = heap.counter("profile.rate");
  for (std::size_t i = 0; i < heap.buckets.rows(); ++i) {
    HeapSample sample = heap_sample(heap.buckets, i, rate);
    Scaled value = allocated ? sample.alloc : sample.inuse;
    if (value.bytes == 0) continue;
    std::size_t from = heap.buckets.first_frame[i] + runtime_frames(heap, i);
    std::size_t to = std::min<std::size_t>(heap.frames.rows(),
                                           std::size_t(heap.buckets.first_frame[i]) + heap.buckets.frames[i]);
    std::vector<Line*> seen;
    for (std::size_t frame = from; frame < to; ++frame) {
      Line& line = lines[{heap.text(heap.frames.function[frame]), heap.text(heap.frames.file[frame]),
                          heap.frames.line[frame]}];
      if (frame == from) line.flat += value.bytes, line.objects += value.objects;
      if (std::ranges::find(seen, &line) != seen.end()) continue;  // recursion counts once
      seen.push_back(&line);
      line.cum += value.bytes;
    }
  }
  Table table{.name = "top"};
  for (const auto& [key, line] : lines)
    table.add(std::uint64_t(line.flat), double(line.flat) / double(all), std::uint64_t(line.cum),
              double(line.cum) / double(all), std::uint64_t(line.objects),
              fmt::format("{}  {}:{}", std::get<0>(key), std::get<1>(key), std::get<2>(key)));
  return table;
}

// What all shares of lines are of: the bytes of the whole profile.
std::uint64_t profile_bytes(const Heap& heap, bool allocated) {
  std::int64_t sum = 0, rate = heap.counter("profile.rate");
  for (std::size_t i = 0; i < heap.buckets.rows(); ++i) {
    HeapSample sample = heap_sample(heap.buckets, i, rate);
    sum += allocated ? sample.alloc.bytes : sample.inuse.bytes;
  }
  return std::uint64_t(std::max<std::int64_t>(1, sum));
}

std::uint64_t reached_bytes(const Heap& heap) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < heap.objects.rows(); ++i)
    if (heap.objects.reached(ObjectId{std::uint32_t(i)}))
      sum += heap.objects.bytes(ObjectId{std::uint32_t(i)});
  return sum;
}

Result<int> run(const Flags& flags, Io& io) {
  OpenHeap opened = TRY(open_one(flags, io));
  const Heap& heap = *opened;
  const std::string& by = flags.text("by");
  bool lines = by == "lines", allocated = flags.on("alloc");
  if (allocated && !lines) return fail(Cause::usage, "--alloc goes with --by lines");
  std::uint64_t all =
      lines ? profile_bytes(heap, allocated) : std::max<std::uint64_t>(1, reached_bytes(heap));
  Table table = by == "packages" ? top_packages(heap, all)
                : lines          ? top_lines(heap, all, allocated)
                                 : top_types(heap, all);
  table.columns = {{"flat_bytes", "flat", As::kBytes},
                   {"flat_share", "flat%", As::kShare},
                   {"cum_bytes", "cum", As::kBytes},
                   {"cum_share", "cum%", As::kShare},
                   {"objects", "objects", As::kCount},
                   {"name",
                    by == "packages" ? "package"
                    : lines          ? "line"
                                     : "type",
                    lines ? As::kPath : As::kText}};
  std::erase_if(table.rows, [&](const auto& row) { return !in_focus(flags, row.back().text); });
  std::size_t key = flags.on("cum") ? 2 : 0;
  std::ranges::stable_sort(table.rows, [&](const auto& a, const auto& b) {
    return a[key].exact != b[key].exact ? a[key].exact > b[key].exact : a.back().text < b.back().text;
  });
  if (flags.on("json")) {
    render_table_json(table, row_limit(flags), io.out);
    return 0;
  }
  table.note =
      lines ? fmt::format("{} {} by the heap profile; flat: by the line itself, cum: and by what it calls",
                          human_bytes(all), allocated ? "allocated since the start" : "in use")
            : fmt::format("{} reached from roots; flat: own bytes, cum: freed if these objects went",
                          human_bytes(all));
  render_table(table, io.style, row_limit(flags), io.out);
  return 0;
}

}  // namespace

constinit const Verb kTop = {
    .name = "top",
    .summary = "types, packages or allocating lines by own (flat) and held (cum) bytes",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "Flat bytes are those of the objects themselves, cumulated bytes what would be freed if they went: "
        "what they\n"
        "dominate. Objects without a package of their own ([]byte, string) belong to the package of what "
        "holds them.\n"
        "Lines come from the runtime's heap profile, with the numbers of go tool pprof; there cum is what a "
        "line\n"
        "and what it calls allocated.",
    .flags = {kFlags, kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
