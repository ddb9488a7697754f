#include "misuse/taint.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

struct Source {
  std::string_view name, what;
};

constexpr Source kFields[] = {
    {"(net/http.Request).RemoteAddr", "the client's address"},
    {"(net/http.Request).RequestURI", "the request's URI"},
    {"(net/http.Request).Host", "the request's host"},
    {"(net/url.URL).Path", "the path of a URL"},
    {"(net/url.URL).RawQuery", "the query of a URL"},
    {"(net/url.URL).RawPath", "the path of a URL"},
};

constexpr Source kCalls[] = {
    {"net/http.Header.Get", "a header"},
    {"net/textproto.MIMEHeader.Get", "a header"},
    {"net/url.Values.Get", "a query value"},
    {"(*net/http.Request).FormValue", "a form value"},
    {"(*net/http.Request).PostFormValue", "a form value"},
    {"(*net/http.Request).UserAgent", "the user agent"},
    {"(*net/http.Request).Referer", "the referer"},
    {"(*net/url.URL).String", "a URL"},
    {"(*net/url.URL).RequestURI", "the request's URI"},
    {"(*net/url.URL).EscapedPath", "the path of a URL"},
};

// A field's owner in words: (net/http.Request).Host.
std::string field_name(const Code& code, NodeId selector) {
  types::Program& program = code.program();
  auto one = *code.as<ast::SelectorExpr>(selector);
  types::TypeId type = program.deref(code.type(one.x));
  // A URL is the client's when it is a request's; configuration has URLs too.
  if (program.is_named(type, "net/url", "URL")) {
    auto base = code.as<ast::SelectorExpr>(code.inner(one.x));
    if (!base || !program.is_named(program.deref(code.type(base->x)), "net/http", "Request")) return "";
  }
  return "(" + program.string(type) + ")." + std::string(code.text(one.sel));
}

// Of a method of a URL or of query values: that of a request.
bool of_request(const Code& code, NodeId call) {
  types::Program& program = code.program();
  NodeId receiver = code.inner(code.receiver(call));
  std::string name = program.qualified_name(program.callee_of(code.file(), call));
  if (!name.starts_with("(*net/url.URL)")) return true;
  auto base = code.as<ast::SelectorExpr>(receiver);
  return base && program.is_named(program.deref(code.type(base->x)), "net/http", "Request");
}

const Source* find(std::span<const Source> list, std::string_view name) {
  auto found = std::ranges::find(list, name, &Source::name);
  return found == list.end() ? nullptr : &*found;
}

bool has_ending(std::span<const Source> list, std::string_view bare) {
  return std::ranges::any_of(list, [&](const Source& one) {
    return one.name.size() > bare.size() && one.name.ends_with(bare) &&
           one.name[one.name.size() - bare.size() - 1] == '.';
  });
}

}  // namespace

bool from_outside(const Code& code, NodeId expr, std::string& what) {
  for (int hops = 0; hops < 4; ++hops) {
    expr = code.inner(expr);
    const Source* found = nullptr;
    if (auto selector = code.as<ast::SelectorExpr>(expr)) {
      if (has_ending(kFields, code.text(selector->sel))) found = find(kFields, field_name(code, expr));
    } else if (auto call = code.as<ast::CallExpr>(expr)) {
      ObjectId callee = code.program().callee_of(code.file(), expr);
      if (types::is_there(callee) && has_ending(kCalls, code.program().name(callee)) &&
          of_request(code, expr))
        found = find(kCalls, code.program().qualified_name(callee));
      if (code.method_name(expr) == "Error" &&
          code.program().string(code.type(code.receiver(expr))) == "error") {
        what = "the text of an error";
        return true;
      }
      if (!found && call->args.size() == 1 && code.program().is_conversion(code.file(), expr)) {
        expr = call->args[0];
        continue;
      }
      if (!found && code.called(expr) == Known::kCutString && !call->args.empty()) {
        expr = call->args[0];
        continue;
      }
    } else if (code.kind(expr) == Kind::kIdent) {
      NodeId value = code.only_value(code.object(expr));
      if (!is_there(value)) return false;
      expr = value;
      continue;
    } else if (auto binary = code.as<ast::BinaryExpr>(expr); binary && binary->op == ast::Token::kAdd) {
      return from_outside(code, binary->x, what) || from_outside(code, binary->y, what);
    }
    if (!found) return false;
    what = found->what;
    return true;
  }
  return false;
}

bool is_checked_before(const Code& code, NodeId expr) {
  NodeId function = code.function(expr);
  for (NodeId index : code.of(Kind::kIndexExpr)) {
    auto one = *code.as<ast::IndexExpr>(index);
    if (code.pos(index) >= code.pos(expr) || code.function(index) != function) continue;
    if (!code.is_map(one.x) || !code.same(one.index, expr)) continue;
    NodeId statement = code.parent(code.parent(index));  // if _, ok := m[k]; ok, or if m[k]
    if (code.kind(statement) == Kind::kIfStmt || code.kind(code.parent(index)) == Kind::kIfStmt) return true;
  }
  for (NodeId node : code.of(Kind::kSwitchStmt)) {
    auto one = *code.as<ast::SwitchStmt>(node);
    if (is_there(one.tag) && code.inside(expr, one.body) && code.same(one.tag, expr)) return true;
  }
  return false;
}

int parameter_index(const Code& code, NodeId expr) {
  for (int hops = 0; hops < 4; ++hops) {
    expr = code.inner(expr);
    if (code.kind(expr) != Kind::kIdent) return -1;
    ObjectId object = code.object(expr);
    if (!types::is_there(object) || !code.is_local(object)) return -1;
    if (!code.about(object).parameter) {
      NodeId value = code.only_value(object);
      if (!is_there(value)) return -1;
      expr = value;
      continue;
    }
    NodeId function = code.function(expr);
    auto decl = code.as<ast::FuncDecl>(function);
    if (!decl || code.writes_of(object).size() > 0) return -1;
    int index = 0;
    auto type = code.as<ast::FuncType>(decl->type);
    auto fields = code.as<ast::FieldList>(type->params);
    for (NodeId field : fields->list)
      for (NodeId name : ast::NodeList(code.as<ast::Field>(field)->names)) {
        if (code.object(name) == object) return index;
        ++index;
      }
    return -1;
  }
  return -1;
}

}  // namespace memsnap::misuse
