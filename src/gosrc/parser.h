// The parser behind parse_source: recursive descent with one token of look-ahead. Its functions are those of
// go/parser under their names, and decide as those do, so that both accept the same files; where go/parser
// changes, so does the function of that name here. One file per chapter: types, expressions, statements,
// declarations.
#pragma once

#include "gosrc/lexer.h"
#include "gosrc/parse.h"
#include "gosrc/tree_builder.h"

#include <string_view>
#include <vector>

namespace memsnap {

class Parser {
 public:
  Parser(TreeBuilder& tree, NameTable& names, ParseMode mode);
  ast::NodeId parse_file();

 private:
  using Kind = ast::Kind;
  using Token = ast::Token;
  using NodeId = ast::NodeId;
  static constexpr NodeId kNoNode = ast::kNoNode;
  using Extent = TreeBuilder::Extent;

  // ---- Tokens (parser.cc)
  Token tok() const { return in_.token(); }
  std::uint32_t pos() const { return in_.pos(); }
  void next() {
    last_end_ = in_.end();
    in_.next();
  }
  bool got(Token token) { return tok() == token ? (next(), true) : false; }
  std::uint32_t expect(Token token);
  void expect_closing(Token token, std::string_view context);
  void expect_semi();
  bool at_comma(std::string_view context, Token follow);
  void advance(bool (*to)(Token));
  void error(std::uint32_t at, std::string what);
  void error_expected(std::uint32_t at, std::string_view what);
  Extent since(std::uint32_t from) const { return {from, last_end_ < from ? from : last_end_}; }
  Extent here() const { return {pos(), pos()}; }
  NodeId bad(Kind kind, std::uint32_t from) { return tree_.add(kind, {from, from < pos() ? pos() : from}); }
  const ast::Node& node(NodeId id) { return tree_.node(id); }
  std::uint32_t token_behind(std::uint32_t at) const { return next_token(tree_.file().bytes(), at); }
  bool is(NodeId id, Kind kind) { return node(id).kind == kind; }

  // Counts how deep the parser is, or how long a chain of operators or selectors it builds.
  class Nest {
   public:
    explicit Nest(Parser& parser) : parser_(parser) { parser_.enter(++parser_.depth_); }
    ~Nest() { --parser_.depth_; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;

   private:
    Parser& parser_;
  };
  friend class Nest;
  void enter(int depth);
  void spine(int length);
  void too_deep();

  // ---- Names and types (parse_types.cc)
  NodeId parse_ident();
  NodeId parse_type();
  NodeId parse_qualified_ident(NodeId ident);
  NodeId parse_type_name(NodeId ident);
  NodeId parse_array_type(std::uint32_t lbrack, NodeId len);
  struct NamedType {
    NodeId name = ast::kNoNode, type = ast::kNoNode;
  };
  NamedType parse_array_field_or_type_instance(NodeId x);
  NodeId parse_field_decl();
  NodeId parse_embedded_field();
  NodeId parse_struct_type();
  NodeId parse_func_type();
  NodeId parse_signature(std::uint32_t from, NodeId type_params);
  NodeId parse_method_spec();
  NodeId parse_method_or_instance(NodeId ident);
  NodeId embedded_elem(NodeId x);
  NodeId embedded_term();
  NodeId parse_interface_type();
  NodeId parse_map_type();
  NodeId parse_chan_type();
  NodeId parse_type_instance(NodeId type);
  NodeId try_ident_or_type();
  NodeId index_expr(NodeId x, std::size_t indices);
  NodeId field(std::size_t names, NodeId type, NodeId tag, Extent where);

  // ---- Parameters (parse_params.cc)
  NamedType parse_param_decl(NodeId name, bool type_sets_ok);
  NamedType parse_named_param(NodeId name, bool type_sets_ok);
  std::uint32_t parse_parameter_list(NamedType first, Token closing, bool variadic_ok);
  void read_parameters(NamedType first, Token closing);
  void distribute_types(std::span<NamedType> params, std::uint32_t start, bool type_params);
  void complain_of_missing(std::uint32_t at, bool no_types, bool type_params, std::size_t count);
  void check_dots(std::span<NamedType> params, bool variadic_ok);
  std::uint32_t param_fields(std::span<const NamedType> params);
  NodeId parse_dots_type();
  NodeId parse_type_parameters();
  NodeId parse_parameters(bool result);

