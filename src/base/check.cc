#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace memsnap {

void check_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "memsnap: a promise of its own is broken: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace memsnap
