// What trees say of small sources. That the parser takes what go/parser takes, with the same nodes at the
// same places, is tested on the standard library (tools/gosrc.sh).
#include "gosrc/parse.h"
#include "gosrc/comments.h"
#include "gosrc/walk.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

using namespace ast;

NameTable& names() {
  static NameTable table;
  return table;
}

SourceFile parse(const std::string& text, ParseMode mode = ParseMode::kAll) {
  return parse_source("a.go", text, names(), mode);
}

// The first node of that kind in source order.
NodeId first(const SourceFile& file, Kind kind) {
  NodeId found = kNoNode;
  walk(file, file.root(), [&](NodeId n) {
    if (!is_there(found) && file.kind(n) == kind) found = n;
    return !is_there(found);
  });
  return found;
}

// The errors of a file, a line each, without its name.
std::string errors_of(const std::string& text) {
  SourceFile file = parse(text);
  std::string all;
  for (const SyntaxError& e : file.errors()) all += to_text(file, e).substr(5) + "\n";
  return all;
}

std::string in_func(const std::string& body) { return "package p\nfunc f() {\n" + body + "\n}\n"; }

TEST(Parse, GivesTheFieldsOfNodes) {
  SourceFile file = parse(in_func("for k, v := range m[a : b+1] { g(k, v...) }"));
  ASSERT_TRUE(file.errors().empty());
  auto range = file.get<RangeStmt>(first(file, Kind::kRangeStmt));
  EXPECT_EQ(file.text(range.key), "k");
  EXPECT_EQ(file.text(range.value), "v");
  EXPECT_EQ(range.tok, Token::kDefine);
  auto slice = file.get<SliceExpr>(range.x);
  EXPECT_EQ(file.text(slice.x), "m");
  EXPECT_EQ(file.text(slice.high), "b+1");
  EXPECT_FALSE(is_there(slice.max));
  EXPECT_FALSE(slice.slice3);
  auto call = file.get<CallExpr>(first(file, Kind::kCallExpr));
  EXPECT_EQ(call.args.size(), 2u);
  EXPECT_TRUE(call.ellipsis);
  EXPECT_EQ(file.names().text(file.name(call.fun)), "g");
  EXPECT_FALSE(file.as<SliceExpr>(range.key));
}

TEST(Parse, ReadsGenericsOfEveryRelease) {
  SourceFile file = parse(
      "package p\n"
      "type A[P *C] int\n"          // an array of length P*C
      "type B[P *C,] int\n"         // a parameter
      "type D[P *E|~F] struct{}\n"  // a union
      "type G[K comparable, V any] = map[K]V\n"
      "func (r *R[T]) M[U any](x U) U { return new(x) }\n"
      "var v = Pair[int, string]{1, \"\"}\n");
  ASSERT_TRUE(file.errors().empty()) << to_text(file, file.errors()[0]);
  auto spec = [&](std::size_t i) { return file.get<TypeSpec>(file.get<GenDecl>(file.decls()[i]).specs[0]); };
  EXPECT_EQ(file.kind(spec(0).type), Kind::kArrayType);
  EXPECT_EQ(file.text(spec(1).type_params), "[P *C,]");
  auto fields = file.get<FieldList>(spec(2).type_params).list;
  EXPECT_EQ(file.text(file.get<Field>(fields[0]).type), "*E|~F");
  EXPECT_TRUE(spec(3).alias);
  auto method = file.get<FuncDecl>(file.decls()[4]);
  EXPECT_TRUE(is_there(file.get<FuncType>(method.type).type_params));
  EXPECT_EQ(file.get<IndexListExpr>(first(file, Kind::kIndexListExpr)).indices.size(), 2u);
}

TEST(Parse, MovesTheArrowIntoTheChannelType) {
  SourceFile file = parse("package p\nvar c = (<-chan<- chan int)(nil)\n");
  auto outer = file.get<ChanType>(first(file, Kind::kChanType));
  EXPECT_EQ(outer.dir, ChanDir::kRecv);
  EXPECT_EQ(file.text(outer.value), "<- chan int");
}

