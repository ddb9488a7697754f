// Reads the findings that `memsnap doctor --json` printed, and compares two such lists.
#pragma once

#include "base/result.h"
#include "compare/comparison.h"
#include "findings/finding.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct FindingList {
  std::string exe, build_id, go;  // of the target
  std::uint64_t reached_bytes = 0;
  std::vector<Finding>
      findings;  // fingerprint, pattern, rule, severity, title, bytes and first place are set
};

bool looks_like_json(std::string_view text);
Result<FindingList> read_finding_list(std::string_view text, std::string_view name);
// Findings are the same when their fingerprints are. One that stayed and holds more by the threshold is
// worse.
Comparison diff_findings(const FindingList& before, const FindingList& after, const CompareLimits& limits);

// Names of what is known, of a report (memsnap.report/1) or of a comparison that was printed as JSON: its
// regressions.
Result<std::set<std::string>> read_baseline(std::string_view text, std::string_view name);

}  // namespace memsnap
