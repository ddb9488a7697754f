// Fixes of memsnap check, shown as a diff or written.
#pragma once

#include "verbs/check_tree.h"
#include "verbs/io.h"

namespace memsnap {

// Prints what the fixes would change, as diff -u.
Result<void> show_fixes(const LintReport& report, CheckedTree& tree, Io& io);
// Writes the files: each whole or not at all, with its mode. One whose text would not parse any more, and one
// that is generated, is left alone and said so.
Result<void> write_fixes(const LintReport& report, CheckedTree& tree, Io& io);

}  // namespace memsnap
