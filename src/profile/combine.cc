#include "profile/combine.h"

#include "profile/rescale.h"
#include "profile/units.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace memsnap {
namespace {

// ---- The sample types that all have.

// A profile that has a type twice counts twice, and the type is then not common: as in go tool pprof.
std::vector<std::string> common_types(std::span<const Profile> profiles) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (const Profile& profile : profiles)
    for (ValueType type : profile.sample_types) ++seen[profile.text(type.type)];
  std::vector<std::string> common;
  for (ValueType type : profiles[0].sample_types) {
    std::string_view name = profiles[0].text(type.type);
    if (seen[name] == profiles.size()) common.emplace_back(name);
  }
  return common;
}

// Which columns to keep, in the order of `types`; fewer than those when the profile lacks one.
std::vector<std::size_t> columns_of(const Profile& profile, std::span<const std::string> types) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < profile.types(); ++i)
    first.try_emplace(profile.text(profile.sample_types[i].type), i);
  std::vector<std::size_t> columns;
  for (const std::string& type : types)
    if (auto at = first.find(type); at != first.end()) columns.push_back(at->second);
  return columns;
}

// Rows get shorter, so each is moved to the front, one value at a time and never past what is yet to be read.
void keep_columns(Profile& profile, std::span<const std::size_t> columns) {
  std::vector<std::int64_t> row(columns.size());
  std::int64_t* to = profile.samples.values.data();
  for (std::size_t sample = 0; sample < profile.samples.rows(); ++sample) {
    auto from = profile.values_of(sample);
    for (std::size_t i = 0; i < columns.size(); ++i) row[i] = from[columns[i]];
    to = std::copy(row.begin(), row.end(), to);
  }
  profile.samples.values.resize(profile.samples.rows() * columns.size());
  std::vector<ValueType> types;
  for (std::size_t column : columns) types.push_back(profile.sample_types[column]);
  profile.sample_types = std::move(types);
}

void reduce_types(Profile& profile, std::span<const std::string> types) {
  std::vector<std::size_t> columns = columns_of(profile, types);
  bool in_place = columns.size() == profile.types();
  for (std::size_t i = 0; i < columns.size(); ++i) in_place = in_place && columns[i] == i;
  if (in_place) return;
  std::string_view preferred = profile.text(profile.default_sample_type);
  if (std::ranges::find(types, preferred) == types.end())
    profile.default_sample_type = profile.strings.add(types[0]);
  keep_columns(profile, columns);
}

// ---- The finest unit of each type.

TypeName name_of(const Profile& profile, ValueType type) {
  return {std::string(profile.text(type.type)), std::string(profile.text(type.unit))};
}
std::string go_words(const TypeName& name) { return fmt::format("{{{} {} 0 0}}", name.type, name.unit); }

bool are_compatible(const TypeName& a, const TypeName& b) {
  auto singular = [](std::string_view word) {
    return word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
  };
  return singular(a.type) == singular(b.type) && are_units_of_one_kind(a.unit, b.unit);
}

// `pick(profile)` is the type in question of a profile.
template <class Pick>
Result<std::string> finest_unit(std::span<const Profile> profiles, const char* what, Pick&& pick) {
  TypeName finest = name_of(profiles[0], pick(profiles[0]));
  for (const Profile& profile : profiles.subspan(1)) {
    TypeName next = name_of(profile, pick(profile));
    if (!are_compatible(finest, next))
      return fail(Cause::bad_input, "{}: incompatible types: {} {}", what, go_words(finest), go_words(next));
    if (scale_value(1, next.unit, finest.unit).value < 1) finest = next;
  }
  return finest.unit;
}

void scale_units(Profile& profile, const std::string& period_unit, std::span<const std::string> units) {
  profile.period =
      whole(scale_value(profile.period, profile.text(profile.period_type.unit), period_unit).value);
  profile.period_type.unit = profile.strings.add(period_unit);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < profile.types(); ++i) {
    StringId& unit = profile.sample_types[i].unit;
    ratios.push_back(scale_value(1, profile.text(unit), units[i]).value);
    unit = profile.strings.add(units[i]);
  }
  scale_profile(profile, ratios);
}

