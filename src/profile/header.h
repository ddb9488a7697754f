// What a profile says beside its rows, on its own text, so that headers of several profiles become one.
#pragma once

#include "tables/profile.h"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace memsnap {

struct TypeName {
  std::string type, unit;
  bool operator==(const TypeName&) const = default;
};

struct ProfileHeader {
  std::vector<TypeName> types;
  TypeName period_type;
  std::string default_type, drop_frames, keep_frames, doc_url;
  std::vector<std::string> comments;
  std::int64_t time_nanos = 0, duration_nanos = 0, period = 0;

  bool has_types_of(const Profile& profile) const;  // and its period type
  // The earliest time, the sum of durations, the greatest period, each comment once, and of all else what
  // came first.
  void add(const Profile& profile);
  void add(const ProfileHeader& next);
  void put(Profile& profile) const;  // into a profile with as many types

 private:
  bool empty_ = true;
  std::unordered_set<std::string> seen_;  // comments
};

}  // namespace memsnap
