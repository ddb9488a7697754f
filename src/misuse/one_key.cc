#include "misuse/one_key.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;
using ast::Token;

namespace {

constexpr int kMostDeep = 12;  // expressions and statements in each other

std::string in_case(std::string text, bool upper) {
  for (char& c : text)
    if (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = char(c ^ 0x20);
  return text;
}

}  // namespace

OneKey::OneKey(const Code& code, NodeId range) : code_(code) {
  auto one = *code.as<ast::RangeStmt>(range);
  body_ = one.body;
  if (is_there(one.key)) variable_ = code.object(one.key);
}

// Below `case "a":` of a switch over the key, the key is "a".
std::optional<std::string> OneKey::inserted(NodeId index) {
  key_.reset();
  for (NodeId up = code_.parent(index); is_there(up) && up != body_; up = code_.parent(up)) {
    auto clause = code_.as<ast::CaseClause>(up);
    auto choice = clause ? code_.as<ast::SwitchStmt>(code_.parent(code_.parent(up))) : std::nullopt;
    if (!choice || clause->list.size() != 1 || !is_there(choice->tag)) continue;
    if (types::is_there(variable_) && code_.object(code_.inner(choice->tag)) == variable_)
      key_ = text(clause->list[0], 0);
  }
  return text(code_.as<ast::IndexExpr>(index)->index, 0);
}

bool OneKey::does_nothing(std::string key) {
  key_ = std::move(key);
  return is_quiet(body_, 0);
}

std::optional<std::string> OneKey::text(NodeId expr, int depth) const {
  expr = code_.inner(expr);
  if (!is_there(expr) || depth > kMostDeep) return std::nullopt;
  if (auto constant = code_.program().constant_of(code_.file(), expr)) {
    const std::string* text = constant->text();
    return text ? std::optional(*text) : std::nullopt;
  }
  if (code_.kind(expr) == Kind::kIdent) {
    ObjectId object = code_.object(expr);
    if (!types::is_there(object)) return std::nullopt;
    if (object == variable_) return key_;
    return code_.is_local(object) ? text(code_.only_value(object), depth + 1) : std::nullopt;
  }
  if (auto sum = code_.as<ast::BinaryExpr>(expr); sum && sum->op == Token::kAdd) {
    auto x = text(sum->x, depth + 1), y = text(sum->y, depth + 1);
    return x && y ? std::optional(*x + *y) : std::nullopt;
  }
  return code_.kind(expr) == Kind::kCallExpr ? text_of_call(expr, depth) : std::nullopt;
}

std::optional<std::string> OneKey::text_of_call(NodeId call, int depth) const {
  auto one = *code_.as<ast::CallExpr>(call);
  std::string_view name = code_.text(one.fun);
  if (one.args.size() != 1 || (name != "strings.ToLower" && name != "strings.ToUpper")) return std::nullopt;
  auto argument = text(one.args[0], depth + 1);
  bool ascii = argument && std::ranges::all_of(*argument, [](char c) { return (c & 0x80) == 0; });
  return ascii ? std::optional(in_case(*argument, name == "strings.ToUpper")) : std::nullopt;
}

std::optional<bool> OneKey::truth(NodeId cond, int depth) const {
  cond = code_.inner(cond);
  if (!is_there(cond) || depth > kMostDeep) return std::nullopt;
  if (auto unary = code_.as<ast::UnaryExpr>(cond); unary && unary->op == Token::kNot) {
    auto x = truth(unary->x, depth + 1);
    return x ? std::optional(!*x) : std::nullopt;
  }
  if (code_.kind(cond) == Kind::kCallExpr) return truth_of_call(cond, depth);
  auto test = code_.as<ast::BinaryExpr>(cond);
  if (!test) return std::nullopt;
  if (test->op == Token::kLand || test->op == Token::kLor) {
    auto x = truth(test->x, depth + 1), y = truth(test->y, depth + 1);
    bool decides = test->op == Token::kLor;
    if (x == decides || y == decides) return decides;
    return x && y ? std::optional(!decides) : std::nullopt;
  }
  if (test->op != Token::kEql && test->op != Token::kNeq) return std::nullopt;
  auto x = text(test->x, depth + 1), y = text(test->y, depth + 1);
  return x && y ? std::optional((*x == *y) == (test->op == Token::kEql)) : std::nullopt;
}

std::optional<bool> OneKey::truth_of_call(NodeId call, int depth) const {
  auto one = *code_.as<ast::CallExpr>(call);
  if (one.args.size() != 2) return std::nullopt;
  std::string_view name = code_.text(one.fun);
  if (!name.starts_with("strings.")) return std::nullopt;
  auto all = text(one.args[0], depth + 1), part = text(one.args[1], depth + 1);
  if (!all || !part) return std::nullopt;
  if (name == "strings.HasPrefix") return all->starts_with(*part);
  if (name == "strings.HasSuffix") return all->ends_with(*part);
  if (name == "strings.Contains") return all->find(*part) != all->npos;
  return std::nullopt;
}

bool OneKey::are_quiet(ast::NodeList statements, int depth) const {
  return std::ranges::all_of(statements, [&](NodeId one) { return is_quiet(one, depth + 1); });
}

bool OneKey::is_quiet(NodeId statement, int depth) const {
  if (depth > kMostDeep) return false;
  if (auto block = code_.as<ast::BlockStmt>(statement)) return are_quiet(block->list, depth);
  if (auto branch = code_.as<ast::BranchStmt>(statement)) return branch->tok == Token::kContinue;
  if (auto assign = code_.as<ast::AssignStmt>(statement))
    return assign->tok == Token::kDefine && assign->rhs.size() == 1 &&
           text(assign->rhs[0], depth).has_value();
  if (auto check = code_.as<ast::IfStmt>(statement)) {
    auto holds = is_there(check->init) ? std::nullopt : truth(check->cond, depth);
    if (!holds) return false;
    if (*holds) return is_quiet(check->body, depth + 1);
    return !is_there(check->else_) || is_quiet(check->else_, depth + 1);
  }
  return code_.kind(statement) == Kind::kSwitchStmt && is_quiet_switch(statement, depth);
}

// The text is in no case, and there is no default.
bool OneKey::is_quiet_switch(NodeId statement, int depth) const {
  auto choice = *code_.as<ast::SwitchStmt>(statement);
  auto tag = is_there(choice.init) || !is_there(choice.tag) ? std::nullopt : text(choice.tag, depth);
  if (!tag) return false;
  auto clauses = ast::NodeList(code_.as<ast::BlockStmt>(choice.body)->list);
  return std::ranges::all_of(clauses, [&](NodeId one) {
    auto clause = code_.as<ast::CaseClause>(one);
    return clause && clause->list.size() > 0 && std::ranges::all_of(clause->list, [&](NodeId expr) {
             auto other = text(expr, depth);
             return other && *other != *tag;
           });
  });
}

}  // namespace memsnap::misuse
