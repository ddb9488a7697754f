// The tokens of Go, in the order and under the names of go/token.
#pragma once

#include <cstdint>
#include <string_view>

namespace memsnap::ast {

enum class Token : std::uint8_t {
  kIllegal,
  kEof,
  kComment,
  // Literals.
  kIdent,
  kInt,
  kFloat,
  kImag,
  kChar,
  kString,
  // Operators.
  kAdd,     // +
  kSub,     // -
  kMul,     // *
  kQuo,     // /
  kRem,     // %
  kAnd,     // &
  kOr,      // |
  kXor,     // ^
  kShl,     // <<
  kShr,     // >>
  kAndNot,  // &^
  kAddAssign,
  kSubAssign,
  kMulAssign,
  kQuoAssign,
  kRemAssign,
  kAndAssign,
  kOrAssign,
  kXorAssign,
  kShlAssign,
  kShrAssign,
  kAndNotAssign,
  kLand,   // &&
  kLor,    // ||
  kArrow,  // <-
  kInc,    // ++
  kDec,    // --
  kEql,    // ==
  kLss,    // <
  kGtr,    // >
  kAssign,
  kNot,
  kNeq,
  kLeq,
  kGeq,
  kDefine,    // :=
  kEllipsis,  // ...
  kLparen,
  kLbrack,
  kLbrace,
  kComma,
  kPeriod,
  kRparen,
  kRbrack,
  kRbrace,
  kSemicolon,
  kColon,
  kTilde,
  // Keywords, in the order of the alphabet.
  kBreak,
  kCase,
  kChan,
  kConst,
  kContinue,
  kDefault,
  kDefer,
  kElse,
  kFallthrough,
  kFor,
  kFunc,
  kGo,
  kGoto,
  kIf,
  kImport,
  kInterface,
  kMap,
  kPackage,
  kRange,
  kReturn,
  kSelect,
  kStruct,
  kSwitch,
  kType,
  kVar,
};

constexpr int kTokens = int(Token::kVar) + 1;
constexpr int kKeywords = kTokens - int(Token::kBreak);

// As Go writes it: "+=", "func"; for literals and the like the name of their class, "IDENT", "EOF".
std::string_view word(Token token);

constexpr bool is_keyword(Token t) { return t >= Token::kBreak; }
constexpr bool is_literal(Token t) { return t >= Token::kIdent && t <= Token::kString; }
constexpr bool is_op_assign(Token t) { return t >= Token::kAddAssign && t <= Token::kAndNotAssign; }

// The operator of `+=` is `+`; of any token that is no such assignment, the token.
constexpr Token operator_of(Token t) {
  return is_op_assign(t) ? Token(int(t) - int(Token::kAddAssign) + int(Token::kAdd)) : t;
}

// 1 (||) to 5 (*); 0 for what is no binary operator.
constexpr int precedence(Token t) {
  switch (t) {
    case Token::kLor: return 1;
    case Token::kLand: return 2;
    case Token::kEql:
    case Token::kNeq:
    case Token::kLss:
    case Token::kLeq:
    case Token::kGtr:
    case Token::kGeq: return 3;
    case Token::kAdd:
    case Token::kSub:
    case Token::kOr:
    case Token::kXor: return 4;
    case Token::kMul:
    case Token::kQuo:
    case Token::kRem:
    case Token::kShl:
    case Token::kShr:
    case Token::kAnd:
    case Token::kAndNot: return 5;
    default: return 0;
  }
}

}  // namespace memsnap::ast
