// memsnap escape --calls BINARY: where a program's machine code asks the runtime for maps and slices.
#pragma once

#include "base/result.h"
#include "verbs/flags.h"
#include "verbs/io.h"

namespace memsnap {

Result<int> list_alloc_calls(const Flags& flags, Io& io);

}  // namespace memsnap
