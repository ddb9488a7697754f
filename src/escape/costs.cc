#include "escape/costs.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::size_t kMostOnLine = 256;  // escapes of one line that are told apart

std::uint64_t line_key(std::string_view file, std::uint32_t line) {
  return std::hash<std::string_view>{}(base_of(file)) * 0x9e37'79b9'7f4a'7c15 ^ line;
}

// Without what stands in brackets and without the path: b.(*T).M of github.com/a/b.(*T[int]).M
std::string plain_function(std::string_view name) {
  std::string plain;
  int depth = 0;
  for (char c : name) {
    if (c == '[') ++depth;
    if (depth == 0) plain += c;
    if (depth == 0 && c == '/') plain.clear();
    if (c == ']' && depth > 0) --depth;
  }
  return plain;
}

// What stays of a value's name when its function is inlined or made for other type arguments: the variables
// in it may get other names, and types are those of the instance.
std::string shape_of(std::string_view name) {
  constexpr std::string_view kShape = "go.shape.";
  std::size_t generic = name.find(kShape);
  if (generic != name.npos) {
    std::string_view end = name.substr(name.find_last_of("{(", name.size()));
    return std::string(name.substr(0, generic)) + std::string(kShape) + std::string(end.substr(0, 1));
  }
  if (name.starts_with("make("))
    return std::string(name.substr(0, std::min(name.find(", "), name.find(')'))));
  if (name.starts_with("append")) return "append";
  return std::string(name);
}

// github.com/a/b/x.go of github.com/a/b@v1.2.3/x.go
std::string without_versions(std::string_view path) {
  std::string plain;
  bool in_version = false;
  for (char c : path) {
    if (c == '@') in_version = true;
    if (c == '/') in_version = false;
    if (!in_version) plain += c;
  }
  return plain;
}

class Matcher {
 public:
  Matcher(const EscapeGraph& graph, const AllocSites& sites)
      : graph_(graph), log_(graph.log()), sites_(sites) {
    for (std::uint32_t row = 0; row < log_.escapes.size(); ++row) {
      const LoggedEscape& one = log_.escapes[row];
      by_line_.emplace(line_key(log_.text(one.at.file), one.at.line), row);
    }
    for (const LoggedInlining& one : log_.inlinings)
      inlined_lines_.emplace(line_key(log_.text(one.at.file), one.at.line), one);
    for (const LoggedStay& one : log_.stays)
      stays_.emplace(line_key(log_.text(one.at.file), one.at.line), one);
  }

  std::vector<std::uint32_t> escapes_of(const AllocSite& site, StringId& function) const;
  StringId local_at(const OtherLine& line) const;

 private:
  const AllocFrame& frame(const AllocSite& site, std::uint32_t i) const {
    return sites_.frames[site.first_frame + i];
  }
  std::vector<std::uint32_t> at_frame(const AllocFrame& frame) const;
  bool is_inlined_at(const AllocFrame& outer, const AllocFrame& inner) const;
  bool has_call(std::uint32_t escape, const AllocFrame& inner) const;
  void keep_kind(std::vector<std::uint32_t>& escapes, AllocKind kind) const;
  void keep_named_as_inside(std::vector<std::uint32_t>& escapes, const AllocFrame& leaf) const;
  void keep_one_instance(std::vector<std::uint32_t>& escapes) const;

  const EscapeGraph& graph_;
  const EscapeLog& log_;
  const AllocSites& sites_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> by_line_;
  std::unordered_multimap<std::uint64_t, LoggedInlining> inlined_lines_;
  std::unordered_multimap<std::uint64_t, LoggedStay> stays_;
};

