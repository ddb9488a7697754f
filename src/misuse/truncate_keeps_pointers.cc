// Rule truncate-keeps-pointers: a slice with pointers in a field or package variable is shortened, and what
// falls off stays in its array.
//
// A warning for what surely lives long and surely gets shorter, a note for the rest. Silent when the function
// clears or overwrites elements of the slice before, when it fills the slice again behind or takes back its
// own append, for objects that it made itself, and when an element is taken from a free list, whose elements
// are in use. Several slices of one object in one function are one finding.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool clears_before(const Code& code, NodeId place, NodeId at) {
  NodeId function = code.function(at);
  // In a closure that the function calls as well.
  auto before = [&](NodeId node) {
    return code.pos(node) < code.pos(at) && is_there(function) && code.inside(node, function);
  };
  for (Known known : {Known::kClear, Known::kSlicesDelete, Known::kCopy})
    for (NodeId call : code.calls(known)) {
      auto args = ast::NodeList(code.as<ast::CallExpr>(call)->args);
      NodeId first = args.empty() ? ast::kNoNode : code.inner(args[0]);
      if (auto slice = code.as<ast::SliceExpr>(first)) first = slice->x;
      if (before(call) && is_there(first) && code.same(first, place) && known != Known::kCopy) return true;
    }
  return std::ranges::any_of(code.writes(), [&](const Code::Write& write) {
    auto index = code.as<ast::IndexExpr>(code.inner(write.place));
    if (auto selector = code.as<ast::SelectorExpr>(code.inner(write.place)))
      index = code.as<ast::IndexExpr>(code.inner(selector->x));
    if (!index || !before(write.place)) return false;
    if (code.same(index->x, place)) return true;
    // Through a local of the same slice.
    NodeId name = code.inner(index->x);
    NodeId value = code.kind(name) == Kind::kIdent ? code.only_value(code.object(name)) : ast::kNoNode;
    return is_there(value) && code.same(value, place);
  });
}

bool filled_again(const Code& code, NodeId place, NodeId at) {
  NodeId function = code.function(at);
  return std::ranges::any_of(code.calls(Known::kAppend), [&](NodeId call) {
    auto one = *code.as<ast::CallExpr>(call);
    bool behind = code.pos(call) > code.pos(at) && code.function(call) == function;
    return behind && !one.args.empty() && code.same(one.args[0], place) &&
           (one.ellipsis || is_there(code.loop(call)));
  });
}

// The expression is counted from the length of the slice: len(x)-1, last with last := len(x)-1.
bool counts_from_len(const Code& code, NodeId expr, NodeId place) {
  bool counts = false;
  ast::walk(code.source(), expr, [&](NodeId node) {
    NodeId value = code.kind(node) == Kind::kIdent ? code.only_value(code.object(node)) : ast::kNoNode;
    if (is_len_of(code, node, place)) counts = true;
    if (is_there(value) && value != expr)
      ast::walk(code.source(), value,
                [&](NodeId inner) { return !(counts |= is_len_of(code, inner, place)); });
    return !counts;
  });
  return counts;
}

// An order between the length and something else decides whether control comes here.
bool below_check_of_len(const Code& code, NodeId at, NodeId place) {
  for (NodeId up = code.parent(at); is_there(up) && up != code.function(at); up = code.parent(up)) {
    auto branch = code.as<ast::IfStmt>(up);
    auto test = branch ? code.as<ast::BinaryExpr>(code.inner(branch->cond)) : std::nullopt;
    if (!test || !code.inside(at, branch->body)) continue;
    bool order = test->op == ast::Token::kLss || test->op == ast::Token::kGtr ||
                 test->op == ast::Token::kLeq || test->op == ast::Token::kGeq;
    if (order && (counts_from_len(code, test->x, place) || counts_from_len(code, test->y, place)))
      return true;
  }
  return false;
}

// x[:n] below a check against cap(x) makes the slice longer.
bool below_check_of_cap(const Code& code, NodeId at, NodeId place) {
  for (NodeId call : code.calls(Known::kCap))
    if (code.same(code.as<ast::CallExpr>(call)->args[0], place))
      for (NodeId up = code.parent(call); is_there(up); up = code.parent(up))
        if (auto branch = code.as<ast::IfStmt>(up))
          return code.inside(at, up) && code.inside(call, branch->cond);
  return false;
}

bool surely_shorter(const Code& code, const ast::SliceExpr& slice, NodeId place, NodeId at) {
  if (!is_there(slice.high)) return is_there(slice.low);
  return code.integer(slice.high) == 0 || counts_from_len(code, slice.high, place) ||
         below_check_of_len(code, at, place);
}

// x = append(x, e) and, in the same run, x = x[:len(x)-1].
bool takes_back(const Code& code, const ast::SliceExpr& slice, NodeId place, NodeId at) {
  if (is_there(slice.low) || !is_there(slice.high) || !counts_from_len(code, slice.high, place)) return false;
  return std::ranges::any_of(code.calls(Known::kAppend), [&](NodeId call) {
    return code.same(code.as<ast::CallExpr>(call)->args[0], place) && code.loop(call) == code.loop(at) &&
           code.dominates(call, at);
  });
}

