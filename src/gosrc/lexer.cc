#include "gosrc/lexer.h"

#include "gosrc/bytes_check.h"

#include <fmt/core.h>
#include <nmmintrin.h>

#include <array>
#include <cstring>

namespace memsnap {

using ast::Token;

namespace {

enum Class : std::uint8_t { kLetter = 1, kDecimal = 2, kBlankByte = 4, kStringStop = 8, kBlockStop = 16 };

constexpr std::array<std::uint8_t, 256> kClass = [] {
  std::array<std::uint8_t, 256> table{};
  auto mark = [&](std::string_view bytes, std::uint8_t bit) {
    for (char c : bytes) table[std::uint8_t(c)] |= bit;
  };
  mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kLetter);
  mark("0123456789", kDecimal);
  mark(" \t\r", kBlankByte);
  mark(std::string_view("\"\\\n\0", 4), kStringStop);
  mark(std::string_view("{}\"'`/\0", 7), kBlockStop);
  return table;
}();

// What a token, or what is none, begins with.
enum class Start : std::uint8_t {
  kOther,
  kBlank,
  kNewline,
  kLetter,
  kDigit,
  kPeriod,
  kQuote,
  kBackquote,
  kTick,
  kSlash,
  kZero,
  kWide,
};

constexpr std::array<Start, 256> kStarts = [] {
  std::array<Start, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) {
    if (c >= 0x80)
      table[c] = Start::kWide;
    else if (kClass[c] & kBlankByte)
      table[c] = Start::kBlank;
    else if (kClass[c] & kLetter)
      table[c] = Start::kLetter;
    else if (kClass[c] & kDecimal)
      table[c] = Start::kDigit;
  }
  table['\n'] = Start::kNewline;
  table['.'] = Start::kPeriod;
  table['"'] = Start::kQuote;
  table['`'] = Start::kBackquote;
  table['\''] = Start::kTick;
  table['/'] = Start::kSlash;
  table[0] = Start::kZero;
  return table;
}();

bool is(char c, std::uint8_t classes) { return kClass[std::uint8_t(c)] & classes; }

}  // namespace

std::uint32_t next_token(std::string_view text, std::uint32_t from) {
  std::size_t at = from;
  for (;;) {
    while (at < text.size() && (is(text[at], kBlankByte) || text[at] == '\n')) ++at;
    bool line = text.substr(at).starts_with("//");
    if (!line && !text.substr(at).starts_with("/*")) return std::uint32_t(at);
    std::size_t end = line ? text.find('\n', at) : text.find("*/", at + 2);
    if (end == std::string_view::npos) return std::uint32_t(text.size());
    at = end + (line ? 1 : 2);
  }
}

Lexer::Lexer(std::string_view text, NameTable& names, std::vector<Comment>& comments,
             std::vector<SyntaxError>& errors)
    : begin_(text.data()),
      limit_(text.data() + text.size()),
      at_(begin_),
      names_(names),
      comments_(comments),
      errors_(errors) {
  if (text.starts_with("\xef\xbb\xbf")) at_ += 3;
}

void Lexer::error(const char* at, std::string what) {
  if (errors_.size() < SourceFile::kMaxErrors)
    errors_.push_back({std::uint32_t(at - begin_), std::move(what)});
}

void Lexer::next() {
  for (;;) {
    const char* start = at_;
    switch (kStarts[std::uint8_t(*at_)]) {
      case Start::kBlank:
        do ++at_;
        while (is(*at_, kBlankByte));
        continue;
      case Start::kNewline:
        ++at_;
        if (semicolon_) return semicolon(start);
        continue;
      case Start::kSlash:
        if (at_[1] == '/' || at_[1] == '*') {
          if (comment()) return;
          continue;
        }
        punctuation();
        break;
      case Start::kZero:
        if (at_ == limit_ && semicolon_) return semicolon(at_);
        punctuation();
        break;
      case Start::kPeriod:
        if (is(at_[1], kDecimal))
          number();
        else
          punctuation();
        break;
      case Start::kLetter: identifier(); break;
      case Start::kDigit: number(); break;
      case Start::kQuote: text_literal(); break;
      case Start::kBackquote: raw_string(); break;
      case Start::kTick: rune(); break;
      case Start::kWide: wide_character(); break;
      case Start::kOther: punctuation(); break;
    }
    pos_ = std::uint32_t(start - begin_);
    end_ = std::uint32_t(at_ - begin_);
    return;
  }
}

void Lexer::stop() {
  at_ = limit_;
  semicolon_ = false;
  token_ = Token::kEof;
  pos_ = end_ = std::uint32_t(at_ - begin_);
}

void Lexer::semicolon(const char* at) {
  token_ = Token::kSemicolon;
  newline_ = true;
  semicolon_ = false;
  pos_ = end_ = std::uint32_t(at - begin_);
}

