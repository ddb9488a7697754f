#include "gomod/constraint.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace memsnap {
namespace {

using namespace std::string_view_literals;

// internal/syslist
constexpr std::array kKnownOs = {"aix"sv,    "android"sv, "darwin"sv,  "dragonfly"sv, "freebsd"sv,
                                 "hurd"sv,   "illumos"sv, "ios"sv,     "js"sv,        "linux"sv,
                                 "nacl"sv,   "netbsd"sv,  "openbsd"sv, "plan9"sv,     "solaris"sv,
                                 "wasip1"sv, "windows"sv, "zos"sv};
constexpr std::array kUnixOs = {"aix"sv,     "android"sv, "darwin"sv,  "dragonfly"sv,
                                "freebsd"sv, "hurd"sv,    "illumos"sv, "ios"sv,
                                "linux"sv,   "netbsd"sv,  "openbsd"sv, "solaris"sv};
constexpr std::array kKnownArch = {"386"sv,    "amd64"sv,    "amd64p32"sv,  "arm"sv,         "armbe"sv,
                                   "arm64"sv,  "arm64be"sv,  "loong64"sv,   "mips"sv,        "mipsle"sv,
                                   "mips64"sv, "mips64le"sv, "mips64p32"sv, "mips64p32le"sv, "ppc"sv,
                                   "ppc64"sv,  "ppc64le"sv,  "riscv"sv,     "riscv64"sv,     "s390"sv,
                                   "s390x"sv,  "sparc"sv,    "sparc64"sv,   "wasm"sv};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != std::ranges::end(list);
}

bool is_tag_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// A //go:build expression. Depth is bounded: nobody nests a hundred parentheses.
class Expression {
 public:
  Expression(const BuildContext& context, std::string_view text) : context_(context), rest_(text) {}

  HeaderFacts evaluate() {
    Value value = either(0);
    skip_blanks();
    if (bad_ || !rest_.empty()) return {.builds = false, .go = {}};
    return {.builds = value.holds, .go = value.least};
  }

 private:
  static constexpr int kMostDepth = 100;
  struct Value {
    bool holds = false;
    GoVersion least;  // go/build/constraint.GoVersion
  };

  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }
  bool take(std::string_view mark) {
    skip_blanks();
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  Value either(int depth) {
    Value value = both(depth);
    while (!bad_ && take("||")) {
      Value other = both(depth);
      value = {value.holds || other.holds, std::min(value.least, other.least)};
    }
    return value;
  }
  Value both(int depth) {
    Value value = one(depth);
    while (!bad_ && take("&&")) {
      Value other = one(depth);
      value = {value.holds && other.holds, std::max(value.least, other.least)};
    }
    return value;
  }
  Value one(int depth) {
    if (depth > kMostDepth) return bad_ = true, Value{};
    if (take("!")) return {!one(depth + 1).holds, {}};
    if (take("(")) {
      Value value = either(depth + 1);
      if (!take(")")) bad_ = true;
      return value;
    }
    skip_blanks();
    std::size_t n = 0;
    while (n < rest_.size() && is_tag_letter(rest_[n])) ++n;
    if (n == 0) return bad_ = true, Value{};
    std::string_view tag = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return {tag_matches(context_, tag), tag.starts_with("go1.") ? parse_go_version(tag) : GoVersion{}};
  }

  const BuildContext& context_;
  std::string_view rest_;
  bool bad_ = false;
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// One `// +build a,!b c` line: blanks are or, commas are and.
bool plus_build_holds(const BuildContext& context, std::string_view words) {
  bool any = false;
  for (words = trim(words); !words.empty(); words = trim(words)) {
    std::string_view option = words.substr(0, words.find_first_of(" \t"));
    words.remove_prefix(option.size());
    bool all = true;
    for (std::string_view rest = option; !rest.empty();) {
      std::string_view term = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), term.size() + 1));
      bool negated = term.starts_with('!');
      if (negated) term.remove_prefix(1);
      all = all && !term.empty() && tag_matches(context, term) != negated;
    }
    any = any || all;
  }
  return any;
}

