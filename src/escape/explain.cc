#include "escape/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace memsnap {
namespace {

constexpr std::size_t kMostJoined = 6;  // explanations behind one another

// Ways to a value that say nothing of why it has to live on.
bool is_access(std::string_view reason) {
  static constexpr std::array<std::string_view, 10> kAccess = {
      "spill",       "reference",       "dot",         "dot of pointer",
      "indirection", "slice",           "range-deref", "fixed-array-index-of",
      "switch case", "array-element-of"};
  return std::ranges::find(kAccess, reason) != kAccess.end();
}

// Functions that format what they are given: of fmt and log, and methods named like theirs.
bool is_formatting(std::string_view callee) {
  static constexpr std::array<std::string_view, 3> kPackages = {"fmt.", "log.", "slog."};
  if (std::ranges::any_of(kPackages, [&](std::string_view one) { return callee.starts_with(one); }))
    return true;
  std::string_view name = callee.substr(callee.rfind('.') + 1);
  static constexpr std::array<std::string_view, 12> kNames = {"Printf", "Println", "Print",   "Errorf",
                                                              "Infof",  "Debugf",  "Warnf",   "Fatalf",
                                                              "Logf",   "Sprintf", "Fprintf", "Panicf"};
  return callee.size() > name.size() && std::ranges::find(kNames, name) != kNames.end();
}

// What stands left of = or :=; "" when the expression is no assignment to one place.
std::string_view assigned_place(std::string_view expression) {
  std::size_t at = std::min(expression.find(" = "), expression.find(" := "));
  if (at == expression.npos) return {};
  std::string_view left = expression.substr(0, at);
  return left.find(", ") == left.npos ? left : std::string_view{};
}

struct Value {
  std::string_view name;
  bool is_variable = false;
  // What the compiler stored away for an interface: the value of x in sink = any(x).
  bool is_boxed() const {
    static constexpr std::array<std::string_view, 8> kMade = {"make(", "append",  "[]",   "map[",
                                                              "([]",   "string(", "func", "go.shape.[]"};
    return !is_pointer() && !is_function() && name.find(" + ") == name.npos &&
           std::ranges::none_of(kMade, [&](std::string_view made) { return name.starts_with(made); });
  }
  bool is_pointer() const { return is_variable || name.starts_with('&') || name.starts_with("new("); }
  bool is_function() const { return name == "func literal" || name.ends_with(" func literal"); }
};

FixClass fix_of_format(std::string_view callee) {
  return callee == "fmt.Errorf" || callee == "fmt.errorf" ? FixClass::kErrorValue : FixClass::kFormatting;
}

FixClass fix_of_call(const Value& value, std::string_view callee) {
  if (is_formatting(callee)) return fix_of_format(callee);
  if (callee == "panic") return FixClass::kPanic;
  if (value.name == "... argument") return FixClass::kVariadic;
  if (value.is_boxed()) return FixClass::kInterface;
  return FixClass::kKeptByCallee;
}

FixClass fix_of_return(const Value& value) {
  if (value.is_function()) return FixClass::kFunctionValue;
  if (value.is_pointer()) return FixClass::kReturnedPointer;
  return value.is_boxed() ? FixClass::kInterface : FixClass::kReturnedMemory;
}

FixClass fix_of_store(const Value& value, std::string_view place) {
  if (value.is_function()) return FixClass::kFunctionValue;
  if (value.is_boxed()) return FixClass::kInterface;
  if (!value.is_pointer()) return FixClass::kStoredMemory;
  if (place.ends_with(']')) return FixClass::kPointerElement;
  return FixClass::kStoredPointer;
}

class Explainer {
 public:
  explicit Explainer(const EscapeGraph& graph) : graph_(graph), log_(graph.log()) {}

  Explanation explain(std::uint32_t chain, bool is_variable) {
    value_ = {log_.text(log_.chains[chain].name), is_variable};
    Explanation why{.is_known = true};
    for (std::size_t joined = 0; chain != EscapeGraph::kNone && joined < kMostJoined; ++joined) {
      if (std::ranges::find(seen_, chain) != seen_.end()) break;
      seen_.push_back(chain);
      take_chain(chain, why);
      chain = next_;
    }
    choose(why);
    shorten(why);
    return why;
  }

