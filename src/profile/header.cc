#include "profile/header.h"

#include "profile/units.h"

#include <algorithm>

namespace memsnap {
namespace {

TypeName name_of(const Profile& profile, ValueType type) {
  return {std::string(profile.text(type.type)), std::string(profile.text(type.unit))};
}
void first_wins(std::string& place, const std::string& next) {
  if (place.empty()) place = next;
}

ProfileHeader header_of(const Profile& profile) {
  ProfileHeader out;
  for (ValueType type : profile.sample_types) out.types.push_back(name_of(profile, type));
  out.period_type = name_of(profile, profile.period_type);
  out.default_type = profile.text(profile.default_sample_type);
  out.drop_frames = profile.text(profile.drop_frames);
  out.keep_frames = profile.text(profile.keep_frames);
  out.doc_url = profile.text(profile.doc_url);
  for (StringId comment : profile.comments) out.comments.emplace_back(profile.text(comment));
  out.time_nanos = profile.time_nanos;
  out.duration_nanos = profile.duration_nanos;
  out.period = profile.period;
  return out;
}

}  // namespace

bool ProfileHeader::has_types_of(const Profile& profile) const {
  auto same = [&](const TypeName& name, ValueType type) { return name == name_of(profile, type); };
  return same(period_type, profile.period_type) && std::ranges::equal(types, profile.sample_types, same);
}

void ProfileHeader::add(const Profile& profile) { add(header_of(profile)); }

void ProfileHeader::add(const ProfileHeader& next) {
  if (empty_) {
    types = next.types;
    period_type = next.period_type;
    drop_frames = next.drop_frames;
    keep_frames = next.keep_frames;
    empty_ = false;
  }
  if (time_nanos == 0 || next.time_nanos < time_nanos) time_nanos = next.time_nanos;
  duration_nanos = wrap_add(duration_nanos, next.duration_nanos);
  if (period == 0 || period < next.period) period = next.period;
  for (const std::string& comment : next.comments)
    if (seen_.insert(comment).second) comments.push_back(comment);
  first_wins(default_type, next.default_type);
  first_wins(doc_url, next.doc_url);
}

void ProfileHeader::put(Profile& profile) const {
  auto id = [&](const std::string& text) { return profile.strings.add(text); };
  for (std::size_t i = 0; i < types.size(); ++i)
    profile.sample_types[i] = {id(types[i].type), id(types[i].unit)};
  profile.period_type = {id(period_type.type), id(period_type.unit)};
  profile.default_sample_type = id(default_type);
  profile.drop_frames = id(drop_frames);
  profile.keep_frames = id(keep_frames);
  profile.doc_url = id(doc_url);
  profile.comments.clear();
  for (const std::string& comment : comments) profile.comments.push_back(id(comment));
  profile.time_nanos = time_nanos;
  profile.duration_nanos = duration_nanos;
  profile.period = period;
}

}  // namespace memsnap