std::vector<std::uint32_t> Matcher::at_frame(const AllocFrame& frame) const {
  std::vector<std::uint32_t> found;
  std::string_view file = sites_.text(frame.file), function = sites_.text(frame.function);
  auto [from, to] = by_line_.equal_range(line_key(file, frame.line));
  for (auto at = from; at != to; ++at) {
    const LoggedEscape& one = log_.escapes[at->second];
    if (one.at.line != frame.line || !is_same_file(file, log_.text(one.at.file), log_.text(one.package)))
      continue;
    if (graph_.knows_functions()) {
      StringId inside = graph_.function_of(at->second);
      if (inside != StringId{} && !is_same_function(function, log_.text(inside))) continue;
    }
    found.push_back(at->second);
    if (found.size() == kMostOnLine) break;
  }
  std::ranges::sort(found);
  return found;
}

StringId Matcher::local_at(const OtherLine& line) const {
  std::string_view file = sites_.text(line.file);
  auto [from, to] = stays_.equal_range(line_key(file, line.line));
  for (auto at = from; at != to; ++at)
    if (at->second.at.line == line.line && is_same_file(file, log_.text(at->second.at.file), {}))
      return at->second.name;
  return {};
}

bool Matcher::is_inlined_at(const AllocFrame& outer, const AllocFrame& inner) const {
  std::string_view file = sites_.text(outer.file);
  // Of JSON, which has no names of calls, the escapes there say through which lines they were inlined.
  auto [first, last] = by_line_.equal_range(line_key(file, outer.line));
  for (auto at = first; at != last; ++at) {
    const LoggedEscape& one = log_.escapes[at->second];
    if (one.inlined > 0 && one.at.line == outer.line && is_same_file(file, log_.text(one.at.file), {}) &&
        has_call(at->second, inner))
      return true;
  }
  auto [from, to] = inlined_lines_.equal_range(line_key(file, outer.line));
  return std::any_of(from, to, [&](const auto& entry) {
    const LoggedInlining& one = entry.second;
    return one.at.line == outer.line && is_same_file(file, log_.text(one.at.file), {}) &&
           is_same_function(sites_.text(inner.function), log_.text(one.callee));
  });
}

bool Matcher::has_call(std::uint32_t escape, const AllocFrame& inner) const {
  const LoggedEscape& one = log_.escapes[escape];
  for (std::uint32_t i = 0; i < one.inlined; ++i) {
    const LogPlace& at = log_.inlined_places[one.first_inlined + i];
    if (at.line == inner.line && is_same_file(sites_.text(inner.file), log_.text(at.file), {})) return true;
  }
  for (const LoggedInlining& call : graph_.inlinings_at(one.at))
    if (is_same_function(sites_.text(inner.function), log_.text(call.callee))) return true;
  return false;
}

void Matcher::keep_kind(std::vector<std::uint32_t>& escapes, AllocKind kind) const {
  if (kind == AllocKind::kUnknown || kind == AllocKind::kOther) return;
  std::vector<std::uint32_t> fitting;
  for (std::uint32_t row : escapes)
    if (may_allocate(log_.text(log_.escapes[row].name), log_.escapes[row].is_moved, kind))
      fitting.push_back(row);
  escapes = std::move(fitting);
}

// All values of a function that was inlined stand at the line of the call. What is on the line of the
// function itself, which was compiled for its own sake too, says which of them is meant.
void Matcher::keep_named_as_inside(std::vector<std::uint32_t>& escapes, const AllocFrame& leaf) const {
  if (escapes.size() < 2) return;
  std::vector<std::string> names;
  for (std::uint32_t row : at_frame(leaf)) names.push_back(shape_of(log_.text(log_.escapes[row].name)));
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row : escapes)
    if (std::ranges::find(names, shape_of(log_.text(log_.escapes[row].name))) != names.end())
      kept.push_back(row);
  if (!kept.empty()) escapes = std::move(kept);
}

// Instances of generic code are one line of source, and one candidate.
void Matcher::keep_one_instance(std::vector<std::uint32_t>& escapes) const {
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row : escapes) {
    const LoggedEscape& one = log_.escapes[row];
    bool is_known = std::ranges::any_of(kept, [&](std::uint32_t other) {
      const LoggedEscape& first = log_.escapes[other];
      return first.at == one.at && shape_of(log_.text(first.name)) == shape_of(log_.text(one.name));
    });
    if (!is_known) kept.push_back(row);
  }
  escapes = std::move(kept);
}

