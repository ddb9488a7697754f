#include "analysis/case.h"

#include "analysis/fold.h"
#include "analysis/tree.h"
#include "tables/dominate.h"
#include "tables/heap_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace memsnap {
namespace {

HeapText heap_of(std::string_view text) {
  auto parsed = parse_heap(text);
  EXPECT_TRUE(parsed) << parsed.error().what;
  return parsed ? std::move(*parsed) : HeapText{};
}

// Objects are numbered in the order of the text.
NodeId object(std::uint32_t row) { return NodeId(row); }

std::string path_of(const Holder& holder) {
  std::string text = holder.root;
  for (const PathStep& step : holder.path) {
    text += fmt::format(" | {}", step.type);
    if (step.count > 1) text += fmt::format(" x{}", step.count);
    if (!step.ref.empty()) text += " " + step.ref;
  }
  return text;
}

constexpr std::string_view kSessions = R"(
struct session.Session user string, data []uint8
struct session.Store mu int64, sessions map[string]*session.Session
object store session.Store -> .sessions m
object m map[string]*session.Session -> d
object d directory map[string]*session.Session 64 -> t
object t x 8 table map[string]*session.Session 32 -> g
object g x 8 groups map[string]*session.Session 4K -> s
object s x 800 session.Session -> .data b
object b x 800 array uint8 256
global session.store *session.Store session/store.go:18 -> store
)";

TEST(Case, AMapReadsAsOneThing) {
  HeapText text = heap_of(kSessions);
  Case what(text.heap, text.series);
  NodeId session = object(19), bytes = object(819);
  EXPECT_EQ(path_of(what.holder(object(1))),
            "session.store | *session.Store .sessions | map[string]*session.Session");
  EXPECT_EQ(path_of(what.holder(bytes)),
            "session.store | *session.Store .sessions | map[string]*session.Session […] | "
            "*session.Session .data | []uint8");
  Holder holder = what.holder(session);
  EXPECT_EQ(holder.kind, HolderKind::kGlobal);
  EXPECT_EQ(holder.file, "session/store.go");
  EXPECT_EQ(holder.line, 18);
  EXPECT_EQ(holder.path[0].retained, what.reached_bytes());
  for (std::uint32_t part : {1u, 2u, 3u, 10u, 11u, 18u}) {
    EXPECT_EQ(what.container(ObjectId(part)), object(1)) << part;
    EXPECT_EQ(what.type_name(object(part)), "map[string]*session.Session") << part;
  }
  EXPECT_EQ(what.container(ObjectId(819)), bytes);
  EXPECT_EQ(what.type_name(bytes), "[]uint8");
}

TEST(Case, BytesPileUpInTheMap) {
  HeapText text = heap_of(kSessions);
  Case what(text.heap, text.series);
  NodeId root = text.heap.node(RootId(0));
  EXPECT_EQ(what.accumulation(root), object(1));
  EXPECT_EQ(what.top(object(900)), root);
  EXPECT_EQ(what.retained(root), what.reached_bytes());
  EXPECT_EQ(what.children(object(2)).size(), 8u);
  EXPECT_EQ(what.children(object(2), 3).size(), 3u);
}

TEST(Case, AChainIsNamedByItsHead) {
  HeapText text = heap_of(R"(
struct list.node next *list.node, body []uint8
object n x 5000 list.node -> .next n+1, .body b
object b x 5000 array uint8 64
global main.head *list.node main.go:3 -> n[0]
)");
  Case what(text.heap, text.series);
  EXPECT_EQ(what.accumulation(text.heap.node(RootId(0))), object(0));
  EXPECT_EQ(path_of(what.holder(object(5100))), "main.head | *list.node x101 .body | []uint8");
  EXPECT_EQ(what.top(object(9999)), text.heap.node(RootId(0)));
}

TEST(Case, AChainOfTwoTypesFoldsToo) {
  HeapText text = heap_of(R"(
struct main.a b *main.b
struct main.b a *main.a
object a x 50 main.a -> .b b
object b x 50 main.b -> .a a+1
global main.head *main.a main.go:3 -> a[0]
)");
  Case what(text.heap, text.series);
  EXPECT_EQ(path_of(what.holder(object(99))), "main.head | *main.a x50 .b | *main.b x50");
}

