#include "reports/stack_rows.h"

#include "base/text.h"
#include "profile/graph_nodes.h"
#include "profile/units.h"

#include <algorithm>
#include <unordered_map>

namespace memsnap {

std::string folded_name(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c == '\\') plain += '\\';
    plain += c;
  }
  std::string safe = escape_terminal(plain), out;
  for (char c : safe) {
    if (c == ';')
      out += "\\x3b";
    else
      out += c;
  }
  return out;
}

namespace {

std::vector<bool> rows_of_base(const Profile& profile) {
  std::vector<bool> base(profile.samples.rows());
  StringId key = profile.strings.find("pprof::base"), yes = profile.strings.find("true");
  if (key == ProfileStrings::kNoString || yes == ProfileStrings::kNoString) return base;
  for (std::size_t row = 0; row < base.size(); ++row)
    for (const ProfileLabel& label : profile.samples.labels_of(row))
      if (label.key == key && label.is_text() && label.text() == yes) base[row] = true;
  return base;
}

// The rows of `names` that the nodes become: nodes of one name are one frame.
std::vector<std::uint32_t> name_frames(const Profile& profile, const std::vector<GraphNode>& nodes,
                                       std::vector<std::string>& names) {
  std::unordered_map<std::string, std::uint32_t> ids;
  std::vector<std::uint32_t> id_of(nodes.size());
  std::vector<std::pair<std::string, std::uint32_t>> sorted;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    auto [at, fresh] = ids.try_emplace(printable_name(profile, nodes[i].info), std::uint32_t(sorted.size()));
    id_of[i] = at->second;
    if (fresh) {
      names.push_back(at->first);
      sorted.emplace_back(folded_name(at->first) + ";", at->second);
    }
  }
  std::ranges::sort(sorted);
  std::vector<std::uint32_t> rank(sorted.size());
  std::vector<std::string> in_order(sorted.size());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) {
    rank[sorted[i].second] = i;
    in_order[i] = std::move(names[sorted[i].second]);
  }
  names = std::move(in_order);
  for (std::uint32_t& id : id_of) id = rank[id];
  return id_of;
}

void sort_rows(StackRows& stacks) {
  std::ranges::sort(stacks.rows, [&](const StackRows::Row& a, const StackRows::Row& b) {
    return std::ranges::lexicographical_compare(stacks.of(a), stacks.of(b));
  });
  std::size_t to = 0;
  for (std::size_t i = 0; i < stacks.rows.size(); ++i) {
    const StackRows::Row& row = stacks.rows[i];
    if (to > 0 && std::ranges::equal(stacks.of(stacks.rows[to - 1]), stacks.of(row))) {
      StackRows::Row& sum = stacks.rows[to - 1];
      sum.value = wrap_add(sum.value, row.value);
      sum.base = wrap_add(sum.base, row.base);
      sum.divisor = wrap_add(sum.divisor, row.divisor);
    } else {
      stacks.rows[to++] = row;
    }
  }
  stacks.rows.resize(to);
}

}  // namespace

StackRows make_stack_rows(ProfileReport& report) {
  const Profile& profile = report.profile;
  std::vector<bool> of_base = rows_of_base(profile);
  prepare_graph(report);
  GraphOptions options{.value = report.value, .divisor = report.divisor};
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile, options, nodes);
  StackRows stacks;
  std::vector<std::uint32_t> frame_of = name_frames(profile, nodes, stacks.names);
  for (std::size_t sample = 0; sample < profile.samples.rows(); ++sample) {
    SampleWeight weight = weight_of(profile, options, sample);
    if (weight.nothing()) continue;
    std::size_t first = stacks.frames.size();
    profile.samples.stacks[sample].each([&](LocationId location) {
      for (std::uint32_t node : of_location.of(location)) stacks.frames.push_back(frame_of[node]);
    });
    if (stacks.frames.size() == first) continue;
    std::reverse(stacks.frames.begin() + std::ptrdiff_t(first), stacks.frames.end());
    bool base = of_base[sample] || weight.value < 0;
    stacks.is_difference |= base;
    stacks.rows.push_back({.first = first,
                           .count = std::uint32_t(stacks.frames.size() - first),
                           .value = base ? 0 : weight.value,
                           .base = base ? wrap_negate(weight.value) : 0,
                           .divisor = weight.divisor});
  }
  sort_rows(stacks);
  return stacks;
}

}  // namespace memsnap
