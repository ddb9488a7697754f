// Comments that silence a diagnostic, and those that silence nothing.
//
//   //memsnap:ignore map-grow-only,slice-grow-only the set of plugins is fixed      rules and a reason
//   //nolint, //nolint:all, //nolint:memsnap, //nolint:append-alias // why          as golangci-lint takes
//   them
//
// Such a comment speaks of its own line. On a line of its own it speaks of the statement or declaration below
// it, whole; behind the first line of a function, of that function.
#pragma once

#include "gosrc/source_file.h"
#include "lint/diagnostic.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct Suppression {
  Span at;                         // of the comment
  std::uint32_t from = 0, to = 0;  // bytes it speaks of: a diagnostic that begins in [from, to) is silenced
  std::vector<std::string> rules;  // empty: all
  std::string reason;
  bool ours = false;  // it names us or one of our rules, so it is reported when it silences nothing
  bool used = false;
};

// `shown` is the file's name in diagnostics. A memsnap:ignore without a rule or without a reason, or with a
// rule that is none of `known`, is reported to `problems` (rule bad-suppression).
std::vector<Suppression> suppressions_of(const SourceFile& file, const std::string& shown,
                                         const std::vector<std::string>& known,
                                         std::vector<Diagnostic>& problems);

// Takes out what is silenced and gives it back. Marks the suppressions that were used.
std::vector<Diagnostic> suppress(std::vector<Diagnostic>& diagnostics,
                                 std::vector<Suppression>& suppressions);

// Rule unused-suppression, of those that are ours and whose rules were all among `ran`.
std::vector<Diagnostic> unused(const std::vector<Suppression>& suppressions,
                               const std::vector<std::string>& ran);

}  // namespace memsnap
