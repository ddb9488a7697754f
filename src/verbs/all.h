// One verb per file; verbs.cc lists them.
#pragma once

#include "verbs/verbs.h"

namespace memsnap {

extern const Verb kCapture;
extern const Verb kCompletion;
extern const Verb kDiff;
extern const Verb kDoctor;
extern const Verb kExplain;
extern const Verb kGoroutines;
extern const Verb kHelp;
extern const Verb kMaps;
extern const Verb kRss;
extern const Verb kSlices;
extern const Verb kTop;
extern const Verb kTree;
extern const Verb kWhy;

}  // namespace memsnap
