// The report that `doctor` prints and `serve` shows.
#pragma once

#include "analysis/case.h"
#include "render/report.h"
#include "verbs/examine.h"

#include <string>

namespace memsnap {

// `saved`: the file that the last capture was written to, "" without. Source lines are the caller's.
Report doctor_report(const Case& what, const Examined& examined, bool live, const std::string& saved);

}  // namespace memsnap
