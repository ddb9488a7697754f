#include "serve/profile_pages.h"

#include "profile/aggregate.h"
#include "profile/label_units.h"
#include "profile/regex.h"
#include "profile/units.h"
#include "serve/frame_tree.h"
#include "serve/json_text.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <set>

namespace memsnap {
namespace {

constexpr std::size_t kMostRows = 10'000;    // functions of the table
constexpr std::size_t kMostTagValues = 200;  // of one key

void write_head(JsonText& json, const ProfileView& view, const PprofConfig& config) {
  json.member("type", view.type()).member("unit", view.unit());
  json.sides("total", "base_total", view.total());
  json.member("difference", view.difference());
  json.member("ratio", config.divide_by == 0 ? 1.0 : 1 / config.divide_by);
  json.list("remarks", view.remarks(), [](const std::string& remark) { return std::string_view(remark); });
}

// Frames are numbered in the order in which the tree first has them; 0 is the name of the whole.
void write_tree(JsonText& json, const ProfileView& view, const FrameTree& tree) {
  std::vector<std::uint32_t> number(view.frames().size(), 0), used;
  for (const FrameTree::Node& node : tree.nodes)
    if (node.frame != FrameTree::kAll && number[node.frame] == 0) {
      used.push_back(node.frame);
      number[node.frame] = std::uint32_t(used.size());
    }
  json.key("names").open('[').value("all");
  for (std::uint32_t frame : used) json.value(view.frames()[frame].name);
  json.close(']');
  const auto& nodes = tree.nodes;
  json.list("name", nodes, [&](const FrameTree::Node& node) {
    return node.frame == FrameTree::kAll ? 0 : number[node.frame];
  });
  json.list("depth", nodes, [](const FrameTree::Node& node) { return node.depth; });
  json.list("value", nodes, [](const FrameTree::Node& node) { return node.total.value; });
  json.list("self", nodes, [](const FrameTree::Node& node) { return node.self.value; });
  if (!view.difference()) return;
  json.list("base", nodes, [](const FrameTree::Node& node) { return node.total.base; });
  json.list("base_self", nodes, [](const FrameTree::Node& node) { return node.self.base; });
}

// The frames of zoom=HASH.HASH…; the error is the one that has none.
Result<std::vector<std::uint32_t>> path_of(const ProfileView& view, std::string_view zoom) {
  std::vector<std::uint32_t> path;
  while (!zoom.empty()) {
    std::size_t end = std::min(zoom.find('.'), zoom.size());
    std::uint32_t hash = 0;
    auto [stop, error] = std::from_chars(zoom.data(), zoom.data() + end, hash, 36);
    std::uint32_t frame =
        error == std::errc() && stop == zoom.data() + end ? view.find(hash) : ProfileView::kNone;
    if (frame == ProfileView::kNone)
      return fail(Cause::usage, "zoom: these filters leave no frame number {} of the path", path.size() + 1);
    path.push_back(frame);
    zoom.remove_prefix(std::min(end + 1, zoom.size()));
  }
  return path;
}

std::vector<std::uint8_t> matching(const ProfileView& view, const Regex& wanted) {
  std::vector<std::uint8_t> matches;
  matches.reserve(view.frames().size());
  for (const ViewFrame& frame : view.frames()) matches.push_back(wanted.matches(frame.name));
  return matches;
}

}  // namespace

Result<std::string> info_json(const Profile& profile, const PprofConfig& config) {
  std::size_t standard = TRY(sample_index(profile, config.sample_index));
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-info/1");
  json.key("types").open('[');
  for (const ValueType& type : profile.sample_types)
    json.open('{').member("type", profile.text(type.type)).member("unit", profile.text(type.unit)).close('}');
  json.close(']');
  json.member("standard_type", profile.sample_types.empty()
                                   ? std::string_view()
                                   : profile.text(profile.sample_types[standard].type));
  json.member("samples", profile.samples.rows()).member("functions", profile.functions.size());
  json.member("time_ns", profile.time_nanos).member("duration_ns", profile.duration_nanos);
  json.member("period", profile.period).member("period_type", profile.text(profile.period_type.type));
  json.member("period_unit", profile.text(profile.period_type.unit));
  json.member("doc_url", profile.text(profile.doc_url));
  json.list("comments", profile.comments, [&](StringId id) { return profile.text(id); });
  std::set<StringId> keys;
  for (const ProfileLabel& label : profile.samples.labels)
    if (profile.text(label.key) != "pprof::base") keys.insert(label.key);
  json.list("tags", keys, [&](StringId id) { return profile.text(id); });
  json.close('}');
  return json.take();
}

Result<std::string> flame_json(const ProfileView& view, const Query& query, const PprofConfig& config) {
  TreeQuery wanted{.kind = query.text("up") == "1" ? TreeQuery::kUp : TreeQuery::kDown};
  wanted.path = TRY(path_of(view, query.text("zoom")));
  FrameTree tree = grow_tree(view, wanted);
  JsonText json;
  json.open('{').member("schema", "memsnap.flame/1");
  write_head(json, view, config);
  json.member("stacks", view.stacks()).member("narrowest", tree.narrowest);
  write_tree(json, view, tree);
  json.close('}');
  return json.take();
}

Result<std::string> sandwich_json(const ProfileView& view, const Query& query, const PprofConfig& config) {
  std::uint32_t focus = view.find(query.text("sandwich"));
  if (focus == ProfileView::kNone)
    return fail(Cause::usage, "these filters leave no function '{}'", query.text("sandwich"));
  JsonText json;
  json.open('{').member("schema", "memsnap.sandwich/1");
  write_head(json, view, config);
  json.member("stacks", view.stacks());
  for (auto [key, kind] :
       {std::pair("callers", TreeQuery::kCallers), std::pair("callees", TreeQuery::kCallees)}) {
    FrameTree tree = grow_tree(view, {.kind = kind, .focus = focus, .path = {}});
    json.key(key).open('{').member("narrowest", tree.narrowest);
    write_tree(json, view, tree);
    json.close('}');
  }
  json.close('}');
  return json.take();
}

Result<std::string> top_json(const ProfileView& view, const Query&, const PprofConfig& config) {
  FrameSums sums = sum_frames(view);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < view.frames().size(); ++row)
    if (!sums.cum[row].nothing()) rows.push_back(row);
  std::ranges::sort(rows, [&](std::uint32_t a, std::uint32_t b) {
    auto size = [&](std::uint32_t row) { return std::pair(sums.flat[row].weight(), sums.cum[row].weight()); };
    return size(a) != size(b) ? size(a) > size(b) : view.frames()[a].name < view.frames()[b].name;
  });
  std::size_t all = rows.size();
  rows.resize(std::min(rows.size(), kMostRows));
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-top/1");
  write_head(json, view, config);
  json.member("functions", all);
  json.list("name", rows, [&](std::uint32_t row) { return std::string_view(view.frames()[row].name); });
  json.list("flat", rows, [&](std::uint32_t row) { return sums.flat[row].value; });
  json.list("cum", rows, [&](std::uint32_t row) { return sums.cum[row].value; });
  if (view.difference()) {
    json.list("base_flat", rows, [&](std::uint32_t row) { return sums.flat[row].base; });
    json.list("base_cum", rows, [&](std::uint32_t row) { return sums.cum[row].base; });
  }
  json.close('}');
  return json.take();
}

