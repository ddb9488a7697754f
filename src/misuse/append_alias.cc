// Rule append-alias: two results of append that may lie in one array.
//
// Two appends to one slice, one reachable from the other, both kept under other names; an append in a loop to
// a slice from outside whose result is kept each time; an append to x[:i] kept under another name while x is
// read later, or x belongs to the caller. Silent when the slice has no room behind its length (a literal,
// make with a length, Clip, a third index, s[:cap(s)]), where a check against cap(s) says that the array must
// be a new one, for the idioms that mean to overwrite: append(s[:i], s[j:]...), x[:0], a clear of what is
// behind, and in functions that append to what they are given.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

struct Append {
  NodeId call = ast::kNoNode, base = ast::kNoNode;
  NodeId target = ast::kNoNode;  // left side of the assignment; kNoNode for other places
};

NodeId target_of(const Code& code, NodeId call) {
  for (const Code::Write& write : code.writes())
    if (is_there(write.value) && code.inner(write.value) == call) return write.place;
  return ast::kNoNode;
}

bool mentions(const Code& code, NodeId tree, ObjectId object) {
  bool found = false;
  ast::walk(code.source(), tree, [&](NodeId node) {
    if (code.kind(node) == Kind::kIdent && code.object(node) == object) found = true;
    return !found;
  });
  return found;
}

bool assigned_between(const Code& code, ObjectId variable, NodeId from, NodeId to) {
  return std::ranges::any_of(code.writes_of(variable), [&](const Code::Write& one) {
    return code.pos(one.place) > code.pos(from) && code.pos(one.place) < code.pos(to);
  });
}

// if n > cap(s) { append(s[:i], ...) }: there is no room.
bool needs_more_room(const Code& code, NodeId call, NodeId slice) {
  for (NodeId up = code.parent(call); is_there(up) && up != code.function(call); up = code.parent(up)) {
    auto branch = code.as<ast::IfStmt>(up);
    auto test = branch ? code.as<ast::BinaryExpr>(code.inner(branch->cond)) : std::nullopt;
    if (!test || !code.inside(call, branch->body)) continue;
    if (test->op == ast::Token::kGtr && is_cap_of(code, test->y, slice)) return true;
    if (test->op == ast::Token::kLss && is_cap_of(code, test->x, slice)) return true;
  }
  return false;
}

// func appendColon(b []byte) []byte { return append(b[:len(b)-2], ':') }: callers give b away for the result,
// as to append itself.
bool appends_for_caller(const Code& code, NodeId call, ObjectId base) {
  auto decl = code.as<ast::FuncDecl>(code.function(call));
  std::string_view name = decl ? code.text(decl->name) : std::string_view();
  return (name.starts_with("append") || name.starts_with("Append")) && code.about(base).parameter &&
         code.kind(code.outer(call)) == Kind::kReturnStmt;
}

// clear(s[n:])
bool is_cleared(const Code& code, NodeId use) {
  NodeId up = code.outer(use);
  if (code.kind(up) == Kind::kSliceExpr) up = code.outer(up);
  return code.called(up) == Known::kClear;
}

class Search {
 public:
  Search(const Code& code, Report& report) : code_(code), report_(report) {
    for (NodeId call : code.calls(Known::kAppend)) {
      auto one = *code.as<ast::CallExpr>(call);
      if (one.args.size() >= 2) appends_.push_back({call, code.inner(one.args[0]), target_of(code, call)});
    }
  }

  void run() {
    for (std::size_t i = 0; i < appends_.size(); ++i) {
      const Append& one = appends_[i];
      if (code_.kind(one.base) == Kind::kSliceExpr) {
        part(one);
        continue;
      }
      if (code_.kind(one.base) == Kind::kSelectorExpr && !same_target(one)) {
        for (std::size_t j = i; j-- > 0;)
          if (pair_of_fields(appends_[j], one)) break;
        continue;
      }
      if (code_.kind(one.base) != Kind::kIdent || same_target(one)) continue;
      ObjectId base = code_.object(one.base);
      if (!types::is_there(base) || !code_.is_local(base) || has_no_room(code_, one.base)) continue;
      if (in_loop(one, base)) continue;
      for (std::size_t j = i; j-- > 0;)
        if (pair(appends_[j], one, base)) break;
    }
  }

 private:
  bool same_target(const Append& one) const {
    return is_there(one.target) && code_.same(one.target, one.base);
  }

  // The result is kept beyond its statement: by a name that is used later, in a field, in a list, returned.
  bool kept_at(const Append& one, NodeId later) const {
    if (!is_there(one.target)) {
      Out out = sink_of(code_, one.call).out;
      return out != Out::kNowhere && out != Out::kReturned;
    }
    ObjectId variable = code_.object(one.target);
    if (code_.kind(code_.inner(one.target)) != Kind::kIdent) return true;
    if (!types::is_there(variable) || !code_.is_local(variable)) return true;
    if (code_.about(variable).result) return true;
    if (assigned_between(code_, variable, one.call, later)) return false;
    return std::ranges::any_of(code_.uses(variable),
                               [&](NodeId use) { return code_.pos(use) > code_.pos(later); });
  }

