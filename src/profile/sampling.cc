#include "profile/sampling.h"

#include "profile/graph_nodes.h"
#include "profile/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::size_t kNone = ~std::size_t(0);

std::size_t column_named(const Profile& profile, std::string_view name) {
  for (std::size_t i = 0; i < profile.types(); ++i)
    if (profile.text(profile.sample_types[i].type) == name) return i;
  return kNone;
}

// inuse_objects for inuse_space and for itself; kNone when the column is none of a heap profile.
std::size_t block_count(const Profile& profile, std::string_view type) {
  for (std::string_view ending : {"objects", "space"})
    if (type.ends_with(ending))
      return column_named(profile, fmt::format("{}objects", type.substr(0, type.size() - ending.size())));
  return kNone;
}

// inuse_space for inuse_objects.
std::size_t space_of(const Profile& profile, std::size_t count) {
  std::string_view type = profile.text(profile.sample_types[count].type);
  type.remove_suffix(std::string_view("objects").size());
  return column_named(profile, fmt::format("{}space", type));
}

Sampling unknown(std::string why) { return {.why_unknown = std::move(why)}; }

Sampling heap_sampling(const Profile& profile, std::size_t value) {
  std::size_t count = block_count(profile, profile.text(profile.sample_types[value].type));
  if (count == kNone) return unknown("it has no number of objects beside this column");
  if (profile.period <= 1) return {.kind = SamplingKind::kAll};
  return {.kind = SamplingKind::kHeap,
          .rate = double(profile.period),
          .unit = "bytes",
          .count = count,
          .is_count_shown = count == value};
}

bool is_stack_list(std::string_view type) { return type == "goroutine" || type == "threadcreate"; }

}  // namespace

Sampling sampling_of(const Profile& profile, std::size_t value) {
  std::string_view period = profile.text(profile.period_type.type);
  std::string_view unit = profile.text(profile.period_type.unit);
  std::string_view type = profile.text(profile.sample_types[value].type);
  if (are_units_of_one_kind(unit, "bytes") && block_count(profile, type) != kNone)
    return heap_sampling(profile, value);
  std::size_t samples = column_named(profile, "samples");
  if (samples != kNone && profile.period > 0 && (value == samples || type == period))
    return {.kind = SamplingKind::kTime,
            .rate = double(profile.period),
            .unit = std::string(unit),
            .count = samples,
            .is_count_shown = value == samples};
  if (is_stack_list(type)) return {.kind = SamplingKind::kAll};
  if (type == "contentions" || type == "delay")
    return unknown("block and mutex profiles do not say which share of events they recorded");
  return unknown("it does not say how it was sampled");
}

Interval SampledValue::interval() const {
  return base.samples() > 0 ? difference_interval(now, base) : now.interval();
}

bool SampledValue::is_noise() const {
  if (base.samples() == 0) return false;
  Interval limits = interval();
  return limits.holds(0) && limits.low < limits.high;
}

void SampledValue::add(const SampledValue& other) {
  now.add(other.now);
  base.add(other.base);
}

SamplingReader::SamplingReader(const Profile& profile, const Sampling& sampling, std::size_t value)
    : profile_(profile),
      sampling_(sampling),
      value_(value),
      bytes_(profile.strings.find("bytes")),
      is_base_(profile.samples.rows()) {
  StringId key = profile.strings.find(kBaseLabel);
  for (std::size_t row = 0; row < is_base_.size(); ++row) {
    if (key != ProfileStrings::kNoString)
      is_base_[row] = std::ranges::any_of(profile.samples.labels_of(row),
                                          [&](const ProfileLabel& label) { return label.key == key; });
    if (profile.values_of(row)[value] < 0) is_base_[row] = true;
    is_difference_ = is_difference_ || is_base_[row];
  }
  bool only_grows = profile.text(profile.sample_types[value].type).starts_with("alloc_");
  if (sampling.kind == SamplingKind::kHeap && is_difference_ && only_grows) find_earlier_base();
}