// True when a newline in the comment is a semicolon.
bool Lexer::comment() {
  const char* start = at_;
  std::size_t left = std::size_t(limit_ - at_);
  if (at_[1] == '/') {
    const void* end = std::memchr(at_, '\n', left);
    at_ = end ? static_cast<const char*>(end) : limit_;
  } else {
    std::size_t close = std::string_view(at_, left).find("*/", 2);
    if (close == std::string_view::npos) error(at_, "comment not terminated");
    at_ = close == std::string_view::npos ? limit_ : at_ + close + 2;
  }
  comments_.push_back({std::uint32_t(start - begin_), std::uint32_t(at_ - begin_)});
  if (!semicolon_ || start[1] == '/') return false;
  const void* line = std::memchr(start, '\n', std::size_t(at_ - start));
  if (line) semicolon(static_cast<const char*>(line));
  return line;
}

void Lexer::identifier() {
  const char* p = at_;
  if (limit_ - p >= std::ptrdiff_t(NameCache::kReadable)) {
    // Most are short and ASCII: the bytes that belong to them are found at once.
    const __m128i ranges = _mm_setr_epi8('a', 'z', 'A', 'Z', '0', '9', '_', '_', 0, 0, 0, 0, 0, 0, 0, 0);
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    constexpr int kFirstOutside = _SIDD_UBYTE_OPS | _SIDD_CMP_RANGES | _SIDD_NEGATIVE_POLARITY;
    unsigned size = unsigned(_mm_cmpistri(ranges, bytes, kFirstOutside));
    if (size < NameCache::kReadable && std::uint8_t(p[size]) < 0x80)
      return word(p + size, names_.intern(p, size));
  }
  while (is(*p, kLetter | kDecimal)) ++p;
  while (std::uint8_t(*p) >= 0x80) {
    Rune rune = decode_rune({p, std::size_t(limit_ - p)});
    if (!is_letter(rune.value) && !is_digit(rune.value)) break;
    p += rune.bytes;
    while (is(*p, kLetter | kDecimal)) ++p;
  }
  word(p, names_.names().intern({at_, std::size_t(p - at_)}));
}

// An identifier or keyword that ends there.
void Lexer::word(const char* end, NameId name) {
  name_ = name;
  std::uint32_t keyword = std::uint32_t(name) - 1;
  if (keyword >= std::uint32_t(ast::kKeywords)) return set(Token::kIdent, end, true);
  Token token = Token(int(Token::kBreak) + int(keyword));
  bool ends = token == Token::kBreak || token == Token::kContinue || token == Token::kFallthrough ||
              token == Token::kReturn;
  set(token, end, ends);
}

// A letter beyond ASCII, or no token at all.
void Lexer::wide_character() {
  Rune rune = decode_rune({at_, std::size_t(limit_ - at_)});
  if (is_letter(rune.value)) return identifier();
  if (rune.value == 0x201c || rune.value == 0x201d)
    error(at_, fmt::format("curly quotation mark {} (use neutral \")", std::string_view(at_, 3)));
  else if (rune.value != 0xfeff)  // which check_bytes has told of
    error(at_, fmt::format("illegal character U+{:04X}", std::uint32_t(rune.value)));
  set(Token::kIllegal, at_ + rune.bytes, semicolon_);
}

void Lexer::text_literal() {
  const char* start = at_++;
  for (;;) {
    while (!is(*at_, kStringStop)) ++at_;
    if (*at_ == '\\') {
      ++at_;
      escape('"');
    } else if (*at_ == '"') {
      return set(Token::kString, at_ + 1, true);
    } else if (*at_ == '\n' || at_ == limit_) {
      error(start, "string literal not terminated");
      return set(Token::kString, at_, true);
    } else {
      ++at_;  // NUL
    }
  }
}

void Lexer::raw_string() {
  const void* end = std::memchr(at_ + 1, '`', std::size_t(limit_ - at_ - 1));
  if (!end) error(at_, "raw string literal not terminated");
  set(Token::kString, end ? static_cast<const char*>(end) + 1 : limit_, true);
}

void Lexer::rune() {
  const char* start = at_++;
  bool valid = true;
  int runes = 0;
  for (;; ++runes) {
    if (*at_ == '\n' || at_ == limit_) {
      if (valid) error(start, "rune literal not terminated");
      return set(Token::kChar, at_, true);
    }
    if (*at_ == '\'') break;
    if (*at_ == '\\') {
      ++at_;
      valid &= escape('\'');
    } else {
      at_ += decode_rune({at_, std::size_t(limit_ - at_)}).bytes;
    }
  }
  if (valid && runes != 1) error(start, "illegal rune literal");
  set(Token::kChar, at_ + 1, true);
}