  bool pair(const Append& first, const Append& second, ObjectId base) {
    if (code_.kind(first.base) != Kind::kIdent || code_.object(first.base) != base || same_target(first))
      return false;
    if (!code_.reaches(first.call, second.call) || assigned_between(code_, base, first.call, second.call))
      return false;
    if (!kept_at(first, second.call)) return false;
    bool used = is_there(second.target) || sink_of(code_, second.call).out != Out::kNowhere;
    if (!used) return false;
    Diagnostic& found =
        report_.at(code_, second.call,
                   "may overwrite what the append to " + std::string(code_.text(second.base)) +
                       " before it wrote: both may share its array");
    lead(found, code_, first.call, "the first append");
    limit(found, second.base);
    return true;
  }

  bool pair_of_fields(const Append& first, const Append& second) {
    if (code_.kind(first.base) != Kind::kSelectorExpr || !code_.same(first.base, second.base)) return false;
    if (same_target(first) || !code_.reaches(first.call, second.call) || !kept_at(first, second.call))
      return false;
    if (!is_there(second.target) && sink_of(code_, second.call).out == Out::kNowhere) return false;
    bool renewed = std::ranges::any_of(code_.writes(), [&](const Code::Write& one) {
      return code_.pos(one.place) < code_.pos(second.call) && code_.same(one.place, second.base) &&
             code_.function(one.place) == code_.function(second.call);
    });
    if (renewed) return false;
    Diagnostic& found = report_.at(code_, second.call,
                                   "may overwrite what the append to " + code_.shown(second.base) +
                                       " before it wrote: both may share its array");
    lead(found, code_, first.call, "the first append");
    limit(found, second.base);
    return true;
  }

  bool in_loop(const Append& one, ObjectId base) {
    NodeId loop = code_.loop(one.call);
    if (!is_there(loop) || !code_.declared_outside(base, loop)) return false;
    Out out = sink_of(code_, one.call).out;
    if (out != Out::kAppended && out != Out::kSent && out != Out::kElement) return false;
    bool changes = std::ranges::any_of(
        code_.writes_of(base), [&](const Code::Write& write) { return code_.inside(write.place, loop); });
    if (changes || !goes_round(code_, one.call, loop)) return false;
    Diagnostic& found = report_.at(code_, one.call,
                                   "each iteration appends to " + std::string(code_.text(one.base)) +
                                       " and keeps the result: all may share one array");
    relate(found, code_, code_.about(base).ident, "declared outside the loop");
    limit(found, one.base);
    return true;
  }

  // append(x[:i], ...) kept elsewhere.
  void part(const Append& one) {
    auto slice = *code_.as<ast::SliceExpr>(one.base);
    if (slice.slice3 || !is_there(slice.high) || code_.integer(slice.high) == 0) return;
    NodeId name = code_.inner(slice.x);
    ObjectId base = code_.object(name);
    if (code_.kind(name) != Kind::kIdent || !types::is_there(base) || !code_.is_local(base)) return;
    if (!code_.is_slice(name)) return;
    if (is_there(one.target) && code_.same(one.target, name)) return;
    if (appends_for_caller(code_, one.call, base)) return;
    if (is_cap_of(code_, slice.high, name) || needs_more_room(code_, one.call, name)) return;
    auto call = *code_.as<ast::CallExpr>(one.call);
    for (std::size_t i = 1; i < call.args.size(); ++i)
      if (mentions(code_, call.args[i], base)) return;
    NodeId later = ast::kNoNode;
    for (NodeId use : code_.uses(base)) {
      bool behind = code_.pos(use) > code_.source().end(one.call) && code_.reaches(one.call, use);
      How how = behind ? access_of(code_, use).how : How::kOther;
      if (!behind || how == How::kLen || how == How::kCompare || is_cleared(code_, use)) continue;
      if (how == How::kAssign) break;
      later = use;
      break;
    }
    bool parameter = code_.about(base).parameter && sink_of(code_, one.call).out == Out::kReturned;
    if (parameter && !code_.writes_of(base).empty()) parameter = false;
    if (!is_there(later) && !parameter) return;
    Diagnostic& found =
        report_.at(code_, one.call,
                   "overwrites " + std::string(code_.text(name)) + " behind the part that it appends to");
    if (is_there(later))
      relate(found, code_, later, "read here afterwards");
    else
      relate(found, code_, code_.about(base).ident, "the array is the caller's");
  }

  void limit(Diagnostic& found, NodeId base) const {
    std::string name(code_.text(base));
    std::uint32_t end = code_.source().end(base);
    found.edits = {{code_.source().path(), end, end, "[:len(" + name + "):len(" + name + ")]"}};
  }

  const Code& code_;
  Report& report_;
  std::vector<Append> appends_;
};

void file(const FileFacts& facts, Report& report) { Search(facts.code, report).run(); }

}  // namespace

constinit const Rule kAppendAlias{.name = "append-alias", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