// From the leaf outwards as long as calls were inlined: the outermost line of these is where the log has the
// value.
std::vector<std::uint32_t> Matcher::escapes_of(const AllocSite& site, StringId& function) const {
  std::vector<std::uint32_t> best = at_frame(frame(site, 0));
  function = frame(site, 0).function;
  // Values of inlined code stand at the call and are none of this frame's; what the call gives, put into an
  // interface, is.
  std::erase_if(best, [&](std::uint32_t row) {
    const LoggedEscape& one = log_.escapes[row];
    bool is_of_call = one.inlined > 0 || !graph_.inlinings_at(one.at).empty();
    return is_of_call && !is_result(log_.text(one.name));
  });
  for (std::uint32_t i = 1; i < site.frames; ++i) {
    const AllocFrame &inner = frame(site, i - 1), &outer = frame(site, i);
    bool is_inlined = sites_.knows_inlining ? inner.is_inlined : is_inlined_at(outer, inner);
    if (!is_inlined) break;
    std::vector<std::uint32_t> there = at_frame(outer);
    bool some_called = std::ranges::any_of(there, [&](std::uint32_t row) { return has_call(row, inner); });
    // Only where the log has no word of calls is the line enough.
    if (some_called) std::erase_if(there, [&](std::uint32_t row) { return !has_call(row, inner); });
    if (there.empty() || (!some_called && !best.empty())) continue;
    keep_named_as_inside(there, frame(site, 0));
    best = std::move(there);
    function = outer.function;
  }
  std::erase_if(best, [&](std::uint32_t row) { return is_static_value(log_.text(log_.escapes[row].name)); });
  keep_kind(best, site.kind);
  keep_one_instance(best);
  return best;
}

void add(AllocValues& sum, const AllocValues& more) {
  sum.live.add(more.live);
  sum.all.add(more.all);
  sum.live_objects += more.live_objects;
  sum.all_objects += more.all_objects;
}

}  // namespace

bool is_same_function(std::string_view profile, std::string_view log) {
  std::string p = plain_function(profile), l = plain_function(log);
  if (p == l) return true;
  std::size_t dot = p.find('.');
  if (dot == p.npos) return false;
  std::string_view tail = std::string_view(p).substr(dot + 1);
  if (l == tail) return true;
  // With the package's name before it, which need not be the end of its path.
  std::string_view rest = l;
  if (!rest.ends_with(tail) || rest.size() <= tail.size() + 1) return false;
  std::string_view package = rest.substr(0, rest.size() - tail.size());
  return package.ends_with('.') && package.find_first_of("(.") == package.size() - 1;
}

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool ends_in(std::string_view path, std::string_view end) {
  if (end.empty() || !path.ends_with(end)) return false;
  return path.size() == end.size() || path[path.size() - end.size() - 1] == '/';
}

bool is_same_file(std::string_view profile, std::string_view log, std::string_view package) {
  if (profile == log) return true;
  while (log.starts_with("./") || log.starts_with("../")) log.remove_prefix(log.find('/') + 1);
  if (base_of(profile) != base_of(log)) return false;
  if (ends_in(profile, log) || ends_in(log, profile)) return true;
  std::string p = without_versions(profile), l = without_versions(log);
  if (ends_in(p, l) || ends_in(l, p)) return true;
  return !package.empty() && p == std::string(package) + "/" + std::string(base_of(log));
}

bool is_static_value(std::string_view name) {
  if (name.empty() || name.find(" + ") != name.npos) return false;
  if (name == "true" || name == "false" || (name[0] >= '0' && name[0] <= '9')) return true;
  if (name[0] == '"') return true;
  bool is_plain =
      name[0] != '&' && name[0] != '[' && !name.starts_with("map[") && !name.starts_with("go.shape.[]");
  if (name.ends_with("{}")) return is_plain;
  return is_plain && name.ends_with("\")") && name.find("(\"") != name.npos &&
         std::ranges::count(name, '"') == 2 && !name.starts_with("(") &&
         name.find_first_of(" {") == name.npos;
}