// Behind the backslash. On an error it stops at the character that does not fit.
bool Lexer::escape(char quote) {
  const char* start = at_;
  auto bad = [&](const char* at, std::string what) {
    error(at, at == limit_ ? "escape sequence not terminated" : std::move(what));
    return false;
  };
  int digits = 0;
  unsigned base = 16;
  char32_t most = 0x10ffff;
  switch (char c = *at_) {
    case 'x': digits = 2, most = 255, ++at_; break;
    case 'u': digits = 4, ++at_; break;
    case 'U': digits = 8, ++at_; break;
    default:
      if (c >= '0' && c <= '7') {
        digits = 3, base = 8, most = 255;
      } else if (c == quote || (c && std::strchr("abfnrtv\\", c))) {
        return ++at_, true;
      } else {
        return bad(start, "unknown escape sequence");
      }
  }
  std::uint64_t value = 0;
  for (; digits; --digits, ++at_) {
    char low = char(*at_ | 0x20);
    unsigned digit = is(*at_, kDecimal)         ? unsigned(*at_ - '0')
                     : low >= 'a' && low <= 'f' ? unsigned(low - 'a' + 10)
                                                : 16;
    if (digit >= base) {
      Rune rune = decode_rune({at_, at_ == limit_ ? 1 : std::size_t(limit_ - at_)});
      return bad(at_,
                 fmt::format("illegal character U+{:04X} in escape sequence", std::uint32_t(rune.value)));
    }
    value = value * base + digit;
  }
  if (value > most || (value >= 0xd800 && value < 0xe000))
    return bad(start, "escape sequence is invalid Unicode code point");
  return true;
}

void Lexer::skip_block() {
  int open = 1;  // the `{` that is the current token
  semicolon_ = false;
  while (open > 0) {
    while (!is(*at_, kBlockStop)) ++at_;
    std::size_t kept = comments_.size(), told = errors_.size();
    switch (*at_) {
      case '{': ++open, ++at_; break;
      case '}': --open, ++at_; break;
      case '"': text_literal(); break;
      case '\'': rune(); break;
      case '`': raw_string(); break;
      case '/':
        if (at_[1] == '/' || at_[1] == '*')
          comment();
        else
          ++at_;
        break;
      default:
        if (at_ == limit_) return stop();
        ++at_;
    }
    comments_.resize(kept);
    errors_.resize(told);
    semicolon_ = false;
  }
  set(Token::kRbrace, at_, true);
  end_ = std::uint32_t(at_ - begin_);
  pos_ = end_ - 1;
}

namespace {

struct Operator {
  std::string_view text;
  Token token;
};

// By first character, longer ones first.
constexpr Operator kOperators[] = {
    {"+=", Token::kAddAssign}, {"++", Token::kInc},
    {"+", Token::kAdd},        {"-=", Token::kSubAssign},
    {"--", Token::kDec},       {"-", Token::kSub},
    {"*=", Token::kMulAssign}, {"*", Token::kMul},
    {"/=", Token::kQuoAssign}, {"/", Token::kQuo},
    {"%=", Token::kRemAssign}, {"%", Token::kRem},
    {"^=", Token::kXorAssign}, {"^", Token::kXor},
    {"<-", Token::kArrow},     {"<<=", Token::kShlAssign},
    {"<<", Token::kShl},       {"<=", Token::kLeq},
    {"<", Token::kLss},        {">>=", Token::kShrAssign},
    {">>", Token::kShr},       {">=", Token::kGeq},
    {">", Token::kGtr},        {"==", Token::kEql},
    {"=", Token::kAssign},     {"!=", Token::kNeq},
    {"!", Token::kNot},        {"&^=", Token::kAndNotAssign},
    {"&^", Token::kAndNot},    {"&&", Token::kLand},
    {"&=", Token::kAndAssign}, {"&", Token::kAnd},
    {"||", Token::kLor},       {"|=", Token::kOrAssign},
    {"|", Token::kOr},         {":=", Token::kDefine},
    {":", Token::kColon},      {"...", Token::kEllipsis},
    {".", Token::kPeriod},     {",", Token::kComma},
    {";", Token::kSemicolon},  {"(", Token::kLparen},
    {")", Token::kRparen},     {"[", Token::kLbrack},
    {"]", Token::kRbrack},     {"{", Token::kLbrace},
    {"}", Token::kRbrace},     {"~", Token::kTilde},
};

// The first operator of each character.
constexpr std::array<std::uint8_t, 128> kFirst = [] {
  std::array<std::uint8_t, 128> table{};
  for (std::size_t i = std::size(kOperators); i-- > 0;)
    table[std::size_t(kOperators[i].text[0])] = std::uint8_t(i + 1);
  return table;
}();

}  // namespace

void Lexer::punctuation() {
  char c = *at_;
  if (at_ == limit_) return set(Token::kEof, at_, false);
  if (!kFirst[std::uint8_t(c)]) {
    error(at_, fmt::format("illegal character U+{:04X}", unsigned(c)));
    return set(Token::kIllegal, at_ + 1, semicolon_);
  }
  newline_ = false;
  for (const Operator* op = kOperators + kFirst[std::uint8_t(c)] - 1;; ++op) {
    std::string_view text = op->text;
    if (text.size() > 1 && (at_[1] != text[1] || (text.size() > 2 && at_[2] != text[2]))) continue;
    Token t = op->token;
    bool ends = t == Token::kRparen || t == Token::kRbrack || t == Token::kRbrace || t == Token::kInc ||
                t == Token::kDec;
    return set(t, at_ + text.size(), ends);
  }
}

}  // namespace memsnap
