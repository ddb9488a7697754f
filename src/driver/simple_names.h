// Names of functions without what makes them long: parameters and template arguments of C++. The heuristic
// also shortens some generic names of Go, and so do we, to print the same names.
// Facts: Demangle of internal/symbolizer of google/pprof.
#pragma once

#include "tables/profile.h"

#include <string>
#include <string_view>

namespace memsnap {

enum class DemangleMode : std::uint8_t { kSimple, kTemplates, kFull, kNone };

// Names that differ from the linker's are taken for demangled and stay, unless `again` is set.
void simplify_names(Profile& profile, DemangleMode mode, bool again);
std::string simple_name(std::string_view linker_name, DemangleMode mode);

}  // namespace memsnap
