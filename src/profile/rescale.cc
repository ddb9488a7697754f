#include "profile/rescale.h"

#include "profile/edit.h"
#include "profile/header.h"
#include "profile/units.h"

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

// False when nothing is left of the sample.
bool scale_row(std::span<std::int64_t> values, std::span<const double> ratios) {
  bool any = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (ratios[i] == 1) continue;
    values[i] = whole(std::round(double(values[i]) * ratios[i]));
    any = any || values[i] != 0;
  }
  return any;
}

std::vector<std::int64_t> sums_of(const Profile& profile) {
  std::vector<std::int64_t> sums(profile.types());
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    auto values = profile.values_of(row);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = wrap_add(sums[i], values[i]);
  }
  return sums;
}

void add_label(Profile& profile, const ProfileLabel& label) {
  SampleTable& samples = profile.samples;
  std::vector<ProfileLabel> labels;
  labels.reserve(samples.labels.size() + samples.rows());
  std::uint32_t from = 0;
  for (std::uint32_t& end : samples.label_end) {
    while (from < end) labels.push_back(samples.labels[from++]);
    labels.push_back(label);
    end = std::uint32_t(labels.size());
  }
  samples.labels = std::move(labels);
}

}  // namespace

void scale_profile(Profile& profile, double ratio) {
  scale_profile(profile, std::vector<double>(profile.types(), ratio));
}

void scale_profile(Profile& profile, std::span<const double> ratios) {
  if (std::ranges::all_of(ratios, [](double ratio) { return ratio == 1; })) return;
  keep_samples(profile, [&](std::size_t row) { return scale_row(profile.values_of(row), ratios); });
}

Result<void> normalize_profile(Profile& profile, const Profile& base) {
  ProfileHeader header;
  header.add(base);
  if (!header.has_types_of(profile))
    return fail(Cause::bad_input, "normalize: the profile and its base have other sample types or periods");
  std::vector<std::int64_t> want = sums_of(base), have = sums_of(profile);
  std::vector<double> ratios(profile.types());
  for (std::size_t i = 0; i < ratios.size(); ++i)
    ratios[i] = have[i] == 0 ? 0 : double(want[i]) / double(have[i]);
  scale_profile(profile, ratios);
  return {};
}

void set_label(Profile& profile, std::string_view key, std::string_view text) {
  remove_label(profile, key);
  StringId value = profile.strings.add(text);
  add_label(profile, {profile.strings.add(key), ProfileLabel::kText, std::int64_t(value)});
}

void remove_label(Profile& profile, std::string_view key) {
  StringId id = profile.strings.find(key);
  keep_labels(profile, [&](const ProfileLabel& label) { return !label.is_text() || label.key != id; });
}

}  // namespace memsnap
