#include "serve/profile_view.h"

#include "profile/aggregate.h"
#include "profile/filter.h"
#include "profile/graph_nodes.h"
#include "profile/label_units.h"
#include "profile/paths.h"
#include "profile/units.h"

#include <algorithm>

namespace memsnap {

Sides operator+(Sides a, Sides b) { return {wrap_add(a.value, b.value), wrap_add(a.base, b.base)}; }

Sides sides_of(std::int64_t value) {
  return value >= 0 ? Sides{value, 0} : Sides{0, std::max<std::int64_t>(0, wrap_negate(value))};
}

std::uint32_t hash_name(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

namespace {

Sides sum_of(const Profile& profile, std::size_t column) {
  Sides sum;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row)
    sum = sum + sides_of(profile.values_of(row)[column]);
  return sum;
}

}  // namespace

Result<ProfileView> ProfileView::make(const Profile& profile, const PprofConfig& config) {
  ProfileView view;
  view.profile_ = profile.view();
  view.column_ = TRY(sample_index(view.profile_, config.sample_index));
  const ValueType& type = view.profile_.sample_types[view.column_];
  view.type_ = view.text(type.type);
  view.unit_ = view.text(type.unit);
  add_tag_frames(view.profile_, config, view.remarks_);
  view.total_ = sum_of(view.profile_, view.column_);
  TRY_VOID(apply_filters(view.profile_, config, LabelUnits(view.profile_), view.remarks_));
  if (config.relative_percentages) view.total_ = sum_of(view.profile_, view.column_);
  TRY_VOID(aggregate(view.profile_, config));
  trim_files(view.profile_, config.trim_path, config.source_path);
  view.unpack();
  return view;
}

void ProfileView::name_frames(const std::vector<GraphNode>& nodes) {
  frames_.reserve(nodes.size());
  for (const GraphNode& node : nodes) {
    frames_.push_back({node.info, printable_name(profile_, node.info)});
    by_hash_.try_emplace(hash_name(frames_.back().name), std::uint32_t(frames_.size() - 1));
  }
}

void ProfileView::unpack() {
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile_, {.value = column_}, nodes);
  name_frames(nodes);
  std::size_t rows = profile_.samples.rows();
  first_.reserve(rows + 1);
  values_.reserve(rows);
  samples_.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    Sides value = sides_of(profile_.values_of(row)[column_]);
    if (value.nothing()) continue;
    first_.push_back(nodes_.size());
    profile_.samples.stacks[row].each([&](LocationId location) {
      auto of = of_location.of(location);
      nodes_.insert(nodes_.end(), of.begin(), of.end());
    });
    std::reverse(nodes_.begin() + std::ptrdiff_t(first_.back()), nodes_.end());
    values_.push_back(value);
    samples_.push_back(std::uint32_t(row));
  }
  first_.push_back(nodes_.size());
}

std::uint32_t ProfileView::find(std::uint32_t hash) const {
  auto found = by_hash_.find(hash);
  return found == by_hash_.end() ? kNone : found->second;
}

std::uint32_t ProfileView::find(std::string_view name) const {
  std::uint32_t row = find(hash_name(name));
  if (row != kNone && frames_[row].name == name) return row;
  auto found = std::ranges::find(frames_, name, &ViewFrame::name);
  return found == frames_.end() ? kNone : std::uint32_t(found - frames_.begin());
}

}  // namespace memsnap