bool may_allocate(std::string_view name, bool is_variable, AllocKind kind) {
  bool is_make_slice = name.starts_with("make([]"),
       is_map = name.starts_with("make(map") || name.starts_with("map[");
  bool is_chan = name.starts_with("make(chan"), is_append = name.starts_with("append");
  // make(Labels): of a type whose name does not say what it is.
  bool is_made = name.starts_with("make(") && !is_make_slice && !is_map && !is_chan;
  bool is_object = is_variable || name.starts_with('&') || name.starts_with("new(") ||
                   name == "func literal" || name.starts_with("[]");  // a literal is an array
  bool is_value = !is_object && !is_make_slice && !is_map && !is_chan && !is_append;
  switch (kind) {
    case AllocKind::kObject: return !is_append && !is_map && !is_chan && !is_make_slice;
    case AllocKind::kSlice: return is_make_slice || is_append || is_made;
    case AllocKind::kGrowth: return is_append;
    case AllocKind::kMap: return is_map || is_made;
    case AllocKind::kChannel: return is_chan || is_made;
    case AllocKind::kInterface:
    case AllocKind::kString: return is_value;
    case AllocKind::kUnknown:
    case AllocKind::kOther: return true;
  }
  return true;
}

const char* word(CostOrder order) {
  return order == CostOrder::kLive ? "live" : order == CostOrder::kGrown ? "grown" : "churned";
}

double value_of(const EscapeCost& cost, CostOrder order) {
  return order == CostOrder::kLive ? cost.live() : order == CostOrder::kGrown ? cost.grown() : cost.churned();
}

Interval limits_of(const EscapeCost& cost, CostOrder order) {
  if (order == CostOrder::kLive) return cost.now.live.interval();
  const SampledSum &now = order == CostOrder::kGrown ? cost.now.live : cost.now.all,
                   &before = order == CostOrder::kGrown ? cost.before.live : cost.before.all;
  return before.samples() > 0 ? difference_interval(now, before) : now.interval();
}

EscapeCosts escape_costs(const EscapeGraph& graph, const AllocSites& sites, CostOrder order) {
  EscapeCosts costs;
  Matcher matcher(graph, sites);
  std::map<std::pair<std::vector<std::uint32_t>, AllocKind>, std::size_t> rows;
  EscapeCost elsewhere;
  std::map<std::tuple<StringId, StringId, std::uint32_t>, double> lines;
  for (const AllocSite& site : sites.sites) {
    add(costs.before, site.before);
    add(costs.now, site.now);
    StringId function{};
    std::vector<std::uint32_t> escapes = matcher.escapes_of(site, function);
    if (escapes.empty()) {
      add(elsewhere.before, site.before);
      add(elsewhere.now, site.now);
      const AllocFrame& leaf = sites.frames[site.first_frame];
      EscapeCost one{.before = site.before, .now = site.now};
      lines[{leaf.function, leaf.file, leaf.line}] += value_of(one, order);
      continue;
    }
    auto [found, is_new] = rows.try_emplace({escapes, site.kind}, costs.rows.size());
    if (is_new) costs.rows.push_back({.escapes = escapes, .kind = site.kind, .function = function});
    EscapeCost& row = costs.rows[found->second];
    add(row.before, site.before);
    add(row.now, site.now);
  }
  std::ranges::stable_sort(costs.rows, std::greater{},
                           [&](const EscapeCost& row) { return value_of(row, order); });
  for (const EscapeCost& row : costs.rows) costs.here += value_of(row, order);
  costs.elsewhere = value_of(elsewhere, order);
  for (const auto& [at, bytes] : lines)
    costs.other_lines.push_back(
        {.function = std::get<0>(at), .file = std::get<1>(at), .line = std::get<2>(at), .bytes = bytes});
  for (OtherLine& line : costs.other_lines) line.local = matcher.local_at(line);
  std::ranges::stable_sort(costs.other_lines, std::greater{}, &OtherLine::bytes);
  return costs;
}

}  // namespace memsnap
