#include "driver/line_editor.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

struct Typing {
  LineEditor editor;
  std::string shown;
  Typing() { shown = editor.begin("> ", 40); }
  LineEditor::Event type(std::string_view keys) {
    LineEditor::Event event = LineEditor::Event::kGoesOn;
    for (char key : keys) {
      event = editor.type(static_cast<unsigned char>(key), shown);
      if (event != LineEditor::Event::kGoesOn) break;
    }
    return event;
  }
  std::string line(std::string_view keys) {
    editor.begin("> ", 40);
    EXPECT_EQ(type(std::string(keys) + "\r"), LineEditor::Event::kLine);
    return editor.line();
  }
};

TEST(LineEditor, TakesTextAndEdits) {
  Typing t;
  EXPECT_EQ(t.line("top5"), "top5");
  EXPECT_EQ(t.line("toq\x7fp"), "top");
  EXPECT_EQ(t.line("op\x01t"), "top");
  EXPECT_EQ(t.line("top x\x02\x02\x0b"), "top");
  EXPECT_EQ(t.line("abc\x15top"), "top");
  EXPECT_EQ(t.line("top main\x17x"), "top x");
  EXPECT_EQ(t.line("abc\x15x\x19"), "xabc");
  EXPECT_EQ(t.line("ab\x1b[Dx"), "axb");
  EXPECT_EQ(t.line("ab\x1b[Hx\x1b[Fy"), "xaby");
  EXPECT_EQ(t.line("ab\x1b[D\x1b[3~"), "a");
  EXPECT_EQ(t.line("ab\x1b[D\x04"), "a");
  EXPECT_EQ(t.line("a b\x1b[1;5Dx"), "a xb");
  EXPECT_EQ(t.line("a b\x1b"
                   "bx"),
            "a xb");
  EXPECT_EQ(t.line("a\x1b[99;99;99zb\x07"), "ab");
}

TEST(LineEditor, MovesByCharacters) {
  Typing t;
  EXPECT_EQ(t.line("\u00e9\u20ac\x7f"), "\u00e9");
  EXPECT_EQ(t.line("\u00e9\u20ac\x02\x02x"), "x\u00e9\u20ac");
  EXPECT_EQ(t.line("a\xff\xc3(b"), "ab");  // bytes that are no character
}

TEST(LineEditor, RemembersLines) {
  Typing t;
  t.line("first");
  t.line("second");
  t.line("second");
  EXPECT_EQ(t.line("\x1b[A"), "second");
  EXPECT_EQ(t.line("\x1b[A\x1b[A"), "first");
  EXPECT_EQ(t.line("new\x10\x0e"), "new");
  EXPECT_EQ(t.line("\x10\x10\x10\x10\x10\x10!"), "first!");
}

TEST(LineEditor, CompletesAndEnds) {
  Typing t;
  t.editor.complete = [](const std::string& line) { return line + "grind"; };
  EXPECT_EQ(t.line("call\t x"), "callgrind x");
  t.editor.begin("> ", 40);
  EXPECT_EQ(t.type("\x04"), LineEditor::Event::kEnd);
  t.editor.begin("> ", 40);
  EXPECT_EQ(t.type("abc\x03"), LineEditor::Event::kGoesOn);
  EXPECT_EQ(t.type("\x03"), LineEditor::Event::kEnd);
}

TEST(LineEditor, ShowsOneRow) {
  Typing t;
  EXPECT_EQ(t.shown, "\r> \x1b[K");
  t.shown.clear();
  t.type("a");
  EXPECT_EQ(t.shown, "\r> a\x1b[K");
  t.shown.clear();
  t.type("\x01");
  EXPECT_EQ(t.shown, "\r> a\x1b[K\x1b[1D");
  t.shown.clear();
  t.type(std::string(100, 'x'));
  std::string last = t.shown.substr(t.shown.rfind('\r'));
  EXPECT_LE(last.find('\x1b'), 1 + 40u);
}

}  // namespace
}  // namespace memsnap