 private:
  void take_chain(std::uint32_t row, Explanation& why);
  void take_flow(const Flow& flow, bool is_last, Explanation& why);
  Hop hop_of(const FlowStep& step, std::string_view reason, const Flow& flow);
  Hop hop_of_assignment(const FlowStep& step, const Flow& flow);
  Hop hop_of_call(const FlowStep& step, const Flow& flow);
  std::string_view inlined_callee(const LogPlace& at, std::string_view parameter) const;
  void end_chain(const FlowChain& chain, const Flow& last, Explanation& why);
  void choose(Explanation& why) const;
  static void shorten(Explanation& why);

  const EscapeGraph& graph_;
  const EscapeLog& log_;
  Value value_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t next_ = EscapeGraph::kNone;
  std::string callee_;          // of the last call
  bool has_arguments_ = false;  // it became one of the arguments of a call with ...
};

// The function inlined at a place whose parameter this may be: with the package in front of the name when
// that is another one's. "" when several fit.
std::string_view Explainer::inlined_callee(const LogPlace& at, std::string_view parameter) const {
  std::size_t dot = parameter.find('.');
  std::string_view package = dot == parameter.npos ? std::string_view{} : parameter.substr(0, dot + 1), only;
  for (const LoggedInlining& call : graph_.inlinings_at(at)) {
    std::string_view callee = log_.text(call.callee);
    if (!package.empty() && !callee.starts_with(package)) continue;
    if (!only.empty() && only != callee) return {};
    only = callee;
  }
  return only;
}

Hop Explainer::hop_of_assignment(const FlowStep& step, const Flow& flow) {
  std::string_view to = log_.text(flow.to), place = assigned_place(log_.text(step.expression));
  Hop hop{.at = step.at};
  if (to == "{heap}") {
    hop.what = place.empty() ? "assigned to a place on the heap" : fmt::format("stored in {}", place);
    hop.fix = fix_of_store(value_, place);
  } else if (std::string_view stored = stored_name(to); !stored.empty()) {
    hop.what = fmt::format("stored in {}", stored);
  } else if (!is_result(to)) {  // of an inlined call: it goes on from there
    std::string_view name = to.substr(to.rfind('.') + 1);
    bool is_temporary = to == "{temp}" || to.find(".autotmp_") != to.npos;
    std::string_view callee;
    if (!is_temporary && log_.text(step.reason) == "assign-pair") callee = inlined_callee(step.at, to);
    hop.what = is_temporary     ? "assigned to a temporary"
               : callee.empty() ? fmt::format("assigned to {}", name)
                                : fmt::format("passed to {} as {}", callee, name);
    hop.minor = callee.empty();
    if (is_formatting(callee)) hop.fix = fix_of_format(callee);
  }
  return hop;
}

Hop Explainer::hop_of_call(const FlowStep& step, const Flow& flow) {
  std::string_view callee = callee_of(log_.text(step.expression));
  bool is_heap = log_.text(flow.to) == "{heap}";
  if (callee == "append")
    return {.what = "appended to a slice",
            .at = step.at,
            .fix = is_heap ? fix_of_store(value_, "[]") : FixClass::kNone,
            .minor = !is_heap};
  if (callee.empty() && !is_heap) return {};  // of unsafe: the same memory under another name
  callee_ = callee.empty() ? std::string("a function") : std::string(callee);
  Hop hop{.what = fmt::format("passed to {}", callee_), .at = step.at};
  // A name like Errf, and arguments collected for it: it formats what it is given.
  bool formats = has_arguments_ && value_.name != "... argument" && callee.ends_with('f');
  if (is_heap) hop.fix = formats ? fix_of_format(callee) : fix_of_call(value_, callee);
  return hop;
}

Hop Explainer::hop_of(const FlowStep& step, std::string_view reason, const Flow& flow) {
  std::string_view to = log_.text(flow.to);
  if (reason == "address-of") return {.what = "its address is taken", .at = step.at, .minor = true};
  if (reason.starts_with("assign")) return hop_of_assignment(step, flow);
  if (reason == "call parameter") return hop_of_call(step, flow);
  if (reason == "return") return {.what = "returned", .at = step.at, .fix = fix_of_return(value_)};
  if (reason == "interface-converted")
    return {.what = "converted to an interface", .at = step.at, .fix = FixClass::kInterface};
  if (reason == "captured by a closure")
    return {.what = "captured by a function literal", .at = step.at, .fix = FixClass::kCapturedVariable};
  if (reason == "slice-literal-element" && stored_name(to) == "... argument") {
    has_arguments_ = true;
    return {.what = "made one of the arguments", .at = step.at, .minor = true};
  }
  if (reason == "struct literal element") {
    std::string_view stored = stored_name(to);
    return {.what = stored.empty() ? std::string("made a field of a struct")
                                   : fmt::format("made a field of {}", stored),
            .at = step.at,
            .minor = true};
  }
  if (reason == "slice-literal-element" || reason == "array literal element")
    return {.what = "made an element of a literal", .at = step.at, .fix = fix_of_store(value_, "]")};
  if (reason == "map literal value")
    return {.what = "made a value of a map", .at = step.at, .fix = fix_of_store(value_, "]")};
  if (reason == "map literal key" || reason == "key of map put")
    return {.what = "made a key of a map", .at = step.at, .fix = FixClass::kMapKey};
  if (reason == "send") return {.what = "sent on a channel", .at = step.at, .fix = FixClass::kChannel};
  if (reason == "too large for stack")
    return {.what = "too large for the stack", .at = step.at, .fix = FixClass::kTooLarge};
  if (reason == "non-constant size")
    return {.what = "of a size that is not constant", .at = step.at, .fix = FixClass::kSize};
  if (reason == "appendee slice" || reason == "copied slice")
    return {.what = "appended to a slice or copied", .at = step.at, .minor = true};
  return {.what = std::string(reason), .at = step.at};  // a reason of a newer compiler, in its words
}

void Explainer::take_flow(const Flow& flow, bool is_last, Explanation& why) {
  std::size_t before = why.hops.size();
  for (std::uint32_t i = 0; i < flow.steps; ++i) {
    const FlowStep& step = log_.steps[flow.first_step + i];
    std::string_view reason = log_.text(step.reason);
    if (is_access(reason)) continue;
    Hop hop = hop_of(step, reason, flow);
    if (hop.what.empty()) continue;  // the result of an inlined call
    // Not at the end the result of an inlined call is handed on, which nobody can change there.
    if (reason == "return" && !is_last) hop.minor = true, hop.fix = FixClass::kNone;
    bool again = !why.hops.empty() && why.hops.back().what == hop.what;
    if (!again || hop.what.starts_with("passed to")) why.hops.push_back(std::move(hop));
  }
  if (!callee_.empty()) why.callee = callee_;
  // A function literal of a go statement is stored on the heap without a further word.
  if (why.hops.size() == before && is_last && log_.text(flow.to) == "{heap}" && value_.is_function() &&
      flow.steps > 0)
    why.hops.push_back({.what = "started by a go statement or deferred in a loop",
                        .at = log_.steps[flow.first_step].at,
                        .fix = FixClass::kGoroutine});
}

void Explainer::take_chain(std::uint32_t row, Explanation& why) {
  const FlowChain& chain = log_.chains[row];
  callee_.clear();
  has_arguments_ = false;
  for (std::uint32_t i = 0; i < chain.flows; ++i)
    take_flow(log_.flows[chain.first_flow + i], i + 1 == chain.flows, why);
  next_ = graph_.chain_behind(row);
  if (chain.flows > 0) end_chain(chain, log_.flows[chain.first_flow + chain.flows - 1], why);
}

// What the end of a chain adds to its steps: what the callee does with the value, or that a variable lives
// longer.
void Explainer::end_chain(const FlowChain& chain, const Flow& last, Explanation& why) {
  std::string_view sink = log_.text(last.to);
  if (sink == "{heap}" && !callee_.empty()) {
    next_ = graph_.leak_of(chain.package, callee_);
    return;
  }
  bool is_variable = !sink.starts_with('{') && !is_result(sink);
  bool returned = !why.hops.empty() && why.hops.back().what == "returned";
  if (!is_variable || returned || next_ != EscapeGraph::kNone || why.hops.empty()) return;
  why.hops.back().ending = ", which lives longer (a result with a name, or declared outside of the loop)";
  why.hops.back().minor = false;
  if (why.hops.back().fix == FixClass::kNone) why.hops.back().fix = FixClass::kOuterVariable;
}

// An error is one whatever happens to it on its way.
bool is_error(std::string_view name) {
  return name.starts_with("&errors.") || name.starts_with("&fmt.wrapError") || name.starts_with("errors.");
}

// A formatting call has its interface conversions; what is to be changed is the call.
void Explainer::choose(Explanation& why) const {
  for (std::size_t i = 0; i < why.hops.size(); ++i) {
    if (why.hops[i].fix == FixClass::kNone) continue;
    why.avoidable = i;
    why.fix = why.hops[i].fix;
    break;
  }
  if (is_error(value_.name) && why.fix != FixClass::kNone) why.fix = FixClass::kErrorValue;
  if (why.fix != FixClass::kInterface) return;
  for (std::size_t i = 0; i < why.hops.size(); ++i) {
    FixClass fix = why.hops[i].fix;
    if (fix != FixClass::kFormatting && fix != FixClass::kErrorValue && fix != FixClass::kPanic) continue;
    why.avoidable = i;
    why.fix = fix;
    return;
  }
}

// Hops that say least go first, from the middle: never the first, the last and the avoidable one.
void Explainer::shorten(Explanation& why) {
  for (bool only_minor : {true, false})
    for (std::size_t i = 1; why.hops.size() > kMostHops && i + 1 < why.hops.size();) {
      if (i == why.avoidable || (only_minor && !why.hops[i].minor)) {
        ++i;
        continue;
      }
      why.hops.erase(why.hops.begin() + std::ptrdiff_t(i));
      ++why.left_out;
      if (why.avoidable != ~std::size_t(0) && why.avoidable > i) --why.avoidable;
    }
}

}  // namespace

