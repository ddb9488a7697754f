// Go source as tokens, one at a time, with the semicolons that the language inserts. Says what go/scanner
// says of bad literals; what it says of bytes (NUL, UTF-8, byte order marks) is bytes_check.h.
#pragma once

#include "gosrc/names.h"
#include "gosrc/source_file.h"
#include "gosrc/token.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace memsnap {

class Lexer {
 public:
  // One byte past `text` must be readable and zero, as that of a std::string is. Comments and errors are
  // appended as they are met, none of them by place among the errors of others.
  Lexer(std::string_view text, NameTable& names, std::vector<Comment>& comments,
        std::vector<SyntaxError>& errors);

  void next();  // after the last one kEof, for ever

  // The current token; before the first next() kIllegal.
  ast::Token token() const { return token_; }
  std::uint32_t pos() const { return pos_; }
  std::uint32_t end() const { return end_; }
  NameId name() const { return name_; }         // of a kIdent
  bool is_newline() const { return newline_; }  // a semicolon that stands for the end of a line

  // From `{` to the `}` that closes it, which becomes the current token; kEof when none does. Only strings,
  // runes and comments between are looked at, nothing there is checked and its comments are not kept.
  void skip_block();
  void stop();  // kEof from here on

 private:
  void set(ast::Token token, const char* end, bool ends_statement) {
    token_ = token;
    at_ = end;
    semicolon_ = ends_statement;
  }
  bool comment();
  void semicolon(const char* at);
  void identifier();
  void word(const char* end, NameId name);
  void wide_character();
  void number();
  void text_literal();
  void raw_string();
  void rune();
  void punctuation();
  bool escape(char quote);
  const char* digits(const char* p, int base, const char*& invalid, int& seen);
  void exponent(char prefix, int& seen);
  void check_separators(const char* from);
  void error(const char* at, std::string what);

  const char *begin_, *limit_, *at_;
  NameCache names_;
  std::vector<Comment>& comments_;
  std::vector<SyntaxError>& errors_;
  bool semicolon_ = false;  // a newline here is a semicolon
  bool newline_ = false;
  ast::Token token_ = ast::Token::kIllegal;
  std::uint32_t pos_ = 0, end_ = 0;
  NameId name_{};
};

// Where the next token begins at or behind `from`: past blanks, lines and comments.
std::uint32_t next_token(std::string_view text, std::uint32_t from);

}  // namespace memsnap
