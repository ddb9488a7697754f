// memsnap why: who holds the objects of a type, or one object, through which path; --in and --out:
// neighbours.
#include "analysis/claim.h"
#include "analysis/fold.h"
#include "base/text.h"
#include "render/json_writer.h"
#include "render/report.h"
#include "render/table.h"
#include "verbs/all.h"
#include "verbs/heap_words.h"
#include "verbs/target.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "in", .kind = FlagKind::kSwitch, .value = "", .help = "what points to it, instead of paths"},
    {.name = "out", .kind = FlagKind::kSwitch, .value = "", .help = "what it points to, instead of paths"},
};
constexpr Example kExamples[] = {
    {"why 4127 '*session.Session'", "paths from roots to all objects of a type"},
    {"why shop.snap 0xc0001a2000", "the path to one object"},
    {"why shop.snap 0xc0001a2000 --in", "everything that points to it"},
};

// Objects that hang on the same path of types in the dominator tree.
struct Group {
  std::uint64_t objects = 0, bytes = 0, retained = 0;
  ObjectId largest = kNoObject;
};

// The name of a pointer's target is what people search for: *T finds objects of type T.
bool fits(std::string_view pattern, std::string_view type) {
  if (matches_loosely(pattern, type)) return true;
  return pattern.starts_with("*") && matches_loosely(pattern.substr(1), type);
}

std::vector<std::uint8_t> wanted_types(const Heap& heap, std::string_view pattern) {
  std::vector<std::uint8_t> wanted(heap.types.rows());
  for (std::size_t i = 1; i < wanted.size(); ++i) wanted[i] = fits(pattern, heap.text(heap.types.name[i]));
  return wanted;
}

// Objects of the wanted types by the types above them. Chains of one type and very long paths count as one.
std::vector<Group> group_by_path(const Heap& heap, const std::vector<std::uint8_t>& wanted) {
  constexpr std::uint32_t kDeep = 48;
  HeapTree tree(heap);
  struct Key {
    std::uint32_t above, type, depth;
  };
  std::vector<Key> keys = {{0, 0, 0}};
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  std::vector<std::uint32_t> key_of(std::size_t(heap.virtual_root()) + 1, 0);
  std::map<std::uint32_t, Group> groups;
  // Labels have numbers behind the types, so that two variables of one type stay apart.
  auto types = std::uint32_t(heap.types.rows());
  for (std::uint32_t node : tree.down) {
    if (NodeId{node} == heap.virtual_root()) continue;
    std::uint32_t above = key_of[tree.parent[node]];
    bool object = heap.is_object(NodeId{node});
    std::uint32_t type =
        object ? std::uint32_t(heap.objects.type[node]) : types + std::uint32_t(heap.root_of(NodeId{node}));
    // Tables and buckets are their map.
    bool part = object && heap.is_object(NodeId{tree.parent[node]}) &&
                same_container(heap, NodeId{tree.parent[node]}, NodeId{node});
    if (part || keys[above].depth >= kDeep || (object && keys[above].type == type && above != 0)) {
      key_of[node] = above;
    } else {
      auto [at, fresh] = known.try_emplace(std::uint64_t(above) << 32 | type, std::uint32_t(keys.size()));
      if (fresh) keys.push_back({above, type, keys[above].depth + 1});
      key_of[node] = at->second;
    }
    if (!object || type >= wanted.size() || !wanted[type]) continue;
    Group& group = groups[key_of[node]];
    if (!part) ++group.objects;
    group.bytes += heap.objects.bytes(ObjectId{node});
    bool inside = tree.parent[node] != ~0u && key_of[tree.parent[node]] == key_of[node];
    if (!inside) group.retained += heap.objects.retained[node];
    if (group.largest == kNoObject ||
        heap.objects.retained[node] > heap.objects.retained[std::size_t(group.largest)])
      group.largest = ObjectId{node};
  }
  std::vector<Group> list;
  for (const auto& [key, group] : groups) list.push_back(group);
  std::ranges::stable_sort(list, std::ranges::greater{}, &Group::retained);
  return list;
}

