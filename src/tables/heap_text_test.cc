#include "tables/heap_text.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Heap heap_of(std::string_view text) {
  auto parsed = parse_heap(text);
  EXPECT_TRUE(parsed) << parsed.error().what;
  return parsed ? std::move(parsed->heap) : Heap{};
}

std::string error_of(std::string_view text) {
  auto parsed = parse_heap(text);
  return parsed ? "no error" : parsed.error().what;
}

std::size_t type_named(const Heap& heap, std::string_view name) {
  for (std::size_t i = 0; i < heap.types.rows(); ++i)
    if (heap.text(heap.types.name[i]) == name && heap.types.role[i] == Role::kPlain) return i;
  return 0;
}

TEST(HeapText, TypesAreLaidOutAsGoDoes) {
  Heap heap = heap_of(R"(
interface context.Context
type time.Duration int64
opaque sync.Mutex 8
struct main.T b bool, n int32, s string, l []*main.T, ctx context.Context, m map[string][]int, d time.Duration, mu sync.Mutex
struct main.Small a bool, c bool
object t main.T
object s main.Small
global main.t *main.T main.go:1 -> t
global main.s *main.Small main.go:2 -> s
)");
  std::size_t type = type_named(heap, "main.T");
  ASSERT_NE(type, 0u);
  std::vector<std::uint64_t> offsets;
  for (std::uint32_t f = heap.types.first_field[type]; f < heap.types.first_field[type + 1]; ++f)
    offsets.push_back(heap.fields.offset[f]);
  EXPECT_EQ(offsets, (std::vector<std::uint64_t>{0, 4, 8, 24, 48, 64, 72, 80}));
  EXPECT_EQ(heap.types.size[type], 88u);
  EXPECT_EQ(heap.types.size[type_named(heap, "main.Small")], 2u);
  std::size_t map = type_named(heap, "map[string][]int");
  EXPECT_EQ(heap.types.kind[map], Kind::kMap);
  EXPECT_EQ(heap.text(heap.types.name[std::size_t(heap.types.elem[map])]), "[]int");
  EXPECT_EQ(heap.objects.bytes(ObjectId{0}), 88u);
}

TEST(HeapText, PointersLieWhereTheirFieldsDo) {
  Heap heap = heap_of(R"(
struct main.T name string, any any, next *main.T
object a array main.T 4K -> .name k, .any v
object k x 3 bytes 16
object v x 3 main.V 8
object t x 4 main.T -> .next t+1
global main.a []main.T main.go:1 -> a
global main.t *main.T main.go:2 -> t[0]
)");
  std::vector<std::uint32_t> words(heap.edges.at.begin(), heap.edges.at.begin() + 6);
  EXPECT_EQ(words,
            (std::vector<std::uint32_t>{0, 3, 5, 8, 10, 13}));  // 40 bytes an element, the value's word
  EXPECT_EQ(heap.edges.first.back(), 9u);
  EXPECT_EQ(heap.edges.at.back(), 4u);
  EXPECT_EQ(heap.objects.idom[9], NodeId{8});
}

TEST(HeapText, FamiliesPairOrShare) {
  Heap heap = heap_of(R"(
object g x 2 groups map[int]*main.T 64 -> t
object t x 5 main.T 8 -> b
object b x 5 bytes 8
global main.g map[int]*main.T main.go:1 -> g
)");
  EXPECT_EQ(heap.edges.first[1] - heap.edges.first[0], 2u);
  EXPECT_EQ(heap.edges.first[2] - heap.edges.first[1], 3u);
  EXPECT_EQ(heap.edges.target[5], ObjectId{7});
  EXPECT_EQ(heap.roots.objects[0], 12u);
}

TEST(HeapText, GoroutinesAndSamples) {
  HeapText text = *parse_heap(R"(
object q x 2 "chan int"
goroutine main.work created main.start main.go:12 x 2 reason="chan send" waits=10m stack=4K on=q proof
  at runtime.gopark runtime/proc.go:1 / main.work main.go:20 -> 1:ch q
bucket put size=96 allocs=3 frees=1 live=2 at main.put main.go:5
sample q put
captures 0 10
series goroutines "main.work created by main.start:12" 1 2
)");
  const Heap& heap = text.heap;
  ASSERT_EQ(heap.goroutines.rows(), 2u);
  EXPECT_EQ(heap.goroutines.wait_ns[1], 600'000'000'000u);
  EXPECT_EQ(heap.goroutines.wait_object[1], ObjectId{1});
  EXPECT_EQ(heap.goroutines.proof[0], Proof::kNothingCanWake);
  EXPECT_EQ(heap.root_edges.frame[1], FrameId{1});
  EXPECT_EQ(heap.text(heap.root_edges.ref[1]), "ch");
  EXPECT_EQ(heap.roots.phase[0], 2);
  EXPECT_NE(heap.objects.flags[0] & kOnStack, 0);
  EXPECT_EQ(heap.samples.rows(), 2u);
  EXPECT_EQ(text.series.rows[0].values, (std::vector<double>{1, 2}));
}

TEST(HeapText, MistakesAreSaid) {
  EXPECT_EQ(error_of("objekt a main.T 8"), "line 1: objekt: not a word of this language");
  EXPECT_EQ(error_of("\nobject a main.T 8"), "line 2: no root reaches a[0], and it is not called garbage");
  EXPECT_EQ(error_of("object a main.T 8 garbage"), "no error");
  EXPECT_EQ(error_of("object a main.T"), "line 1: object a: its size is not known, so it must be given");
  EXPECT_EQ(error_of("object a main.T 8 -> b\nglobal main.a *main.T main.go:1 -> a"),
            "line 1: object b is not there");
  EXPECT_EQ(error_of("object a array int 8 garbage -> b\nobject b x 2 int garbage"),
            "line 1: byte 8 of an object of 8: no pointer to b can be there");
  EXPECT_EQ(error_of("counter a b"), "line 1: b: not a number");
  EXPECT_EQ(error_of("fact \"a"), "line 1: a quote does not end");
  EXPECT_EQ(error_of("captures 0 1\nseries heap 1"), "line 2: series heap: 1 values for 2 captures");
  EXPECT_EQ(error_of("object a \"map[int\" 8"), "line 1: map[int: brackets do not close");
}

}  // namespace
}  // namespace memsnap
