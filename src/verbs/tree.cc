// memsnap tree: the dominator tree, largest first: what would go if a root, or an object, let go.
#include "analysis/case.h"
#include "analysis/fold.h"
#include "base/text.h"
#include "verbs/all.h"
#include "verbs/heap_words.h"
#include "verbs/rows.h"
#include "verbs/target.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "depth",
     .kind = FlagKind::kNumber,
     .value = "LEVELS",
     .help = "levels below the top",
     .standard = "5",
     .least = 1},
    {.name = "width",
     .kind = FlagKind::kNumber,
     .value = "CHILDREN",
     .help = "most kinds of children shown of each",
     .standard = "5",
     .least = 1},
    {.name = "least",
     .kind = FlagKind::kNumber,
     .value = "BYTES",
     .help = "leave out what holds less",
     .standard = "1024"},
    {.name = "from",
     .kind = FlagKind::kText,
     .value = "ADDR",
     .help = "begin at the object that holds this address"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON"},
};
constexpr Example kExamples[] = {
    {"tree 4127", "who holds most, five levels down"},
    {"tree shop.snap --from 0xc0001a2000 --depth 10", "what one object holds"},
};

struct Line {
  NodeId node;  // the largest of `count` siblings with one name
  std::size_t depth = 0;
  std::uint64_t count = 1, retained = 0;
  std::uint64_t hidden = 0;  // kinds of children not shown below this node
};

std::string name_of(const Case& what, NodeId node) {
  const Heap& heap = what.heap();
  if (node == heap.virtual_root()) return "(all roots)";
  if (!heap.is_root(node)) return what.type_name(node);
  auto row = std::size_t(heap.root_of(node));
  static constexpr std::string_view kKinds[] = {"global", "goroutine", "finalizer", "cleanup",
                                                "timer",  "register",  "runtime"};
  auto kind = std::size_t(heap.roots.kind[row]);
  return fmt::format("{} {}", kind < std::size(kKinds) ? kKinds[kind] : "root",
                     heap.text(heap.roots.name[row]));
}

// Children that read alike: objects of one type, labels of one kind and name.
std::uint64_t sibling_key(const Heap& heap, NodeId node) {
  if (!heap.is_root(node)) return std::uint32_t(heap.objects.type[std::uint32_t(node)]);
  auto row = std::size_t(heap.root_of(node));
  return std::uint64_t(1) << 40 | std::uint64_t(heap.roots.kind[row]) << 32 |
         std::uint32_t(heap.roots.name[row]);
}

// What hangs on a node, the parts of its container taken apart, siblings that read alike as one; largest
// first.
std::vector<Line> children_of(const Case& what, const HeapTree& tree, const Line& above) {
  const Heap& heap = what.heap();
  std::unordered_map<std::uint64_t, Line> alike;
  std::vector<std::uint32_t> open = {std::uint32_t(above.node)};
  while (!open.empty()) {
    std::uint32_t at = open.back();
    open.pop_back();
    for (std::uint32_t i = tree.first[at]; i < tree.first[at + 1]; ++i) {
      NodeId child{tree.child[i]};
      if (heap.is_object(NodeId{at}) && same_container(heap, NodeId{at}, child)) {
        open.push_back(tree.child[i]);
        continue;
      }
      auto [line, fresh] = alike.try_emplace(sibling_key(heap, child),
                                             Line{.node = child, .depth = above.depth + 1, .count = 0});
      ++line->second.count;
      line->second.retained += what.retained(child);
      if (what.retained(child) > what.retained(line->second.node)) line->second.node = child;
    }
  }
  std::vector<Line> lines;
  for (const auto& [key, line] : alike) lines.push_back(line);
  std::ranges::sort(lines, [&](const Line& a, const Line& b) {
    return a.retained != b.retained ? a.retained > b.retained : std::uint32_t(a.node) < std::uint32_t(b.node);
  });
  return lines;
}

std::vector<Line> walk(const Case& what, NodeId from, const Flags& flags) {
  std::size_t depth = flags.number("depth"), width = flags.number("width");
  std::uint64_t least = flags.number("least");
  HeapTree tree(what.heap());
  std::vector<Line> lines, stack = {{.node = from, .retained = what.retained(from)}};
  while (!stack.empty()) {
    Line line = stack.back();
    stack.pop_back();
    if (line.depth < depth) {
      std::vector<Line> children = children_of(what, tree, line);
      std::erase_if(children, [&](const Line& child) { return child.retained < least; });
      if (children.size() > width) line.hidden = children.size() - width, children.resize(width);
      stack.insert(stack.end(), children.rbegin(), children.rend());
    }
    lines.push_back(line);
  }
  return lines;
}

Result<NodeId> start_of(const Heap& heap, const Flags& flags) {
  if (!flags.given("from")) return heap.virtual_root();
  auto address = parse_address(flags.text("from"));
  if (!address)
    return fail(Cause::usage, "-from: got '{}', want an address such as 0xc0001a2000", flags.text("from"));
  ObjectId object = object_at(heap, *address);
  if (object == kNoObject) return fail(Cause::usage, "-from: no object holds the address {}", hex(*address));
  return heap.node(object);
}

Result<int> run(const Flags& flags, Io& io) {
  OpenHeap opened = TRY(open_one(flags, io));
  const Heap& heap = *opened;
  Series none;
  Case what(heap, none);
  NodeId start = TRY(start_of(heap, flags));
  std::vector<Line> lines = walk(what, start, flags);
  double all = double(std::max<std::uint64_t>(1, what.reached_bytes()));
  Table table{.name = "tree",
              .columns = {{"retained_bytes", "holds", As::kBytes},
                          {"share", "share", As::kShare},
                          {"depth", "", As::kCount},
                          {"count", "", As::kCount},
                          {"address", "", As::kAddress},
                          {"name", "name"}}};
  for (const Line& line : lines) {
    std::uint64_t address =
        heap.is_object(line.node) ? std::uint64_t(heap.objects.addr[std::uint32_t(line.node)]) : 0;
    std::string name = name_of(what, line.node);
    if (!flags.on("json")) {
      name = std::string(line.depth * 2, ' ') + name;
      if (line.count > 1) name += fmt::format(" \u00d7{}", human_count(line.count));
      if (address != 0) name += fmt::format("  {}{}", line.count > 1 ? "largest " : "", hex(address));
      if (line.hidden > 0) name += fmt::format("  (and {} more below)", human_count(line.hidden));
    }
    table.add(line.retained, double(line.retained) / all, std::uint64_t(line.depth), line.count, address,
              name);
  }
  put_table(table, table.rows.size(), flags, io);
  return 0;
}

}  // namespace

constinit const Verb kTree = {
    .name = "tree",
    .summary = "the dominator tree: what would be freed if a root or an object let go",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "A node holds all that no other root reaches without it. Globals come before goroutines: an object "
        "that both\n"
        "reach belongs to the global. What several roots share hangs under (all roots). Siblings of one "
        "type, and\n"
        "goroutines with one start, are one line; below it stands what the largest of them holds.",
    .flags = {kFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
