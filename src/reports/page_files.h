// Scripts and styles that pictures carry in them: data/graph and data/flame.
#pragma once

#include "base/builtin.h"

#include <span>
#include <string_view>

namespace memsnap {

extern const std::span<const BuiltinText> kGraphFiles, kFlameFiles;

// The text of a file by its name; it is there, since it was built in.
std::string_view page_file(std::span<const BuiltinText> files, std::string_view name);

}  // namespace memsnap