TEST(Parse, TellsCompositeLiteralFromBlock) {
  EXPECT_EQ(errors_of(in_func("if x == (T{}) {}\nfor range T {}\nswitch (T{}) {}")), "");
  EXPECT_EQ(errors_of(in_func("if x := (T{1}); x.a {}")), "");
  EXPECT_NE(errors_of(in_func("if x == T{} {}")), "");
}

TEST(Parse, SaysWhatIsWrongWhere) {
  EXPECT_EQ(errors_of("package p\nfunc f( {}\n"),
            "2:9: expected ')', found '{'\n3:1: expected ')', found 'EOF'\n");
  EXPECT_EQ(errors_of(in_func("x = = 1")), "3:5: expected operand, found '='\n");
  EXPECT_EQ(errors_of("package p\nvar s = \"abc\n"), "2:9: string literal not terminated\n");
  EXPECT_EQ(errors_of("package p\nvar s = '\\q'\n"), "2:11: unknown escape sequence\n");
  EXPECT_EQ(errors_of("package p\nvar s = 0b12\n"), "2:12: invalid digit '2' in binary literal\n");
  EXPECT_EQ(errors_of("package p\nvar s = 1__0\n"), "2:11: '_' must separate successive digits\n");
  EXPECT_EQ(errors_of("package p // \xff\n"), "1:14: illegal UTF-8 encoding\n");
  EXPECT_EQ(errors_of(std::string("package p // \0\n", 15)), "1:14: illegal character NUL\n");
  EXPECT_EQ(errors_of("package p // \xef\xbb\xbf\n"), "1:14: illegal byte order mark\n");
  EXPECT_EQ(errors_of("hello\n"), "1:1: expected 'package', found hello\n");
  EXPECT_EQ(errors_of(""), "1:1: expected 'package', found 'EOF'\n");
}

TEST(Parse, GoesOnBehindAnError) {
  SourceFile file = parse("package p\nfunc f() { x := }\nfunc g() { y := 1 }\n");
  EXPECT_EQ(file.errors().size(), 1u);
  ASSERT_EQ(file.decls().size(), 2u);
  EXPECT_EQ(file.text(file.get<FuncDecl>(file.decls()[1]).name), "g");
}

TEST(Parse, TakesByteOrderMarkCarriageReturnsAndWideLetters) {
  SourceFile file = parse("\xef\xbb\xbfpackage p\r\nvar größe, ζ = `a\r\nb`, 1\r\n");
  ASSERT_TRUE(file.errors().empty()) << file.errors()[0].what;
  auto spec = file.get<ValueSpec>(file.get<GenDecl>(file.decls()[0]).specs[0]);
  EXPECT_EQ(file.text(spec.names[0]), "größe");
  EXPECT_EQ(file.text(spec.names[1]), "ζ");
  EXPECT_EQ(file.line(2), "var größe, ζ = `a");
}

TEST(Parse, BearsDeepNesting) {
  auto repeat = [](const std::string& s, int n) {
    std::string all;
    for (int i = 0; i < n; ++i) all += s;
    return all;
  };
  constexpr int kDeep = 1'000'000;
  for (const char* open : {"(", "[]", "- ", "*", "func(", "map[", "T{", "x[", "f(", "<-", "struct{a "}) {
    SourceFile file = parse("package p\nvar x = " + repeat(open, kDeep));
    ASSERT_FALSE(file.errors().empty()) << open;
    EXPECT_EQ(file.errors()[0].what, "exceeded max nesting depth") << open;
  }
  EXPECT_EQ(errors_of(in_func(repeat("{", kDeep))), "3:2001: exceeded max nesting depth\n");
  EXPECT_NE(errors_of(in_func(repeat("if x {} else ", kDeep))), "");
  // Chains are no recursion; they may be as long as in go/parser.
  EXPECT_EQ(errors_of("package p\nvar x = 1" + repeat(" + 1", kMaxSpine - 10)), "");
  EXPECT_EQ(errors_of("package p\nvar x = 1" + repeat(" + 1", kDeep)),
            "2:400011: exceeded max nesting depth\n");
}

