// Makes profiles of several sources one, as go tool pprof does it. Facts: combineProfiles of internal/driver,
// ScaleProfiles of internal/measurement, profile/merge.go of google/pprof.
#pragma once

#include "base/result.h"
#include "profile/header.h"
#include "profile/merge.h"
#include "tables/profile.h"

#include <optional>
#include <span>
#include <vector>

namespace memsnap {

// Reduces the profiles to the sample types that all have, scales them to the finest unit of each type, and
// merges them. One profile alone is only reduced: its samples stay as they are. Fails when there is no type
// that all have, or when types of one name have units of different kinds.
Result<Profile> combine_profiles(std::vector<Profile> profiles);

// The same for any number of profiles, which are dropped as they are added. go tool pprof combines them 128
// at a time and then the results, and so does this; `add` each such part at once.
class ProfileFold {
 public:
  static constexpr std::size_t kPart = 128;
  Result<void> add(std::vector<Profile> part);  // up to kPart, not none
  Result<Profile> finish();                     // after at least one add

 private:
  bool fits(std::span<const Profile> part) const;
  void merge(std::vector<Profile> part);
  Profile take();

  std::optional<Profile> alone_;  // what there is, unless it is in merger_
  std::optional<ProfileMerger> merger_;
  ProfileHeader header_;  // of what is in merger_
};

}  // namespace memsnap
