// The flags of memsnap pprof: those of go tool pprof, by its names, and ours.
#pragma once

#include "verbs/flags.h"

#include <array>

namespace memsnap {

extern const std::array<Flag, 25> kPprofReports;  // which report
extern const std::array<Flag, 45> kPprofFields;   // how it is made
extern const std::array<Flag, 12> kPprofSources;  // of what
extern const std::array<Flag, 9> kPprofOurs;      // what go tool pprof does not have
#ifdef MEMSNAP_WEB
extern const std::array<Flag, 3> kPprofPages;
#endif

}  // namespace memsnap
