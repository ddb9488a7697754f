// The memory map at the end of a text profile: lines of /proc/PID/maps or a shorter form, with log prefixes
// and variables. Facts: parseProcMapsFromScanner and massageMappings of google/pprof.
#pragma once

#include "base/result.h"
#include "pprof/text_scan.h"
#include "tables/profile.h"

#include <string_view>
#include <vector>

namespace memsnap {

bool is_memory_map_title(std::string_view line);

// Adds the executable mappings of the lines behind the scanner's. Lines that say nothing are skipped.
Result<void> read_memory_map(LineScanner& lines, Profile& profile);

// Joins mappings that were split and puts the executable first; numbers them.
void tidy_mappings(Profile& profile);

// Gives each location that has an address the mapping that it lies in, or one that stands for all others.
Result<void> assign_mappings(Profile& profile);

}  // namespace memsnap
