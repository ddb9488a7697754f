// One verb per file; verbs.cc lists them.
#pragma once

#include "verbs/verbs.h"

namespace memsnap {

extern const Verb kCapture;
extern const Verb kCheck;
extern const Verb kCompletion;
extern const Verb kDiff;
extern const Verb kDoctor;
extern const Verb kEscape;
extern const Verb kExplain;
extern const Verb kGoroutines;
extern const Verb kHelp;
extern const Verb kMaps;
extern const Verb kPprof;
extern const Verb kRss;
#ifdef MEMSNAP_WEB
extern const Verb kServe;
#endif
extern const Verb kSlices;
extern const Verb kSymbolize;
extern const Verb kTop;
extern const Verb kTree;
extern const Verb kWhy;

}  // namespace memsnap
