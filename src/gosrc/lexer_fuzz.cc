// Whatever the bytes, tokens and comments lie in the text one behind the other, and there is an end to them.
#include "gosrc/lexer.h"

#include <memory>
#include <string>

namespace {

using namespace memsnap;

// A table a run is slow, one for all runs would grow without end.
NameTable& table() {
  static auto names = std::make_unique<NameTable>();
  if (names->size() > 100'000) names = std::make_unique<NameTable>();
  return *names;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  NameTable& names = table();
  std::vector<Comment> comments;
  std::vector<SyntaxError> errors;
  Lexer in(text, names, comments, errors);
  std::uint32_t last = 0;
  for (std::size_t tokens = 0;; ++tokens) {
    in.next();
    // An inserted semicolon may stand inside a comment, in front of the comment's end.
    if (in.pos() < last || in.end() < in.pos() || in.end() > size || tokens > 2 * size + 2) __builtin_trap();
    last = in.end();
    if (in.token() == ast::Token::kIdent &&
        names.text(in.name()) != text.substr(in.pos(), in.end() - in.pos()))
      __builtin_trap();
    if (in.token() == ast::Token::kEof) break;
  }
  for (std::size_t i = 0; i < comments.size(); ++i) {
    if (comments[i].end > size || comments[i].pos + 2 > comments[i].end) __builtin_trap();
    if (i && comments[i].pos < comments[i - 1].end) __builtin_trap();
  }
  for (const SyntaxError& e : errors)
    if (e.pos > size) __builtin_trap();
  return 0;
}
