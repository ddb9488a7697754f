// Profiles of servers: which words are addresses, what is asked of them and for how long.
// Facts: adjustURL and Fetch of cmd/pprof of Go.
#pragma once

#include "base/result.h"
#include "driver/cli.h"
#include "driver/world.h"
#include "http/url.h"

#include <chrono>
#include <optional>
#include <string>

namespace memsnap {

struct RemoteSource {
  Url url;
  std::chrono::seconds profiled{0};  // what -seconds said; 0: nothing
  std::chrono::nanoseconds timeout{};
};

// Nothing when the word is no address. One without a path means the CPU profile.
std::optional<RemoteSource> remote_source(const std::string& source, const ProfileSources& from);

// The word as it may be shown: without a password.
std::string shown_source(const std::string& source);

// The body of the answer, inflated when the server packed it on the way. Errors have no name in front.
Result<std::string> fetch_remote(const RemoteSource& source, const ProfileSources& from,
                                 const PprofWorld& world);

// Keeps a profile that came from a server: PPROF_TMPDIR, else the folder pprof at home, else that of
// temporary files. Says where, or why not.
void save_fetched(const Profile& profile, const PprofWorld& world);

}  // namespace memsnap
