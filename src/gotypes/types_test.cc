// Facts of the language, each as a small program: in `x /* T */` the expression before the comment has the
// type T.
#include "gotypes/types.h"

#include "gosrc/comments.h"
#include "gosrc/walk.h"

#include <gtest/gtest.h>

#include <map>

namespace memsnap::types {
namespace {

using ast::NodeId;

std::unique_ptr<Program> program_of(const std::string& text) {
  Program::NamedText file{"p/p.go", text};
  return Program::from_texts({&file, 1}, {.goos = "linux", .goarch = "amd64"});
}

FileId first_file(Program& program) { return program.package(program.asked()[0]).files[0]; }

// The largest expression that ends where the comment's left neighbour ends.
NodeId before(const SourceFile& file, std::uint32_t pos) {
  while (pos > 0 && file.bytes()[pos - 1] == ' ') --pos;
  NodeId found = ast::kNoNode;
  ast::walk(file, file.root(), [&](NodeId n) {
    if (file.end(n) != pos || !ast::is_expr(file.kind(n))) return true;
    if (!ast::is_there(found) || file.pos(n) < file.pos(found)) found = n;
    return true;
  });
  return found;
}

void expect_types(const std::string& text) {
  auto program = program_of(text);
  EXPECT_TRUE(program->problems().empty()) << program->problems()[0];
  program->check(program->asked()[0]);
  FileId id = first_file(*program);
  const SourceFile& file = program->source(id);
  EXPECT_FALSE(file.comments().empty());
  for (const Comment& comment : file.comments()) {
    NodeId node = before(file, comment.pos);
    ASSERT_TRUE(ast::is_there(node)) << file.text(comment);
    EXPECT_EQ(program->string(program->type_of(id, node)), comment_text(file, comment)) << file.text(node);
  }
}

TEST(Types, EmbeddedFieldsAndMethodsArePromoted) {
  expect_types(R"(package p
type A struct { m map[string]int }
func (a *A) Get(k string) (int, bool) { v, ok := a.m /* map[string]int */ [k]; return v /* int */, ok /* bool */ }
type I interface { Len() int }
type B struct { *A; I }
func f(b B) {
	_ = b.m /* map[string]int */
	_ = b.Get /* func(string) (int, bool) */
	_ = b.Len() /* int */
	_ = (*A).Get /* func(*p.A, string) (int, bool) */
	_ = I.Len /* func(p.I) int */
}
)");
}

TEST(Types, UntypedConstantsTakeTheTypeOfTheirPlace) {
  expect_types(R"(package p
type D int64
const c = 1 << 3
func f(d D, u8 uint8, s uint) {
	var x float64 = c /* float64 */
	_ = d * 2 /* p.D */
	_ = x > 1 /* bool */
	_ = u8 << 1 /* uint8 */
	var y int64 = 1 << s /* int64 */
	_ = []any{1 /* int */, 'a' /* int32 */, 2.5 /* float64 */, nil, "s" /* string */}
	_ = y + 1 /* int64 */
	_ = "abc"[1] /* uint8 */
	_ = [len("abc")]int{} /* [3]int */
	_ = [...]string{5: "x", "y"} /* [7]string */
}
)");
}

TEST(Types, ValuesComeInPairs) {
  expect_types(R"(package p
func g() (int, error) { return 0, nil }
func f(m map[string][]int, c chan *int, x any) {
	a, err := g()
	_ = a /* int */
	_ = err /* error */
	v, ok := m["k"]
	_ = v /* []int */
	p, ok := <-c
	_ = p /* *int */
	_ = ok /* bool */
	switch y := x.(type) {
	case string: _ = y /* string */
	case int, bool: _ = y /* any */
	default: _ = y /* any */
	}
	if z, ok := x.(error); ok { _ = z /* error */ } else if z, n := 1, "n"; n != "" { _ = z /* int */ }
}
)");
}

TEST(Types, RangesOverEverything) {
  expect_types(R"(package p
type Seq[K, V any] func(yield func(K, V) bool)
func f(s []string, a *[3]uint8, m map[rune]bool, c <-chan error, q Seq[int8, string], n uint16) {
	for i, x := range s { _ = i /* int */; _ = x /* string */ }
	for i, x := range a { _ = i /* int */; _ = x /* uint8 */ }
	for k, v := range m { _ = k /* int32 */; _ = v /* bool */ }
	for e := range c { _ = e /* error */ }
	for k, v := range q { _ = k /* int8 */; _ = v /* string */ }
	for i := range n { _ = i /* uint16 */ }
	for i := range 10 { _ = i /* int */ }
	for _, r := range "text" { _ = r /* int32 */ }
}
)");
}

TEST(Types, TypeArgumentsAreInferred) {
  expect_types(R"(package p
type Number interface { ~int | ~float64 }
func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }
func Sum[T Number](xs ...T) T { var t T; return t }
func Ptr[T any, P interface{ *T; Set(string) }](p P) T { var t T; return t }
func Id[T any](t T) T { return t }
type Names []string
type V struct{}
func (*V) Set(string) {}
type List[T any] struct { head *T; next *List[T] }
func (l *List[U]) Push(u U) *List[U] { return l.next /* *p.List[U] */ }
func New[T any](t T) *List[T] { return &List[T]{head: &t} }
func f(n Names, v *V) {
	_ = Map(n, func(s string) int { return len(s) }) /* []int */
	_ = Map /* func(p.Names, func(string) float64) []float64 */ (n, func(s string) float64 { return 1 })
	_ = Sum(1, 2.5) /* float64 */
	_ = Ptr(v) /* p.V */
	_ = New("x").Push /* func(string) *p.List[string] */
	_ = New(1).next.head /* *int */
	_ = Map(n, Id) /* []string */
	var g func(bool) bool = Id /* func(bool) bool */
	_ = g
	_ = Map[[]int, int, string] /* func([]int, func(int) string) []string */
}
)");
}

TEST(Types, CoreTypesOfTypeParameters) {
  expect_types(R"(package p
func f[B []byte | string, M ~map[K]V, K comparable, V any, S ~[]V](b B, m M, k K, s S) {
	_ = b[0] /* uint8 */
	_ = b[1:] /* B */
	_ = m[k] /* V */
	_ = append(s, m[k]) /* S */
	for _, v := range s { _ = v /* V */ }
	_ = len(b) /* int */
}
)");
}

TEST(Types, AliasesAreLookedThrough) {
  expect_types(R"(package p
type A = map[string]B
type B = []int
type G[T any] = map[string]T
var a A
var g G[B]
var _ = a["x"] /* []int */
var _ = g /* map[string][]int */
)");
}

TEST(Types, BuiltinsAndNewLanguage) {
  expect_types(R"(package p
type T struct{ n int }
func f(u uint8, c complex64) {
	_ = new(3 + 4) /* *int */
	_ = new(T) /* *p.T */
	_ = min(u, 3) /* uint8 */
	_ = max(1, 2.5, 'a') /* float64 */
	_ = real(c) /* float32 */
	_ = append([]byte(nil), "x"...) /* []uint8 */
	_ = make(map[string]T, 3) /* map[string]p.T */
	_ = copy([]int{}, []int{}) /* int */
	_ = recover() /* any */
}
)");
}

TEST(Types, GenericMethodsAndPromotedKeys) {
  expect_types(R"(package p
type Box[T any] struct { v T }
func (b Box[T]) To[R any](f func(T) R) Box[R] { return Box[R]{f(b.v)} }
type In struct { names []string }
type Out struct { In }
func f(b Box[int]) {
	_ = b.To(func(int) string { return "" }) /* p.Box[string] */
	_ = Out{names: []string{"x"}}.names /* []string */
}
)");
}

TEST(Types, WhatCannotBeKnownIsUnknown) {
  expect_types(R"(package p
import "example.com/gone"
import "C"
var a = gone.Thing() /* invalid type */
var b = C.thing /* invalid type */
var c = a.b.c /* invalid type */
var m map[string]gone.T /* map[string]invalid type */
type T T
var t T
var x = t.y /* invalid type */
var loop = loop2 /* invalid type */
var loop2 = loop /* invalid type */
)");
}

TEST(Types, ProblemsAreNamedOnce) {
  auto program =
      program_of("package p\nimport (\"a.org/x\"; \"a.org/y\")\nvar a, b = x.A, y.B\nvar c = x.C\n");
  program->check(program->asked()[0]);
  EXPECT_EQ(program->problems().size(), 2u);
}

TEST(Types, ConstantsHaveValues) {
  auto program = program_of(
      "package p\nconst ( A = iota * 10; B; C )\nconst S = \"a\\tb\" + `c`\nconst N = len(S)\n"
      "const M = 1<<62 - 1\nconst F = 3 / 2.0\nconst G uint8 = ^uint8(1)\nconst T = 'x' < 'y'\nvar v "
      "[C]int\n");
  PackageId package = program->asked()[0];
  program->check(package);
  std::map<std::string, std::optional<Constant>> by_name;
  for (ObjectId object : program->package_objects(package))
    by_name[std::string(program->name(object))] = program->constant(object);
  EXPECT_EQ(by_name["C"]->integer(), 20);
  EXPECT_EQ(*by_name["S"]->text(), "a\tbc");
  EXPECT_EQ(by_name["N"]->integer(), 4);
  EXPECT_EQ(by_name["M"]->integer(), 0x3fffffffffffffff);
  EXPECT_EQ(std::get<double>(by_name["F"]->value), 1.5);
  EXPECT_EQ(by_name["G"]->integer(), 254);
  EXPECT_TRUE(std::get<bool>(by_name["T"]->value));
  EXPECT_FALSE(by_name["v"].has_value());
}

TEST(Types, NodesLeadToObjects) {
  auto program = program_of(
      "package p\nimport \"sync\"\ntype T struct { mu int; m map[string]int }\n"
      "func (t *T) Set(k string) { t.m[k] = 1; g(t.m) }\nfunc g(m map[string]int) {}\n");
  PackageId package = program->asked()[0];
  program->check(package);
  FileId id = first_file(*program);
  const SourceFile& file = program->source(id);
  int calls = 0, selectors = 0;
  ast::walk(file, file.root(), [&](NodeId n) {
    if (file.kind(n) == ast::Kind::kCallExpr) {
      ++calls;
      EXPECT_EQ(program->qualified_name(program->callee_of(id, n)), "p.g");
    }
    if (file.kind(n) == ast::Kind::kSelectorExpr) {
      ++selectors;
      Selection selection = program->selection_of(id, n);
      EXPECT_EQ(selection.kind, Selection::Kind::kField);
      EXPECT_EQ(program->name(selection.object), "m");
      EXPECT_EQ(selection.path, std::vector<std::uint32_t>{1});
      EXPECT_TRUE(selection.indirect);
    }
    return true;
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(selectors, 2);
  ObjectId set = program->find("p", "T.Set");
  EXPECT_EQ(program->qualified_name(set), "(*p.T).Set");
}

TEST(Types, HostileProgramsEnd) {
  std::string deep = "package p\nvar x = ";
  for (int i = 0; i < 1'500; ++i) deep += "f(";
  deep += "1" + std::string(1'500, ')') + "\nfunc f[T any](t T) T { return t }\n";
  std::string chain = "package p\nvar v0 = 1\n";
  for (int i = 1; i < 20'000; ++i) chain += fmt::format("var v{} = v{}\n", i, i - 1);
  std::string sum = "package p\nvar x = \"a\"";
  for (int i = 0; i < 50'000; ++i) sum += " + \"a\"";
  std::string doubled = "package p\ntype T0[P any] struct { a, b P }\n";
  for (int i = 1; i < 60; ++i)
    doubled += fmt::format("type T{}[P any] = T0[T0[P]]\ntype U{} = struct {{ a, b U{} }}\n", i, i, i - 1);
  doubled += "type U0 = int\nvar x U59\nvar y T0[U59]\n";
  std::string wide = "package p\nfunc f() {\n";
  for (int i = 0; i < 100'000; ++i) wide += fmt::format("v{} := {}; _ = v{}\n", i, i, i / 2);
  wide += "}\ntype S struct {\n";
  for (int i = 0; i < 30'000; ++i) wide += fmt::format("f{} int\n", i);
  wide += "}\nfunc g(s S) {\n";
  for (int i = 0; i < 30'000; ++i) wide += fmt::format("s.f{}++\n", i);
  wide += "}\n";
  for (int i = 0; i < 10'000; ++i) wide += fmt::format("func (s S) m{}() {{ s.m{}() }}\n", i, 9'999 - i);
  std::string twice =
      "package p\nimport \"unsafe\"\ntype S0 struct { i int }\ntype I0 interface { ~int | ~string }\n"
      "type P[A, B any] struct { a A; b B }\ntype Q0[T any] = T\n";
  for (int i = 1; i < 38; ++i) {
    twice += fmt::format("type S{} struct {{ a, b S{} }}\ntype I{} interface {{ I{}; I{} }}\n", i, i - 1, i,
                         i - 1, i - 1);
    twice += fmt::format("type Q{}[T any] = P[Q{}[T], Q{}[T]]\n", i, i - 1, i - 1);
  }
  twice +=
      "var m map[S37]int\nconst N = unsafe.Sizeof(S37{})\nfunc f[T I37](t T) T { return t + 1 }\n"
      "func h[T any](q Q37[T]) T { var t T; return t }\nfunc g(q Q37[int]) { h(q); _ = f(1); _ = S37{} == "
      "S37{} }\n";
  for (const std::string& text :
       {twice, wide, deep, chain, sum, doubled,
        std::string(
            "package p\ntype T[P any] struct { f *T[T[P]]; T2[P] }\ntype T2[P any] struct { *T2[[]P] }\n"
            "func g(t T[int]) { t.f.f.f.f.none() }\n"),
        std::string("package p\ntype A = B\ntype B = A\ntype I interface { J }\ntype J interface { I }\nvar "
                    "i I\nfunc g() { i.m() }\n"),
        std::string("package p\ntype S struct { S }\nvar s S\nfunc g() { s.x() }\nvar a [len(a)]int\ntype P "
                    "*P\nvar p P\nvar _ = *p.x\n")}) {
    auto program = program_of(text);
    for (PackageId package : program->asked()) {
      program->check(package);
      for (ObjectId object : program->package_objects(package)) {
        (void)program->comparable(program->type(object));
        (void)program->has_pointers(program->type(object));
      }
      for (ObjectId object : program->package_objects(package))
        EXPECT_LE(program->string(program->type(object)).size(), 70'000u);
    }
  }
}

}  // namespace
}  // namespace memsnap::types