Result<std::string> search_json(const ProfileView& view, const Query& query, const PprofConfig& config) {
  Regex wanted = TRY(Regex::compile(query.text("q")));
  std::vector<std::uint8_t> matches = matching(view, wanted);
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-search/1");
  write_head(json, view, config);
  json.member("functions", std::count(matches.begin(), matches.end(), 1));
  json.sides("value", "base", sum_of_any(view, matches));
  json.close('}');
  return json.take();
}

namespace {

struct Neighbours {
  Sides flat, cum;
  std::map<std::uint32_t, Sides> callers, callees;
};

// Each pair of a stack counted once, as the edges of a graph are.
std::map<std::uint32_t, Neighbours> neighbours_of(const ProfileView& view,
                                                  const std::vector<std::uint8_t>& wanted) {
  std::map<std::uint32_t, Neighbours> all;
  std::vector<std::uint64_t> pairs;
  for (std::size_t row = 0; row < view.stacks(); ++row) {
    std::span<const std::uint32_t> stack = view.stack(row);
    pairs.clear();
    for (std::size_t i = 0; i < stack.size(); ++i) {
      std::uint32_t caller = i > 0 ? stack[i - 1] : ProfileView::kNone;
      if (i > 0 && caller == stack[i]) continue;
      bool touches = wanted[stack[i]] || (i > 0 && wanted[caller]);
      if (touches) pairs.push_back(std::uint64_t(caller) << 32 | stack[i]);
    }
    std::ranges::sort(pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    Sides value = view.value(row);
    for (std::uint64_t pair : pairs) {
      auto caller = std::uint32_t(pair >> 32), callee = std::uint32_t(pair);
      if (caller == ProfileView::kNone) continue;
      if (wanted[callee]) all[callee].callers[caller] = all[callee].callers[caller] + value;
      if (wanted[caller]) all[caller].callees[callee] = all[caller].callees[callee] + value;
    }
  }
  return all;
}

void write_neighbours(JsonText& json, const char* key, const ProfileView& view,
                      const std::map<std::uint32_t, Sides>& of) {
  std::vector<std::pair<std::uint32_t, Sides>> rows(of.begin(), of.end());
  std::ranges::stable_sort(
      rows, [](const auto& a, const auto& b) { return a.second.weight() > b.second.weight(); });
  json.key(key).open('[');
  for (const auto& [frame, value] : rows)
    json.open('{').member("name", view.frames()[frame].name).sides("value", "base", value).close('}');
  json.close(']');
}

}  // namespace

Result<std::string> peek_json(const ProfileView& view, const Query& query, const PprofConfig& config) {
  constexpr std::size_t kMostFunctions = 100;
  Regex wanted = TRY(Regex::compile(query.text("fn")));
  std::vector<std::uint8_t> matches = matching(view, wanted);
  FrameSums sums = sum_frames(view);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < matches.size(); ++row)
    if (matches[row] && !sums.cum[row].nothing()) rows.push_back(row);
  std::ranges::stable_sort(
      rows, [&](std::uint32_t a, std::uint32_t b) { return sums.cum[a].weight() > sums.cum[b].weight(); });
  std::size_t all = rows.size();
  rows.resize(std::min(rows.size(), kMostFunctions));
  std::ranges::fill(matches, std::uint8_t(0));
  for (std::uint32_t row : rows) matches[row] = 1;
  std::map<std::uint32_t, Neighbours> neighbours = neighbours_of(view, matches);
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-peek/1");
  write_head(json, view, config);
  json.member("functions", all).key("rows").open('[');
  for (std::uint32_t row : rows) {
    json.open('{').member("name", view.frames()[row].name);
    json.sides("flat", "base_flat", sums.flat[row]).sides("cum", "base_cum", sums.cum[row]);
    write_neighbours(json, "callers", view, neighbours[row].callers);
    write_neighbours(json, "callees", view, neighbours[row].callees);
    json.close('}');
  }
  json.close(']').close('}');
  return json.take();
}