Result<void> make_alike(std::span<Profile> profiles) {
  std::vector<std::string> types = common_types(profiles);
  if (types.empty()) return fail(Cause::bad_input, "profiles have empty common sample type list");
  for (const Profile& profile : profiles)
    if (columns_of(profile, types).size() != types.size())
      return fail(Cause::bad_input, "a sample type is not found in profile, and twice in another");
  for (Profile& profile : profiles) reduce_types(profile, types);
  if (profiles.size() == 1) return {};
  std::string period_unit =
      TRY(finest_unit(profiles, "period type", [](const Profile& profile) { return profile.period_type; }));
  std::vector<std::string> units;
  for (std::size_t i = 0; i < types.size(); ++i)
    units.push_back(TRY(finest_unit(profiles, "sample types",
                                    [i](const Profile& profile) { return profile.sample_types[i]; })));
  for (Profile& profile : profiles) scale_units(profile, period_unit, units);
  return {};
}

// Period types may still differ by an s at the end.
Result<void> check_periods(std::span<const Profile> profiles) {
  TypeName first = name_of(profiles[0], profiles[0].period_type);
  for (const Profile& profile : profiles.subspan(1))
    if (TypeName next = name_of(profile, profile.period_type); next != first)
      return fail(Cause::bad_input, "incompatible period types &{} and &{}", go_words(first), go_words(next));
  return {};
}

// ---- Merging what is alike.

bool has_zero_sample(const Profile& profile) {
  auto values = std::span(profile.samples.values);
  std::size_t types = profile.types();
  for (std::size_t at = 0; at < values.size(); at += types)
    if (std::ranges::all_of(values.subspan(at, types), [](std::int64_t value) { return value == 0; }))
      return true;
  return false;
}

bool has_negative(const Profile& profile) {
  std::int64_t signs = 0;
  for (std::int64_t value : profile.samples.values) signs |= value;
  return signs < 0;
}

Profile merge_again(const Profile& profile) {
  ProfileMerger merger(profile.types());
  merger.add(profile);
  return merger.take();
}

Profile finish_merge(ProfileMerger merger, const ProfileHeader& header) {
  Profile out = merger.take();
  if (has_zero_sample(out)) out = merge_again(out);
  header.put(out);
  return out;
}

}  // namespace

Result<Profile> combine_profiles(std::vector<Profile> profiles) {
  CHECK(!profiles.empty());
  TRY_VOID(make_alike(profiles));
  if (profiles.size() == 1) return std::move(profiles[0]);
  TRY_VOID(check_periods(profiles));
  ProfileMerger merger(profiles[0].types());
  ProfileHeader header;
  for (Profile& profile : profiles) {
    merger.add(profile);
    header.add(profile);
    profile = Profile();  // its memory is free for the next
  }
  return finish_merge(std::move(merger), header);
}

// Whether adding the profiles one by one gives what adding their sum gives: no type changes, and no sample of
// the part alone can become 0 and vanish.
bool ProfileFold::fits(std::span<const Profile> part) const {
  ProfileHeader header = header_;
  if (alone_) header.add(*alone_);
  std::unordered_set<std::string_view> names;
  for (const TypeName& name : header.types)
    if (!names.insert(name.type).second) return false;
  return std::ranges::all_of(
      part, [&](const Profile& profile) { return header.has_types_of(profile) && !has_negative(profile); });
}

Profile ProfileFold::take() {
  if (merger_) return finish_merge(*std::exchange(merger_, std::nullopt), std::exchange(header_, {}));
  return *std::exchange(alone_, std::nullopt);
}

Result<void> ProfileFold::add(std::vector<Profile> part) {
  CHECK(!part.empty());
  if (!alone_ && !merger_ && part.size() == 1) {
    alone_ = TRY(combine_profiles(std::move(part)));
    return {};
  }
  TRY_VOID(make_alike(part));
  TRY_VOID(check_periods(part));
  if ((alone_ || merger_) && !fits(part)) {
    std::vector<Profile> two;
    two.push_back(take());
    two.push_back(TRY(combine_profiles(std::move(part))));
    alone_ = TRY(combine_profiles(std::move(two)));
    return {};
  }
  merge(std::move(part));
  return {};
}

void ProfileFold::merge(std::vector<Profile> part) {
  if (!merger_) {
    merger_.emplace(part[0].types());
    header_ = {};
    if (alone_) {
      merger_->add(*alone_);
      header_.add(*alone_);
      alone_.reset();
    }
  }
  ProfileHeader header;
  for (Profile& profile : part) {
    merger_->add(profile);
    header.add(profile);
    profile = Profile();  // its memory is free for the next
  }
  header_.add(header);
  if (has_zero_sample(merger_->so_far())) alone_ = take();
}

Result<Profile> ProfileFold::finish() {
  if (!merger_ && !alone_) return fail(Cause::bad_input, "no profiles to merge");
  return take();
}

}  // namespace memsnap
