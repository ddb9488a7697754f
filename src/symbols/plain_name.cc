#include "symbols/plain_name.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kLongest = 16 << 10;  // the work grows faster than the length

struct Free {
  void operator()(char* text) const { std::free(text); }
};

bool is_word(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A piece of a name. Brackets are one piece with all that is in them.
struct Piece {
  enum Kind { kText, kSpace, kScope, kRound, kAngle, kBraces, kSquare };
  Kind kind = kText;
  std::string_view text;
};

// The end of the bracket that begins at `from`; that of the text when nothing closes it. A '>' of "->" closes
// nothing, and neither does what is in other brackets.
std::size_t bracket_end(std::string_view text, std::size_t from) {
  std::vector<char> open;
  for (std::size_t i = from; i < text.size(); ++i) {
    char c = text[i];
    if (c == '(' || c == '{' || c == '[' || c == '<') open.push_back(c);
    if (c == '>' && (open.back() != '<' || text[i - 1] == '-')) continue;
    if (c != ')' && c != '}' && c != ']' && c != '>') continue;
    open.pop_back();
    if (open.empty()) return i + 1;
  }
  return text.size();
}

// How long the symbol of an operator is that stands behind the word; a type or a word of its own ends where
// the arguments begin.
std::size_t operator_length(std::string_view rest) {
  static constexpr std::array<std::string_view, 20> kSymbols = {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<",
                                                                ">>", "<=", ">=",  "->",  "&&",  "||",  "++",
                                                                "--", "==", "!=",  "<",   ">",   "!"};
  for (std::string_view symbol : kSymbols)
    if (rest.starts_with(symbol)) return symbol.size();
  if (rest.starts_with(" ")) {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] != '(') end = rest[end] == '<' ? bracket_end(rest, end) : end + 1;
    return end;
  }
  std::size_t end = 0;
  while (end < rest.size() && std::string_view("+-*/%^&|~=,").contains(rest[end])) ++end;
  return end;
}

Piece::Kind bracket_kind(char c) {
  switch (c) {
    case '(': return Piece::kRound;
    case '<': return Piece::kAngle;
    case '{': return Piece::kBraces;
    default: return Piece::kSquare;
  }
}

// The next piece of `text` at `from`.
Piece piece_at(std::string_view text, std::size_t from) {
  char c = text[from];
  if (c == ' ') return {Piece::kSpace, text.substr(from, 1)};
  if (text.substr(from).starts_with("::")) return {Piece::kScope, text.substr(from, 2)};
  if (text.substr(from).starts_with("(anonymous namespace)")) return {Piece::kText, text.substr(from, 21)};
  if (c == '(' || c == '<' || c == '{' || c == '[')
    return {bracket_kind(c), text.substr(from, bracket_end(text, from) - from)};
  std::size_t end = from + 1;
  while (end < text.size() && is_word(c) && is_word(text[end])) ++end;
  if (text.substr(from, end - from) == "operator") end += operator_length(text.substr(end));
  return {Piece::kText, text.substr(from, end - from)};
}

std::vector<Piece> split_pieces(std::string_view text) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size(); at += pieces.back().text.size())
    pieces.push_back(piece_at(text, at));
  return pieces;
}

// The words before the name of a thing that the compiler made: "vtable for ".
std::size_t made_prefix(std::string_view full) {
  for (std::string_view words : {" for ", "thunk to "})
    if (std::size_t at = full.find(words); at != full.npos && at < full.find_first_of("(<{"))
      return at + words.size();
  return 0;
}

// Behind arguments: const, volatile, &, a clone. Cuts them, and the arguments themselves.
void cut_arguments(std::vector<Piece>& pieces) {
  auto last = std::ranges::find_if(pieces.rbegin(), pieces.rend(),
                                   [](const Piece& p) { return p.kind == Piece::kRound; });
  if (last == pieces.rend()) return;
  bool enclosing = std::any_of(pieces.rbegin(), last, [](const Piece& p) { return p.kind == Piece::kScope; });
  if (!enclosing) pieces.erase(last.base() - 1, pieces.end());
}

// The result is what stands before the last space outside of brackets. Operators hold their spaces.
void cut_result(std::vector<Piece>& pieces) {
  for (std::size_t i = pieces.size(); i-- > 0;) {
    std::string_view next = i + 1 < pieces.size() ? pieces[i + 1].text : "";
    bool inside =
        next.starts_with('<') || next == "const" || next == "volatile" || next == "&";  // operator<< <int>
    if (pieces[i].kind != Piece::kSpace || inside) continue;
    pieces.erase(pieces.begin(), pieces.begin() + std::ptrdiff_t(i) + 1);
    return;
  }
}

// The arguments of functions that others lie in are left out, their parentheses are not: f()::{lambda()#1}.
void empty_arguments(std::vector<Piece>& pieces) {
  for (Piece& piece : pieces)
    if (piece.kind == Piece::kRound) piece.text = "()";
}

// The same in what stands between < and >, where only functions that others lie in lose their arguments.
std::string with_empty_arguments(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text[at] == '(' ? bracket_end(text, at) : at + 1;
    std::string_view rest = text.substr(end), part = text.substr(at, end - at);
    bool holds = rest.starts_with("::") || rest.starts_with(" const::");
    if (text[at] == '(' && holds && part != "(anonymous namespace)") {
      out += "()";
      at = end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string joined(const std::vector<Piece>& pieces, bool templates) {
  std::string text;
  for (const Piece& piece : pieces) {
    if (!templates && piece.kind == Piece::kAngle) {
      if (text.ends_with(' ')) text.pop_back();
      continue;
    }
    text += piece.kind == Piece::kAngle ? with_empty_arguments(piece.text) : std::string(piece.text);
  }
  return text;
}

}  // namespace

std::string shorten_name(std::string_view full, NameDetail detail) {
  while (full.ends_with(']')) {  // f() [clone .cold]
    std::size_t clone = full.rfind(" [clone ");
    if (clone == full.npos) break;
    full = full.substr(0, clone);
  }
  if (detail == NameDetail::kFull) return std::string(full);
  std::size_t made = made_prefix(full);
  std::vector<Piece> pieces = split_pieces(full.substr(made));
  if (!full.substr(0, made).ends_with("thunk to ")) {
    cut_arguments(pieces);
    empty_arguments(pieces);
    cut_result(pieces);
  }
  return std::string(full.substr(0, made)) + joined(pieces, detail == NameDetail::kTemplates);
}

std::string plain_name(std::string_view linker_name, NameDetail detail) {
  if (!linker_name.starts_with("_Z") || linker_name.size() > kLongest) return "";
  if (std::string rust = rust_name(linker_name); !rust.empty()) return rust;
  int status = 0;
  std::string text(linker_name);
  std::unique_ptr<char, Free> full(abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status));
  return full && status == 0 ? shorten_name(full.get(), detail) : "";
}

}  // namespace memsnap
