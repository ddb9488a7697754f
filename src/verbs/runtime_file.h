// The files of --runtime: heap profiles and snapshots, by what they say of who allocated.
#pragma once

#include "base/result.h"
#include "escape/alloc_sites.h"
#include "verbs/io.h"

#include <string>

namespace memsnap {

Result<void> add_runtime_file(AllocReader& reader, const std::string& path, AllocReader::Side side, Io& io);

}  // namespace memsnap
