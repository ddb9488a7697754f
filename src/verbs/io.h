// The outside world of a verb, so that a test hands in strings.
#pragma once

#include "render/in.h"
#include "render/out.h"
#include "render/style.h"

namespace memsnap {

struct Heap;

struct Io {
  Out& out;               // results
  Out& err;               // progress, warnings, errors
  Style style;            // of results
  bool progress = false;  // standard error is a terminal: long steps show a line that is written over
  bool err_ascii = true;
  bool typed = false;            // standard input is a terminal that a line can be edited on
  bool out_terminal = false;     // standard output is a terminal
  In* in = nullptr;              // standard input; null: there is none
  const Heap* opened = nullptr;  // what a verb looks at whatever its target says: serve has it open
};

}  // namespace memsnap