TEST(Parse, RefusesWhatIsTooLong) {
  std::string text = "package p\n//";
  text.resize(kMaxSource, 'x');
  EXPECT_EQ(errors_of(text), "");
  EXPECT_EQ(errors_of(text + "x"), "1:1: the file has 67108865 bytes, at most 67108864 can be read\n");
}

TEST(Parse, SkipsBodies) {
  const std::string text =
      "package p\n// doc of f\nfunc f() { s := \"}\"; _ = '}'; /* } */ // }\n `}` }\nvar g = func() { ( "
      "}\ntype T int\n";
  SourceFile file = parse(text, ParseMode::kDeclarations);
  ASSERT_TRUE(file.errors().empty()) << to_text(file, file.errors()[0]);
  ASSERT_EQ(file.decls().size(), 3u);
  auto func = file.get<FuncDecl>(file.decls()[0]);
  EXPECT_TRUE(func.has_body);
  EXPECT_FALSE(is_there(func.body));
  EXPECT_EQ(file.text(doc_comments(file, file.decls()[0])[0]), "// doc of f");
  EXPECT_EQ(file.comments().size(), 1u);
  EXPECT_FALSE(parse(text.substr(0, 50), ParseMode::kDeclarations).errors().empty());
}

TEST(Parse, StopsBehindImports) {
  SourceFile file =
      parse("package p\nimport (\n. \"a\"\n_ \"b\"\nc \"d\"\n)\nvar x = (((\n", ParseMode::kImports);
  EXPECT_TRUE(file.errors().empty());
  ASSERT_EQ(file.imports().size(), 3u);
  auto import = file.get<ImportSpec>(file.imports()[0]);
  EXPECT_EQ(file.name(import.name), kDot);
  EXPECT_EQ(file.get<BasicLit>(import.path).value, "\"a\"");
  EXPECT_EQ(file.name(file.get<ImportSpec>(file.imports()[1]).name), kBlank);
}

TEST(Comments, AreFoundByPlace) {
  SourceFile file = parse(
      "// Code generated by x. DO NOT EDIT.\n\n//go:build linux\n\npackage p\n\n// far\n\n// "
      "near\n//memsnap:ignore rule why not\n"
      "type T struct {\n\ta int // guarded by mu\n\tb int\n}\n");
  EXPECT_TRUE(is_generated(file));
  auto doc = doc_comments(file, file.decls()[0]);
  ASSERT_EQ(doc.size(), 2u);
  EXPECT_EQ(comment_text(file, doc[0]), "near");
  EXPECT_EQ(directive(file, doc[1], "memsnap:ignore"), "rule why not");
  EXPECT_EQ(directive(file, doc[0], "memsnap:ignore").data(), nullptr);
  EXPECT_EQ(directive(file, file.comments()[1], "go:build"), "linux");
  auto fields = file.get<FieldList>(file.get<StructType>(first(file, Kind::kStructType)).fields).list;
  ASSERT_EQ(line_comments(file, fields[0]).size(), 1u);
  EXPECT_EQ(comment_text(file, line_comments(file, fields[0])[0]), "guarded by mu");
  EXPECT_TRUE(line_comments(file, fields[1]).empty());
  EXPECT_TRUE(doc_comments(file, fields[1]).empty()) << "what is behind a token documents nothing below";
}

TEST(Walk, FindsTheWayUp) {
  SourceFile file = parse(in_func("go func() { if a := b < (c); a { x += 1 } }()"));
  Parents parents(file);
  NodeId assign = first(file, Kind::kIfStmt);
  EXPECT_EQ(file.kind(parents.function(assign)), Kind::kFuncLit);
  EXPECT_EQ(file.kind(parents.enclosing(file, assign, Kind::kGoStmt)), Kind::kGoStmt);
  EXPECT_FALSE(is_there(parents.of(file.root())));
  NodeId less = first(file, Kind::kBinaryExpr);
  EXPECT_EQ(file.bytes()[operator_pos(file, less)], '<');
  EXPECT_EQ(file.text(unparen(file, file.get<BinaryExpr>(less).y)), "c");
}

}  // namespace
}  // namespace memsnap