// An element is taken from what is kept for reuse: connPool, freeList.
bool is_free_list(const Code& code, const ast::SliceExpr& slice, ObjectId object) {
  std::string_view name = code.program().name(object);
  bool reuse = name.find("pool") != name.npos || name.find("Pool") != name.npos || name.starts_with("free");
  return reuse && !is_there(slice.low) && counts_from_len(code, slice.high, slice.x);
}

// A package variable, or a field of a struct that has a mutex: objects that goroutines share live long. Of
// others nobody knows; they get a note.
bool lives_long(const Code& code, NodeId place, ObjectId object) {
  if (code.is_package_var(object)) return true;
  types::Program& program = code.program();
  auto selector = code.as<ast::SelectorExpr>(place);
  types::TypeId owner = program.deref(code.type(selector->x));
  return std::ranges::any_of(
      program.types().fields(program.underlying(owner)), [&](const types::Field& field) {
        types::TypeId type = program.deref(field.type);
        return program.is_named(type, "sync", "Mutex") || program.is_named(type, "sync", "RWMutex");
      });
}

struct Cut {
  const Code::Write* write = nullptr;
  NodeId place = ast::kNoNode, function = ast::kNoNode;
  ObjectId root = types::kNoObject;
  bool warn = false, empties = false;
};

bool is_cut(const Code& code, const Code::Write& write, Cut& cut) {
  types::Program& program = code.program();
  if (!is_there(write.value) || write.define) return false;
  NodeId place = code.inner(write.place);
  auto slice = code.as<ast::SliceExpr>(code.inner(write.value));
  if (!slice || slice->slice3 || !code.same(slice->x, place) || !code.is_slice(place)) return false;
  ObjectId object = code.object(place);
  if (!types::is_there(object)) return false;
  bool field = code.kind(place) == Kind::kSelectorExpr && !code.is_package_var(object);
  if (!field && !code.is_package_var(object)) return false;
  types::TypeId element = program.types().elem(program.core_type(code.type(place)));
  if (!types::known(element) || !program.has_pointers(element)) return false;
  ObjectId root = code.root(place);
  NodeId made = types::is_there(root) && code.is_local(root) ? code.only_value(root) : ast::kNoNode;
  if (is_there(made) && is_fresh_value(code, made)) return false;
  if (clears_before(code, place, write.place) || filled_again(code, place, write.place)) return false;
  if (auto sum = code.as<ast::BinaryExpr>(code.inner(slice->high)); sum && sum->op == ast::Token::kAdd)
    return false;
  if ((code.integer(slice->high) != 0 && below_check_of_cap(code, write.place, place)) ||
      takes_back(code, *slice, place, write.place))
    return false;
  if (is_free_list(code, *slice, object)) return false;
  cut = {&write, place, code.function(write.place), root};
  cut.warn = !program.is_string(element) && lives_long(code, place, object) &&
             surely_shorter(code, *slice, place, write.place);
  cut.empties = is_there(slice->high) && code.integer(slice->high) == 0 && !is_there(slice->low);
  return true;
}

// clear(x.f) on a line in front.
void offer_clear(const Code& code, const Cut& cut, Diagnostic& found) {
  if (!cut.empties || code.program().language_version(code.file()) < GoVersion{1, 21}) return;
  std::uint32_t at = code.pos(cut.write->statement);
  std::string_view before = code.source().bytes().substr(0, at);
  std::string indent(before.substr(before.rfind('\n') + 1));
  if (indent.find_first_not_of(" \t") != std::string::npos) return;
  found.edits.push_back(
      {code.source().path(), at, at, "clear(" + std::string(code.text(cut.place)) + ")\n" + indent});
}

// x.f = x.f[:0], or [1:], [:n]; not x.f[i:j] of something else.
void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  if (code.is_test()) return;
  std::vector<Cut> cuts;
  for (const Code::Write& write : code.writes())
    if (Cut cut; is_cut(code, write, cut)) cuts.push_back(cut);
  // What is only worth a note does not stand behind a warning.
  std::ranges::stable_sort(cuts, std::greater{}, &Cut::warn);
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const Cut& cut = cuts[i];
    auto beside = [&](const Cut& other) {
      return other.function == cut.function && other.root == cut.root && other.warn == cut.warn;
    };
    if (std::any_of(cuts.begin(), cuts.begin() + std::ptrdiff_t(i), beside)) continue;
    Diagnostic& found =
        report.at(code, cut.write->statement,
                  "what falls off " + code.shown(cut.place) + " stays in its array and is kept alive");
    if (!cut.warn) found.severity = Severity::kLow;
    offer_clear(code, cut, found);
    for (std::size_t j = i + 1; j < cuts.size(); ++j) {
      if (!beside(cuts[j])) continue;
      relate(found, code, cuts[j].write->statement, "and here");
      offer_clear(code, cuts[j], found);
    }
  }
}

}  // namespace

constinit const Rule kTruncateKeepsPointers{
    .name = "truncate-keeps-pointers", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
