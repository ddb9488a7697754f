// The outside world of a verb, so that a test hands in strings.
#pragma once

#include "render/out.h"
#include "render/style.h"

namespace memsnap {

struct Io {
  Out& out;               // results
  Out& err;               // progress, warnings, errors
  Style style;            // of results
  bool progress = false;  // standard error is a terminal: long steps show a line that is written over
  bool err_ascii = true;
};

}  // namespace memsnap
