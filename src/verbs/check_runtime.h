// Static findings and the memory of a program that runs the same code.
#pragma once

#include "escape/alloc_sites.h"
#include "lint/diagnostic.h"

#include <cstddef>
#include <vector>

namespace memsnap {

// Gives each finding the bytes that its function allocated and that are alive, its function literals
// included: function and file have to agree, lines may have moved. Returns how many findings have some.
std::size_t lay_live_bytes(std::vector<Diagnostic>& findings, const AllocSites& sites);

}  // namespace memsnap
