// Whatever the bytes, an index answers; one that it takes says the same when it is written and read again.
#include "gotypes/index.h"

#include <algorithm>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::types::SourceIndex index, again;
  if (!index.read(std::as_bytes(std::span(data, size)))) return 0;
  std::string bytes = index.bytes();
  if (!again.read(std::as_bytes(std::span(bytes))) || again.bytes().size() > bytes.size()) std::abort();
  return 0;
}
