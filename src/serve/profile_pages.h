// The JSON of the pages of a profile. README.md has it on a page.
#pragma once

#include "base/result.h"
#include "profile/config.h"
#include "serve/profile_view.h"
#include "serve/query.h"

#include <string>
#include <string_view>

namespace memsnap {

// Sample types, times, comments, keys of labels: what does not depend on filters.
Result<std::string> info_json(const Profile& profile, const PprofConfig& config);

// A flame graph. up=1: from the leaves; zoom=HASH.HASH…: names of the frames down to the one that is the
// whole.
Result<std::string> flame_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// Callers and callees of the function sandwich=NAME, as two flame graphs.
Result<std::string> sandwich_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// Every function with its own and its whole value, the largest first.
Result<std::string> top_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// How much of the samples has a frame that q=REGEX matches.
Result<std::string> search_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// Callers and callees of the functions that fn=REGEX matches.
Result<std::string> peek_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// Labels with their values.
Result<std::string> tags_json(const ProfileView& view, const Query& query, const PprofConfig& config);
// The source of the functions that fn=REGEX matches, a view of lines.
Result<std::string> source_json(const ProfileView& view, const Query& query, const PprofConfig& config);
Result<std::string> text_json(std::string_view text, bool cut, std::string_view remarks);

}  // namespace memsnap
