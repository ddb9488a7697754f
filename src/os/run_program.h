// Runs another program and reads what it prints while it runs; and reads files and pipes as they come, so
// that what is larger than memory can be read.
#pragma once

#include "base/result.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace memsnap {

using TakePiece = std::function<void(std::string_view)>;

// The first word is looked for on PATH. Standard output and standard error come as one stream; standard input
// is empty. `environment` is set on top of ours. Gives the exit status, 128 and the signal's number when one
// ended it.
Result<int> run_program(std::span<const std::string> words,
                        std::span<const std::pair<std::string, std::string>> environment,
                        const TakePiece& take);

// A file, a pipe or a device in pieces of at most 1 MiB; "-" is standard input.
Result<void> read_pieces(const std::string& path, const TakePiece& take);

}  // namespace memsnap