TEST(Case, SharedObjectsNameAllTheirHolders) {
  HeapText text = heap_of(R"(
struct main.item body []uint8
object l array *main.item 8000 -> i
object x array *main.item 8000 -> i
object i x 1000 main.item -> .body b
object b x 1000 array uint8 512
global main.list []*main.item main.go:3 -> l
global main.index []*main.item main.go:4 -> x
goroutine main.work created main.main main.go:9
  at main.work main.go:20 -> item i[5]
)");
  Case what(text.heap, text.series);
  NodeId item = object(2);
  EXPECT_EQ(what.top(item), item);
  Holder holder = what.holder(item);
  EXPECT_EQ(path_of(holder), "main.list | []*main.item […] | *main.item");
  EXPECT_EQ(holder.also, (std::vector<std::string>{"main.index"}));
  EXPECT_EQ(what.on_stack_of(object(7)).size(), 1u);
  EXPECT_TRUE(what.on_stack_of(object(8)).empty());
  EXPECT_EQ(what.strictly_retained(object(8)), text.heap.objects.bytes(ObjectId(8)) + 512);
  EXPECT_EQ(what.strictly_retained(object(7)), text.heap.objects.bytes(ObjectId(7)) + 512);
}

TEST(Case, ManyHoldersAreCounted) {
  std::string text = "object o array uint8 4K\n";
  for (int i = 0; i < 6; ++i) text += fmt::format("global main.g{} []uint8 main.go:{} -> o\n", i, i + 1);
  HeapText heap = heap_of(text);
  Case what(heap.heap, heap.series);
  Holder holder = what.holder(object(0));
  EXPECT_EQ(holder.root, "main.g0");
  EXPECT_EQ(holder.also, (std::vector<std::string>{"4 or more other roots"}));
}

TEST(Case, BetweenDominatorsTheWayIsShown) {
  HeapText text = heap_of(R"(
struct main.cache order *main.left, index *main.right
struct main.left item *main.item
struct main.right item *main.item
struct main.item n int
object c main.cache -> .order l, .index r
object l main.left -> .item i
object r main.right -> .item i
object i main.item
global main.c *main.cache main.go:3 -> c
)");
  Case what(text.heap, text.series);
  EXPECT_EQ(path_of(what.holder(object(3))), "main.c | *main.cache .order | *main.left .item | *main.item");
}

TEST(Case, AGoroutineIsNamedByFrameAndVariable) {
  HeapText text = heap_of(R"(
struct main.job body []uint8
object j main.job -> .body b
object b array uint8 1M
goroutine main.loop created main.main main.go:9 reason="select"
  at runtime.gopark runtime/proc.go:1 / main.run main.go:31 -> 1:job j
)");
  Case what(text.heap, text.series);
  Holder holder = what.holder(object(1));
  EXPECT_EQ(path_of(holder), "main.run job | *main.job .body | []uint8");
  EXPECT_EQ(holder.kind, HolderKind::kGoroutine);
  EXPECT_EQ(holder.line, 31);
}

TEST(Case, StaticTemporariesBelongToTheirVariable) {
  HeapText text = heap_of(R"(
struct main.table rows []int
object r array int 64K
global main.tables main.table main.go:5 -> .rows r
global main.late *main.table main.go:6 -> " -> .rows" r2
object r2 array int 64K
)");
  Case what(text.heap, text.series);
  EXPECT_EQ(path_of(what.holder(object(0))), "main.tables | main.table .rows | []int");
  EXPECT_EQ(path_of(what.holder(object(1))), "main.late | *main.table .rows | []int");
}

TEST(Case, ListsChannelsAndClosures) {
  HeapText text = heap_of(R"(
struct main.job body []uint8
opaque container/list.List 48
struct main.queue order container/list.List, ch "chan *main.job", hook func()
struct main.start.func1 fn int, job *main.job
object q main.queue -> .order e[0], @8 e[2], .ch c, .hook f
object e x 3 element -> .next e+1, .list q, .Value j
object j x 3 main.job
object c "chan *main.job" -> @16 u
object u buffer *main.job 80 -> w
object w x 2 main.job
object f closure main.start.func1 -> .job z
object z main.job
edges e[2] -> .prev e[1]
edges e[1] -> .prev e[0]
global main.q *main.queue main.go:3 -> q
)");
  Case what(text.heap, text.series);
  EXPECT_EQ(path_of(what.holder(object(5))), "main.q | *main.queue .order | list.List […] | *main.job");
  EXPECT_EQ(what.container(ObjectId(2)), object(0));
  EXPECT_EQ(path_of(what.holder(object(10))), "main.q | *main.queue .ch | chan *main.job […] | *main.job");
  EXPECT_EQ(what.container(ObjectId(8)), object(7));
  EXPECT_EQ(what.type_name(object(8)), "chan *main.job");
  EXPECT_EQ(path_of(what.holder(object(12))),
            "main.q | *main.queue .hook | func main.start.func1 captured job | *main.job");
}