// What stands before the package clause.
struct Header {
  std::string_view go_build;  // the expression
  std::vector<std::string_view> plus_build;
};

// Gives what follows the comment that `text` begins with; all of it when the comment does not end.
std::string_view after_block_comment(std::string_view text) {
  std::size_t end = text.find("*/", 2);
  return end == std::string_view::npos ? std::string_view{} : text.substr(end + 2);
}

Header split_header(std::string_view source) {
  Header header;
  std::vector<std::string_view> pending;  // +build lines that a blank line has not yet confirmed
  if (source.starts_with("\xef\xbb\xbf")) source.remove_prefix(3);
  while (!source.empty()) {
    std::size_t end = source.find('\n');
    std::string_view raw = source.substr(0, end), line = trim(raw);
    std::string_view next = end == std::string_view::npos ? std::string_view{} : source.substr(end + 1);
    if (line.empty()) {
      header.plus_build.insert(header.plus_build.end(), pending.begin(), pending.end());
      pending.clear();
    } else if (line.starts_with("//")) {
      if (line.starts_with("//go:build") && (line.size() == 10 || line[10] == ' ' || line[10] == '\t') &&
          header.go_build.empty())
        header.go_build = trim(line.substr(10));
      std::string_view words = trim(line.substr(2));
      if (words.starts_with("+build") && (words.size() == 6 || words[6] == ' ' || words[6] == '\t'))
        pending.push_back(words.substr(6));
    } else if (line.starts_with("/*")) {
      next = after_block_comment(source.substr(std::size_t(line.data() - source.data())));
    } else {
      break;
    }
    source = next;
  }
  return header;
}

}  // namespace

bool tag_matches(const BuildContext& context, std::string_view tag) {
  if (tag == "cgo") return context.cgo;
  if (tag == context.goos || tag == context.goarch || tag == "gc") return true;
  if (context.goos == "android" && tag == "linux") return true;
  if (context.goos == "illumos" && tag == "solaris") return true;
  if (context.goos == "ios" && tag == "darwin") return true;
  if (tag == "unix" && holds(kUnixOs, context.goos)) return true;
  if (tag == "boringcrypto") tag = "goexperiment.boringcrypto";
  if (tag.starts_with("go1.")) {
    int minor = 0;
    const char* end = tag.data() + tag.size();
    auto [stop, error] = std::from_chars(tag.data() + 4, end, minor);
    if (error == std::errc() && stop == end && minor >= 1 && minor <= context.release) return true;
  }
  return holds(context.tags, tag);
}

bool file_name_matches(const BuildContext& context, std::string_view name) {
  if (name.starts_with('_') || name.starts_with('.')) return false;
  name = name.substr(0, name.find('.'));
  std::size_t first = name.find('_');
  if (first == std::string_view::npos) return true;
  name.remove_prefix(first);
  auto take_last = [&] {
    std::size_t at = name.rfind('_');
    std::string_view last = at == std::string_view::npos ? std::string_view{} : name.substr(at + 1);
    name = name.substr(0, at == std::string_view::npos ? 0 : at);
    return last;
  };
  std::string_view last = take_last();
  if (last == "test") last = take_last();
  std::string_view before = take_last();
  if (holds(kKnownOs, before) && holds(kKnownArch, last))
    return tag_matches(context, before) && tag_matches(context, last);
  return !(holds(kKnownOs, last) || holds(kKnownArch, last)) || tag_matches(context, last);
}

HeaderFacts read_header(const BuildContext& context, std::string_view source) {
  Header header = split_header(source);
  if (!header.go_build.empty()) return Expression(context, header.go_build).evaluate();
  HeaderFacts facts;
  for (std::string_view line : header.plus_build)
    if (!plus_build_holds(context, line)) facts.builds = false;
  return facts;
}

}  // namespace memsnap
