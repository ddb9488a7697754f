// The files of data/rules.
#pragma once

#include "base/builtin.h"

#include <span>

namespace memsnap {

extern const std::span<const BuiltinText> kRuleFiles;

}  // namespace memsnap
