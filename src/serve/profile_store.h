// The views of a profile that pages have asked for lately, and what the query of a URL says of one.
#pragma once

#include "base/result.h"
#include "profile/config.h"
#include "serve/profile_view.h"
#include "serve/query.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace memsnap {

// The settings of a page: `standard`, changed by the parameters of go tool pprof (f, i, h, s, sf, tf …).
Result<PprofConfig> config_of(const Query& query, const PprofConfig& standard);

class ProfileStore {
 public:
  ProfileStore(const Profile& profile, const PprofConfig& standard)
      : profile_(profile), standard_(standard) {}

  const Profile& profile() const { return profile_; }
  const PprofConfig& standard() const { return standard_; }
  // Several requests may have one at a time, and it may leave the store meanwhile.
  using Shared = std::shared_ptr<const ProfileView>;
  Result<Shared> view(const PprofConfig& config);

 private:
  static constexpr std::size_t kKept = 4;
  const Profile& profile_;
  const PprofConfig& standard_;
  std::mutex lock_;
  std::list<std::pair<std::string, Shared>> kept_;  // the latest first
};

}  // namespace memsnap
