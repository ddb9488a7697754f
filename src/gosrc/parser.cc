#include "gosrc/parser.h"

#include <fmt/core.h>

namespace memsnap {

bool starts_stmt(ast::Token token) {
  using enum ast::Token;
  switch (token) {
    case kBreak:
    case kConst:
    case kContinue:
    case kDefer:
    case kFallthrough:
    case kFor:
    case kGo:
    case kGoto:
    case kIf:
    case kReturn:
    case kSelect:
    case kSwitch:
    case kType:
    case kVar: return true;
    default: return false;
  }
}

bool starts_decl(ast::Token token) {
  using enum ast::Token;
  return token == kImport || token == kConst || token == kType || token == kVar || token == kFunc;
}

bool ends_expr(ast::Token token) {
  using enum ast::Token;
  return token == kComma || token == kColon || token == kSemicolon || token == kRparen || token == kRbrack ||
         token == kRbrace;
}

Parser::Parser(TreeBuilder& tree, NameTable& names, ParseMode mode)
    : tree_(tree), in_(tree.file().bytes(), names, tree.comments(), tree.errors()), mode_(mode) {
  in_.next();
}

void Parser::error(std::uint32_t at, std::string what) {
  if (!stopped_ && tree_.errors().size() < SourceFile::kMaxErrors)
    tree_.errors().push_back({at, std::move(what)});
}

void Parser::error_expected(std::uint32_t at, std::string_view what) {
  std::string text = fmt::format("expected {}", what);
  if (at == pos()) {
    if (tok() == Token::kSemicolon && in_.is_newline()) {
      text += ", found newline";
    } else if (ast::is_literal(tok())) {
      constexpr std::size_t kShown = 60;  // bytes of a literal
      text += ", found ";
      text += tree_.file().bytes().substr(pos(), std::min<std::size_t>(in_.end() - pos(), kShown));
    } else {
      text += fmt::format(", found '{}'", ast::word(tok()));
    }
  }
  error(at, std::move(text));
}

std::uint32_t Parser::expect(Token token) {
  std::uint32_t at = pos();
  if (tok() != token) error_expected(at, fmt::format("'{}'", ast::word(token)));
  next();  // make progress
  return at;
}

void Parser::expect_closing(Token token, std::string_view context) {
  if (tok() != token && tok() == Token::kSemicolon && in_.is_newline()) {
    error(pos(), fmt::format("missing ',' before newline in {}", context));
    next();
  }
  expect(token);
}

void Parser::expect_semi() {
  switch (tok()) {
    case Token::kRparen:
    case Token::kRbrace: return;  // may be left out before these
    case Token::kComma: error_expected(pos(), "';'"); [[fallthrough]];
    case Token::kSemicolon: next(); return;
    default: error_expected(pos(), "';'"); advance(starts_stmt);
  }
}

bool Parser::at_comma(std::string_view context, Token follow) {
  if (tok() == Token::kComma) return true;
  if (tok() == follow) return false;
  bool newline = tok() == Token::kSemicolon && in_.is_newline();
  error(pos(), fmt::format("missing ','{} in {}", newline ? " before newline" : "", context));
  return true;  // as if it were there
}

// Goes to a token that `to` knows. Stays at one place at most ten times, so that no loop of the parser is
// without end when two functions recover there in turn.
void Parser::advance(bool (*to)(Token)) {
  for (; tok() != Token::kEof; next()) {
    if (!to(tok())) continue;
    if (pos() == sync_pos_ && sync_count_ < 10) {
      ++sync_count_;
      return;
    }
    if (pos() > sync_pos_) {
      sync_pos_ = pos();
      sync_count_ = 0;
      return;
    }
  }
}

void Parser::enter(int depth) {
  if (depth > ast::kMaxDepth) too_deep();
}

void Parser::spine(int length) {
  if (length > ast::kMaxSpine) too_deep();
}

void Parser::too_deep() {
  error(pos(), "exceeded max nesting depth");
  stopped_ = true;
  in_.stop();
}

ast::NodeId Parser::parse_file() {
  std::uint32_t from = pos();
  std::size_t decls = tree_.open();
  NodeId name = kNoNode;
  if (tok() != Token::kPackage) {
    // No Go source at all, most likely: one error says more than a hundred.
    error_expected(from, "'package'");
    stopped_ = true;
    in_.stop();
  } else {
    next();
    name = parse_ident();
    expect_semi();
  }
  while (tok() == Token::kImport) tree_.push(parse_gen_decl(Token::kImport));
  if (mode_ != ParseMode::kImports) {
    for (Token last = Token::kImport; tok() != Token::kEof;) {
      if (tok() == Token::kImport && last != Token::kImport)
        error(pos(), "imports must appear before other declarations");
      last = tok();
      tree_.push(parse_decl(starts_decl));
    }
  }
  if (!ast::is_there(name)) name = tree_.add(Kind::kIdent, {from, from}, std::uint32_t(kBlank));
  return tree_.add(Kind::kFile, since(from), std::uint32_t(name), tree_.close(decls));
}

}  // namespace memsnap
