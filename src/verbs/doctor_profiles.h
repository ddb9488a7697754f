// memsnap doctor of profiles: files, or the pages of net/http/pprof.
#pragma once

#include "base/result.h"
#include "render/report.h"
#include "verbs/io.h"

#include <string>
#include <vector>

namespace memsnap {

// Files that are profiles, and URLs. False for all when one is neither.
bool are_profiles(const std::vector<std::string>& words);
// Of the profiles, the older ones first. http://host:port and …/debug/pprof/ stand for the heap and the
// goroutine profile of that server.
Result<Report> doctor_profiles(const std::vector<std::string>& words, Io& io);

}  // namespace memsnap
