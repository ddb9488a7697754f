// What the pages of a profile ask for.
#pragma once

#include "profile/config.h"
#include "reports/generate.h"
#include "serve/serve.h"
#include "tables/profile.h"

#include <string>

namespace memsnap {

// Samples of what the profile is compared with have negative values, as -base and -diff_base leave them.
// `config` is what a page shows when its URL says nothing else. All must live as long as the site.
WebSite profile_site(const Profile& profile, const PprofConfig& config, BinaryTool* binaries,
                     const std::string& title);

}  // namespace memsnap