// The tree downwards is the same as the columns upwards, whichever way the children are found.
TEST(Tree, ChildrenAreThoseWhoseDominatorThisIs) {
  std::mt19937 random(9);
  for (int round = 0; round < 50; ++round) {
    HeapText text;
    Heap& heap = text.heap;
    std::uint32_t objects = 200 + std::uint32_t(random() % 400);
    for (std::uint32_t i = 0; i < objects; ++i) {
      heap.objects.addr.push_back(Addr(0x1000 + i * 4096));
      heap.objects.words.push_back(
          std::uint32_t(random() % 8 == 0 ? 256 + random() % 512 : 1 + random() % 8));
      heap.objects.type.push_back(TypeId{0});
      heap.objects.flags.push_back(0);
      heap.edges.first.push_back(std::uint32_t(heap.edges.target.size()));
      for (auto e = std::uint32_t(random() % 4); e > 0; --e) {
        heap.edges.target.push_back(ObjectId(std::uint32_t(random()) % objects));
        heap.edges.at.push_back(e);
      }
    }
    heap.edges.first.push_back(std::uint32_t(heap.edges.target.size()));
    for (int phase : {2, 0, 3}) {  // labels need not be in the order of their phases
      heap.roots.kind.push_back(RootKind::kGlobal);
      heap.roots.phase.push_back(std::uint8_t(phase));
      heap.root_edges.root.push_back(RootId(std::uint32_t(heap.roots.rows() - 1)));
      heap.root_edges.target.push_back(ObjectId(std::uint32_t(random()) % objects));
    }
    dominate(heap);
    DominatorTree tree(heap);
    std::map<NodeId, std::vector<NodeId>> below;
    for (std::uint32_t node = 0; node < std::uint32_t(heap.virtual_root()); ++node)
      if (NodeId up = tree.parent(NodeId(node)); up != kNoNode) below[up].push_back(NodeId(node));
    std::uint64_t all = 0;
    for (std::uint32_t node = 0; node <= std::uint32_t(heap.virtual_root()); ++node) {
      std::vector<NodeId> got = tree.children(NodeId(node), ~std::size_t(0));
      EXPECT_TRUE(std::ranges::is_sorted(got, std::greater{}, [&](NodeId n) { return tree.retained(n); }));
      std::ranges::sort(got);
      ASSERT_EQ(got, below[NodeId(node)]) << "round " << round << " node " << node;
      if (heap.is_object(NodeId(node)) && heap.objects.reached(ObjectId(node))) {
        all += heap.objects.bytes(ObjectId(node));
        std::vector<NodeId> path = tree.path(NodeId(node));
        EXPECT_EQ(tree.top(NodeId(node)), path.front());
        EXPECT_EQ(tree.parent(path.front()), heap.virtual_root());
      }
    }
    EXPECT_EQ(tree.retained(heap.virtual_root()), all);
  }
}

TEST(Sites, AreWeighedByWhatSamplesStandFor) {
  HeapText text = heap_of(R"(
struct main.small n int
object a array *main.small 16K -> s
object s x 100 main.small
object l x 2 array uint8 1M
object h array *main.small 64 -> l
global main.a []*main.small main.go:3 -> a
global main.h []*main.small main.go:4 -> h
bucket small size=8 at bytes.Clone bytes/bytes.go:1 / main.put main.go:20 / main.main main.go:9
bucket large size=1M at io.ReadAll io/io.go:1 / main.read main.go:30
bucket lib size=8 at strings.Clone strings/clone.go:1 / net/http.serve net/http/server.go:5
sample s[3] small
sample s[4] small
sample s[5] lib
sample l large
counter memstats.mem_profile_rate 524288
fact target.module shop
)");
  Case what(text.heap, text.series);
  std::vector<Site> sites = what.sites(text.heap.node(RootId(0)));
  ASSERT_EQ(sites.size(), 2u);
  EXPECT_EQ(sites[0].function, "main.put");
  EXPECT_EQ(sites[0].line, 20);
  EXPECT_NEAR(sites[0].share, 2.0 / 3, 1e-9);
  EXPECT_EQ(sites[1].function, "strings.Clone");  // no frame of the program is there, so none is invented
  EXPECT_EQ(sites[0].source, "heap-profile");
  sites = what.sites(text.heap.virtual_root());
  ASSERT_EQ(sites.size(), 3u);
  EXPECT_EQ(sites[0].function, "main.read");
  // A sample of 8 bytes stands for 524,292 bytes; one of 1 MiB for 1.16 MiB.
  EXPECT_NEAR(sites[0].share, 2 * 1212677.0 / (2 * 1212677.0 + 3 * 524292.0), 1e-3);
  sites = what.sites(object(50));  // not sampled: others of its type below the same holder were
  ASSERT_EQ(sites.size(), 2u);
  EXPECT_EQ(sites[0].source, "heap-profile, objects of the same type");
}

}  // namespace
}  // namespace memsnap