// Two unrelated profiles with the same stacks would have to differ in one direction at each of them.
void SamplingReader::find_earlier_base() {
  constexpr std::size_t kEnoughStacks = 8;
  struct Group {
    std::size_t row = 0;
    std::int64_t count = 0;
    bool in_base = false;
  };
  std::unordered_map<std::string, Group> groups;
  for (std::size_t row = 0; row < is_base_.size(); ++row) {
    const PackedStack& stack = profile_.samples.stacks[row];
    std::string key(reinterpret_cast<const char*>(stack.bytes), stack.size);
    for (const ProfileLabel& label : profile_.samples.labels_of(row))
      if (label.key == bytes_ && !label.is_text()) key += fmt::format("/{}", label.value);
    Group& group = groups.try_emplace(std::move(key), Group{.row = row}).first->second;
    group.count = wrap_add(group.count, profile_.values_of(row)[sampling_.count]);
    group.in_base = group.in_base || is_base_[row];
  }
  std::size_t in_base = 0;
  for (const auto& [key, group] : groups) {
    if (group.count < 0) return;
    in_base += group.in_base;
  }
  if (in_base < kEnoughStacks) return;
  is_base_earlier_ = true;
  counts_.resize(is_base_.size());
  for (const auto& [key, group] : groups) counts_[group.row] = group.count;
}

std::int64_t SamplingReader::count_of(std::size_t row) const {
  return is_base_earlier_ ? counts_[row] : magnitude(profile_.values_of(row)[sampling_.count]);
}

void SamplingReader::add(std::size_t row, SampledValue& sum) const {
  std::span<const std::int64_t> values = profile_.values_of(row);
  std::int64_t count = count_of(row);
  SampledSum& side = is_base_[row] && !is_base_earlier_ ? sum.base : sum.now;
  if (count == 0) return;
  if (sampling_.kind == SamplingKind::kTime) {
    double each = double(magnitude(values[value_])) / double(magnitude(values[sampling_.count]));
    side.add(each, 0, double(magnitude(count)));
    return;
  }
  if (sampling_.kind != SamplingKind::kHeap) return;
  double size = 0;
  for (const ProfileLabel& label : profile_.samples.labels_of(row))
    if (label.key == bytes_ && !label.is_text()) size = double(label.value);
  std::size_t space = size > 0 ? kNone : space_of(profile_, sampling_.count);
  if (space != kNone) size = double(magnitude(values[space])) / double(magnitude(values[sampling_.count]));
  if (size <= 0) return;
  double share = sampled_share(size, sampling_.rate);
  side.add((sampling_.is_count_shown ? 1 : size) / share, share, samples_behind(count, share));
}

std::vector<NodeSampling> node_sampling(const Profile& profile, const GraphOptions& options,
                                        const SamplingReader& reader) {
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile, options, nodes);
  std::vector<NodeSampling> sums(nodes.size());
  std::vector<std::size_t> last(nodes.size(), ~std::size_t(0));
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    SampledValue one;
    reader.add(row, one);
    if (one.samples() == 0) continue;
    std::uint32_t leaf = ~0u;
    profile.samples.stacks[row].each([&](LocationId location) {
      for (std::uint32_t node : of_location.of(location)) {
        if (leaf == ~0u) leaf = node;
        if (last[node] == row) continue;
        last[node] = row;
        sums[node].cum.add(one);
      }
    });
    if (leaf != ~0u) sums[leaf].flat.add(one);
  }
  return sums;
}

SampledValue sampling_of_any(const Profile& profile, const GraphOptions& options,
                             const SamplingReader& reader, std::span<const std::uint32_t> wanted_nodes) {
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile, options, nodes);
  std::vector<bool> wanted(nodes.size());
  for (std::uint32_t node : wanted_nodes) wanted[node] = true;
  SampledValue sum;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    bool on_stack = false;
    profile.samples.stacks[row].each([&](LocationId location) {
      for (std::uint32_t node : of_location.of(location)) on_stack = on_stack || wanted[node];
    });
    if (on_stack) reader.add(row, sum);
  }
  return sum;
}

SampledValue sampling_of_all(const Profile& profile, const SamplingReader& reader) {
  SampledValue sum;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) reader.add(row, sum);
  return sum;
}

}  // namespace memsnap
