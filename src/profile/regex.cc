#include "profile/regex.h"

#include <re2/re2.h>

#include <algorithm>

namespace memsnap {

struct Regex::Compiled {
  Compiled(const std::string& given, const std::string& rewritten, const RE2::Options& options)
      : text(given), expression(rewritten, options) {}
  std::string text;
  RE2 expression;
};

namespace {

// Go's words (regexp/syntax) for what RE2 found.
const char* go_words(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape: return "invalid escape sequence";
    case RE2::ErrorBadCharClass: return "invalid character class";
    case RE2::ErrorBadCharRange: return "invalid character class range";
    case RE2::ErrorMissingBracket: return "missing closing ]";
    case RE2::ErrorMissingParen: return "missing closing )";
    case RE2::ErrorUnexpectedParen: return "unexpected )";
    case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize: return "invalid repeat count";
    case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8: return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture: return "invalid named capture";
    case RE2::ErrorPatternTooLarge: return "expression too large";
    case RE2::NoError:
    case RE2::ErrorInternal: break;
  }
  return "regexp/syntax: internal error";
}

// Go's syntax where RE2's is another: (?<name>…) is a named group, and \C, a single byte, is refused.
Result<std::string> re2_syntax(std::string_view text) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string_view rest = text.substr(i);
    if (rest.starts_with("\\C"))
      return fail(Cause::usage, "error parsing regexp: invalid escape sequence: `\\C`");
    if (rest.starts_with("\\Q")) {
      std::size_t end = std::min(rest.find("\\E"), rest.size());
      out += rest.substr(0, end);
      i += end - 1;
    } else if (rest[0] == '\\') {
      out += rest.substr(0, 2);
      ++i;
    } else if (!in_class && rest.starts_with("(?<")) {
      out += "(?P<";
      i += 2;
    } else {
      if (rest[0] == '[' && !in_class && rest.substr(1).starts_with(']'))
        out += rest[0], ++i, in_class = true;
      else if (rest[0] == '[' || rest[0] == ']')
        in_class = rest[0] == '[';
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Regex::Regex(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_unique<Compiled>(text, TRY(re2_syntax(text)), options);
  const RE2& expression = compiled->expression;
  if (!expression.ok()) {
    // Where RE2 names the rest behind an open parenthesis, Go names the whole expression.
    bool whole = expression.error_code() == RE2::ErrorMissingParen ||
                 expression.error_code() == RE2::ErrorUnexpectedParen;
    return fail(Cause::usage, "error parsing regexp: {}: `{}`", go_words(expression.error_code()),
                whole ? text : expression.error_arg());
  }
  return Regex(std::move(compiled));
}

bool Regex::matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->expression);
}

std::vector<std::string_view> Regex::groups(std::string_view text) const {
  std::vector<re2::StringPiece> pieces(std::size_t(compiled_->expression.NumberOfCapturingGroups()) + 1);
  re2::StringPiece input(text.data(), text.size());
  if (!compiled_->expression.Match(input, 0, input.size(), RE2::UNANCHORED, pieces.data(),
                                   int(pieces.size())))
    return {};
  std::vector<std::string_view> groups;
  for (std::size_t i = 1; i < pieces.size(); ++i) groups.emplace_back(pieces[i].data(), pieces[i].size());
  return groups;
}

const std::string& Regex::text() const { return compiled_->text; }

}  // namespace memsnap