void put_holder(const Holder& holder, const Style& style, Out& out) {
  std::string root = holder_words(holder);
  if (root.empty()) root = "shared by several roots";
  out.print("  {}  {}\n", style.safe(root), style.safe(place(holder.file, holder.line)));
  std::size_t depth = 1;
  for (std::size_t i = 0; i < holder.path.size(); ++i) {
    const PathStep& step = holder.path[i];
    std::string text = i > 0 && !holder.path[i - 1].ref.empty() ? holder.path[i - 1].ref + "  " : "";
    text += step_words(step, style.pick("\u00d7", "x "));
    std::string indent(2 * std::min<std::size_t>(depth++, 20), ' ');
    out.print("{}{}{}{}\n", indent, style.pick("\u2514 ", "`-"), style.safe(text),
              step.retained > 0 ? "  " + human_bytes(step.retained) : "");
  }
}

void answer_paths(const Case& what, const std::vector<Group>& groups, const Flags& flags, Io& io) {
  const Heap& heap = what.heap();
  std::size_t shown = std::min(row_limit(flags), groups.size());
  if (flags.on("json")) {
    JsonWriter json(io.out);
    json.open_object();
    json.member("schema", "memsnap.why/1");
    json.key("paths").open_array();
    for (std::size_t i = 0; i < shown; ++i) {
      const Group& group = groups[i];
      json.open_object();
      json.member("objects", group.objects);
      json.member("bytes", group.bytes);
      json.member("retained_bytes", group.retained);
      json.member("address", hex(std::uint64_t(heap.objects.addr[std::size_t(group.largest)])));
      json.key("holder");
      write_holder(what.holder(heap.node(group.largest)), json);
      json.close_object();
    }
    json.close_array();
    json.member("total", std::uint64_t(groups.size()));
    json.close_object();
    json.end();
    return;
  }
  for (std::size_t i = 0; i < shown; ++i) {
    const Group& group = groups[i];
    std::string head = fmt::format("{} in {}, own {}, holding {}", i + 1, counted(group.objects, "object"),
                                   human_bytes(group.bytes), human_bytes(group.retained));
    io.out.print("{}  {} {}\n", io.style.ink(Ink::kStrong, head), group.objects > 1 ? "largest" : "at",
                 hex(std::uint64_t(heap.objects.addr[std::size_t(group.largest)])));
    put_holder(what.holder(heap.node(group.largest)), io.style, io.out);
  }
  if (shown < groups.size())
    io.out.print("{} of {} paths (-n ROWS or --all shows more)\n", shown, human_count(groups.size()));
}

struct Neighbour {
  NodeId node = kNoNode;
  std::string ref;
};

std::vector<Neighbour> pointed_to(const Heap& heap, ObjectId id) {
  std::vector<Neighbour> all;
  auto row = std::size_t(id);
  for (std::uint32_t edge = heap.edges.first[row]; edge < heap.edges.first[row + 1]; ++edge)
    all.push_back({heap.node(heap.edges.target[edge]), edge_ref(heap, id, heap.edges.at[edge])});
  return all;
}

std::vector<Neighbour> pointing_to(const Heap& heap, ObjectId id) {
  std::vector<Neighbour> all;
  for (std::size_t i = 0; i < heap.root_edges.rows(); ++i) {
    if (heap.root_edges.target[i] != id) continue;
    std::string ref(heap.text(heap.root_edges.ref[i]));
    if (FrameId frame = heap.root_edges.frame[i];
        frame != kNoFrame && std::size_t(frame) < heap.frames.rows())
      ref +=
          fmt::format("{}in {}", ref.empty() ? "" : " ", heap.text(heap.frames.function[std::size_t(frame)]));
    all.push_back({heap.node(heap.root_edges.root[i]), ref});
  }
  for (std::size_t from = 0; from < heap.objects.rows(); ++from)
    for (std::uint32_t edge = heap.edges.first[from]; edge < heap.edges.first[from + 1]; ++edge)
      if (heap.edges.target[edge] == id)
        all.push_back({NodeId{std::uint32_t(from)},
                       edge_ref(heap, ObjectId{std::uint32_t(from)}, heap.edges.at[edge])});
  return all;
}