Result<std::string> tags_json(const ProfileView& view, const Query&, const PprofConfig& config) {
  const Profile& profile = view.profile();
  LabelUnits units(profile);
  struct Tag {
    Sides sum;
    std::map<std::string, Sides> values;
  };
  std::map<std::string, Tag> tags;
  for (std::size_t row = 0; row < view.stacks(); ++row)
    for (const ProfileLabel& label : profile.samples.labels_of(view.sample(row))) {
      if (profile.text(label.key) == "pprof::base") continue;
      Tag& tag = tags[std::string(profile.text(label.key))];
      tag.sum = tag.sum + view.value(row);
      std::string text = label.is_text() ? std::string(profile.text(label.text()))
                                         : value_label(label.value, units[label.key]);
      Sides& sum = tag.values[text];
      sum = sum + view.value(row);
    }
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-tags/1");
  write_head(json, view, config);
  json.key("tags").open('[');
  for (const auto& [key, tag] : tags) {
    std::vector<std::pair<std::string, Sides>> rows(tag.values.begin(), tag.values.end());
    std::ranges::stable_sort(
        rows, [](const auto& a, const auto& b) { return a.second.weight() > b.second.weight(); });
    json.open('{').member("key", key).sides("value", "base", tag.sum).member("count", rows.size());
    rows.resize(std::min(rows.size(), kMostTagValues));
    json.key("values").open('[');
    for (const auto& [text, sum] : rows)
      json.open('{').member("text", text).sides("value", "base", sum).close('}');
    json.close(']').close('}');
  }
  json.close(']').close('}');
  return json.take();
}

Result<std::string> text_json(std::string_view text, bool cut, std::string_view remarks) {
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-text/1");
  json.member("text", text).member("cut", cut).member("remarks", remarks).close('}');
  return json.take();
}

}  // namespace memsnap
