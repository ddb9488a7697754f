// Where the log of `memsnap escape` comes from: a file, standard input, a folder of -json files, or the
// compiler, which is run for the packages that the user names.
#pragma once

#include "base/result.h"
#include "golog/escape_log.h"
#include "verbs/io.h"

#include <memory>
#include <string>
#include <string_view>

namespace memsnap {

// Whether the word means packages, for which the compiler has to run: ./pkg, ./..., a folder with Go files.
bool names_packages(const std::string& word);
// Never null.
Result<std::unique_ptr<EscapeLog>> open_escape_log(const std::string& word, Io& io);

}  // namespace memsnap