Table neighbour_table(const Case& what, const std::vector<Neighbour>& all, const char* name) {
  const Heap& heap = what.heap();
  Table table{.name = name,
              .columns = {{"retained_bytes", "holds", As::kBytes},
                          {"bytes", "own", As::kBytes},
                          {"address", "address", As::kAddress},
                          {"ref", "through"},
                          {"type", "type"},
                          {"reached", ""}}};
  for (const Neighbour& one : all) {
    bool object = heap.is_object(one.node);
    auto row = std::size_t(one.node);
    std::string type =
        object ? std::string(type_text(heap, heap.objects.type[row]))
               : fmt::format("root {}", heap.text(heap.roots.name[std::size_t(heap.root_of(one.node))]));
    table.add(what.retained(one.node), object ? heap.objects.bytes(ObjectId{std::uint32_t(one.node)}) : 0,
              object ? std::uint64_t(heap.objects.addr[row]) : 0, one.ref, type,
              !object || heap.objects.reached(ObjectId{std::uint32_t(one.node)}) ? "yes" : "no");
  }
  std::ranges::stable_sort(table.rows, [](const auto& a, const auto& b) { return a[0].exact > b[0].exact; });
  return table;
}

Result<int> answer_object(const Case& what, ObjectId id, const Flags& flags, Io& io) {
  const Heap& heap = what.heap();
  auto row = std::size_t(id);
  if (flags.on("in") || flags.on("out")) {
    Table table = flags.on("in") ? neighbour_table(what, pointing_to(heap, id), "why-in")
                                 : neighbour_table(what, pointed_to(heap, id), "why-out");
    table.note = fmt::format("{} {} ({}): {}", flags.on("in") ? "what points to" : "what leaves",
                             hex(std::uint64_t(heap.objects.addr[row])),
                             type_text(heap, heap.objects.type[row]), counted(table.rows.size(), "pointer"));
    if (flags.on("json"))
      render_table_json(table, row_limit(flags), io.out);
    else
      render_table(table, io.style, row_limit(flags), io.out);
    return 0;
  }
  if (!heap.objects.reached(id))
    return fail(Cause::usage, "{} is garbage: no root reaches it, the collector has not swept it yet",
                hex(std::uint64_t(heap.objects.addr[row])));
  answer_paths(what, {{1, heap.objects.bytes(id), heap.objects.retained[row], id}}, flags, io);
  return 0;
}

Result<int> run(const Flags& flags, Io& io) {
  bool with_pid = flags.given("p");
  const std::vector<std::string>& words = flags.targets();
  if (words.size() != (with_pid ? 1u : 2u))
    return fail(Cause::usage, "got {}, want a target (a PID or a .snap file) and a type or an address",
                counted(words.size(), "word"));
  const std::string& wanted = words.back();
  Target target =
      with_pid ? Target{.pid = pid_t(flags.number("p")), .path = {}} : TRY(target_of(words.front()));
  OpenHeap opened = TRY(open_heap(target, flags, io));
  const Heap& heap = *opened;
  Series none;
  Case what(heap, none);
  if (wanted.starts_with("0x")) {
    auto address = parse_address(wanted);
    ObjectId id = address ? object_at(heap, *address) : kNoObject;
    if (id == kNoObject) return fail(Cause::usage, "no object holds the address {}", wanted);
    return answer_object(what, id, flags, io);
  }
  if (flags.on("in") || flags.on("out"))
    return fail(Cause::usage, "--in and --out want an address such as 0xc0001a2000, got '{}'", wanted);
  std::vector<Group> groups = group_by_path(heap, wanted_types(heap, wanted));
  if (groups.empty())
    return fail(Cause::usage, "no object that a root reaches has a type like '{}'; memsnap top lists types",
                wanted);
  answer_paths(what, groups, flags, io);
  return 0;
}

}  // namespace

constinit const Verb kWhy = {
    .name = "why",
    .summary = "paths from the roots to the objects of a type, or to one object; --in and --out: neighbours",
    .operands = "PID|FILE.snap TYPE|ADDR",
    .targets = Targets::kAny,
    .about =
        "A type may hold * and ? for any characters; without them it fits anywhere in the name. Objects that "
        "hang on\n"
        "the same path of types are one answer, with the path of its largest. An address may lie inside an "
        "object.",
    .flags = {kFlags, kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
