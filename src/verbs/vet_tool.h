// go vet -vettool=memsnap: the questions that the go command asks of a vet tool
// (golang.org/x/tools/go/analysis/unitchecker, go1.26).
#pragma once

#include "verbs/io.h"

#include <optional>
#include <span>
#include <string>

namespace memsnap {

// -V=full, -flags, or flags and a unit.cfg; nothing for every other command line.
std::optional<int> vet_tool(std::span<const std::string> words, Io& io);

}  // namespace memsnap
