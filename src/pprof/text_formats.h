// The readers of one format each, as formats.cc lists them.
#pragma once

#include "pprof/legacy.h"

namespace memsnap {

Parsed read_gperftools_cpu(FormatInput& input);  // C++ and Java
Parsed read_heap_text(FormatInput& input);       // Go, gperftools; growth and fragmentation
Parsed read_count_text(FormatInput& input);      // Go: goroutine, threadcreate, a program's own
Parsed read_threadz(FormatInput& input);
Parsed read_contention_text(FormatInput& input);  // Go: mutex, block; gperftools
Parsed read_java_text(FormatInput& input);        // heap, contention
// What go tool pprof does not know.
Parsed read_goroutine_stacks(FormatInput& input);  // Go's debug=2, and what a crash prints
Parsed read_jemalloc_heap(FormatInput& input);
Parsed read_folded(FormatInput& input);

// The locations of a Java profile, by their addresses; ends the profile.
Parsed finish_java(std::string_view locations, LegacyBuilder builder);

}  // namespace memsnap