  // ---- Expressions (parse_expr.cc)
  NodeId parse_expr() { return parse_binary_expr(kNoNode, 1); }
  NodeId parse_rhs();
  void parse_expr_list();  // onto the open list
  void parse_list(bool in_rhs);
  NodeId parse_func_type_or_lit();
  NodeId parse_operand();
  NodeId parse_selector_or_assertion(NodeId x);
  NodeId parse_index_or_slice_or_instance(NodeId x);
  NodeId parse_call_or_conversion(NodeId fun);
  NodeId parse_value();
  NodeId parse_element();
  NodeId parse_literal_value(NodeId type, std::uint32_t from);
  bool may_be_literal_type(NodeId x);
  NodeId parse_primary_expr(NodeId x);
  NodeId parse_unary_expr();
  NodeId receive_or_chan_type();
  NodeId parse_binary_expr(NodeId x, int precedence);
  NodeId unparen(NodeId x);

  // ---- Statements (parse_stmt.cc, parse_clauses.cc)
  enum class Simple : std::uint8_t { kBasic, kLabelOk, kRangeOk };
  struct RangeClause {
    bool there = false;
    NodeId key = ast::kNoNode, value = ast::kNoNode, extra = ast::kNoNode;  // extra: one too many
    ast::Token tok = ast::Token::kIllegal;
    NodeId x = ast::kNoNode;
  };
  NodeId parse_simple_stmt(Simple mode, RangeClause* range = nullptr);
  NodeId parse_assignment(std::size_t lhs, std::uint32_t from, RangeClause* range);
  void one_expression(std::size_t list, std::size_t told, std::uint32_t from);
  NodeId parse_labeled(NodeId label, std::uint32_t from, Simple mode);
  NodeId parse_call_stmt(Kind kind, std::string_view word);
  NodeId parse_return_stmt();
  NodeId parse_branch_stmt();
  NodeId make_expr(NodeId stmt, std::string_view want);
  NodeId parse_block();
  bool at_func_decl() const;
  void parse_stmt_list();  // onto the open list
  void parse_if_header(NodeId& init, NodeId& cond);
  NodeId parse_if_stmt();
  std::uint32_t parse_clause_body(std::uint32_t from, Extent& where);
  NodeId parse_case_clause();
  bool is_type_switch_guard(NodeId stmt);
  NodeId parse_switch_stmt();
  NodeId parse_comm();
  NodeId parse_comm_clause();
  NodeId parse_clauses(NodeId (Parser::*clause)());
  NodeId parse_select_stmt();
  NodeId parse_for_stmt();
  NodeId parse_range_body(std::uint32_t from, const RangeClause& range);
  NodeId parse_stmt();
  NodeId parse_other_stmt();

  // ---- Declarations (parse_decl.cc)
  NodeId parse_body();
  NodeId parse_import_spec();
  NodeId parse_value_spec(Token keyword);
  NodeId parse_generic_type(std::uint32_t lbrack, NamedType first, bool& alias, NodeId& params);
  NodeId parse_type_spec();
  NodeId parse_array_or_generic(bool& alias, NodeId& params);
  NamedType extract_name(NodeId x, bool force);
  bool is_type_elem(NodeId x);
  NodeId parse_gen_decl(Token keyword);
  NodeId parse_spec(Token keyword);
  NodeId parse_func_decl();
  NodeId parse_decl(bool (*sync)(Token));

  TreeBuilder& tree_;
  Lexer in_;
  ParseMode mode_;
  std::uint32_t last_end_ = 0;  // of the token before the current one
  int expr_lev_ = 0;            // below 0: in the header of a control clause
  bool in_rhs_ = false;
  int depth_ = 0;
  bool stopped_ = false;
  std::uint32_t sync_pos_ = 0;  // where advance stopped last, and how often without progress
  int sync_count_ = 0;
  std::vector<NamedType> params_;  // a stack, as parameter lists nest
};

// Where recovery goes on.
bool starts_stmt(ast::Token token);
bool starts_decl(ast::Token token);
bool ends_expr(ast::Token token);

}  // namespace memsnap