Explanation explain(const EscapeGraph& graph, std::size_t escape) {
  // Of several explanations of one value the one that goes on longest says most.
  Explanation best;
  const LoggedEscape& one = graph.log().escapes[escape];
  for (std::uint32_t chain : graph.chains_of(escape)) {
    Explanation why = Explainer(graph).explain(chain, one.is_moved);
    bool better =
        !best.is_known || (best.fix == FixClass::kNone && why.fix != FixClass::kNone) ||
        ((best.fix != FixClass::kNone) == (why.fix != FixClass::kNone) && why.hops.size() > best.hops.size());
    if (better) best = std::move(why);
  }
  return best;
}

std::string shown_name(const EscapeGraph& graph, std::size_t escape) {
  const LoggedEscape& one = graph.log().escapes[escape];
  std::string_view name = graph.log().text(one.name);
  auto calls = graph.inlinings_at(one.at);
  if (name.empty()) return "a value";
  if (!is_result(name) || calls.empty()) return std::string(name);
  return fmt::format("result of {}", graph.log().text(calls.front().callee));
}

std::string place_words(const EscapeLog& log, const LogPlace& at) {
  std::string_view file = log.text(at.file);
  if (file.starts_with("./")) file.remove_prefix(2);
  if (at.column == 0) return fmt::format("{}:{}", file, at.line);
  return fmt::format("{}:{}:{}", file, at.line, at.column);
}

std::string place_words(const EscapeLog& log, const LogPlace& at, const LogPlace& from) {
  if (at.file != from.file || at.column == 0) return place_words(log, at);
  return fmt::format("{}:{}", at.line, at.column);
}

std::string sentence(const EscapeLog& log, const Explanation& why, const LogPlace& from) {
  std::string text;
  for (std::size_t i = 0; i < why.hops.size(); ++i) {
    bool is_last = i > 0 && i + 1 == why.hops.size();
    if (i > 0) text += is_last ? " and " : ", ";
    if (is_last && why.left_out > 0)
      text += fmt::format("{} {} later ", why.left_out, why.left_out == 1 ? "step" : "steps");
    text += fmt::format("{} at {}{}", why.hops[i].what, place_words(log, why.hops[i].at, from),
                        why.hops[i].ending);
  }
  return text;
}

}  // namespace memsnap
