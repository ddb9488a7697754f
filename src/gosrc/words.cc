// The words of tokens and kinds.
#include "gosrc/ast.h"
#include "gosrc/token.h"

#include <array>

namespace memsnap::ast {

std::string_view word(Token token) {
  static constexpr std::array<std::string_view, kTokens> kWords = {
      "ILLEGAL", "EOF",    "COMMENT", "IDENT",  "INT",      "FLOAT",   "IMAG",      "CHAR", "STRING",  //
      "+",       "-",      "*",       "/",      "%",        "&",       "|",         "^",    "<<",
      ">>",      "&^",  //
      "+=",      "-=",     "*=",      "/=",     "%=",       "&=",      "|=",        "^=",   "<<=",
      ">>=",     "&^=",  //
      "&&",      "||",     "<-",      "++",     "--",       "==",      "<",         ">",    "=",
      "!",       "!=",     "<=",      ">=",     ":=",  //
      "...",     "(",      "[",       "{",      ",",        ".",       ")",         "]",    "}",
      ";",       ":",      "~",  //
      "break",   "case",   "chan",    "const",  "continue", "default", "defer",     "else", "fallthrough",
      "for",     "func",   "go",      "goto",   "if",       "import",  "interface", "map",  "package",
      "range",   "return", "select",  "struct", "switch",   "type",    "var"};
  return kWords[std::size_t(token)];
}

std::string_view word(Kind kind) {
  static constexpr std::array<std::string_view, kKinds> kWords = {
      "None",           "BadExpr",    "Ident",        "Ellipsis",      "BasicLit",       "FuncLit",
      "CompositeLit",   "ParenExpr",  "SelectorExpr", "IndexExpr",     "IndexListExpr",  "SliceExpr",
      "TypeAssertExpr", "CallExpr",   "StarExpr",     "UnaryExpr",     "BinaryExpr",     "KeyValueExpr",
      "ArrayType",      "StructType", "FuncType",     "InterfaceType", "MapType",        "ChanType",
      "BadStmt",        "DeclStmt",   "EmptyStmt",    "LabeledStmt",   "ExprStmt",       "SendStmt",
      "IncDecStmt",     "AssignStmt", "GoStmt",       "DeferStmt",     "ReturnStmt",     "BranchStmt",
      "BlockStmt",      "IfStmt",     "CaseClause",   "SwitchStmt",    "TypeSwitchStmt", "CommClause",
      "SelectStmt",     "ForStmt",    "RangeStmt",    "ImportSpec",    "ValueSpec",      "TypeSpec",
      "BadDecl",        "GenDecl",    "FuncDecl",     "Field",         "FieldList",      "File"};
  return kWords[std::size_t(kind)];
}

}  // namespace memsnap::ast
