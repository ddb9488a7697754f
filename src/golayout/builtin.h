// The files of data/layouts.
#pragma once

#include "base/builtin.h"

#include <span>

namespace memsnap {

extern const std::span<const BuiltinText> kLayoutFiles;

}  // namespace memsnap
