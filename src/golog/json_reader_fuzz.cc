// Whatever the bytes of a file, the reader answers, and its rows lie in its tables.
#include "golog/json_reader.h"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  memsnap::EscapeLog log;
  memsnap::JsonLogReader reader(log);
  reader.read_file(text);
  reader.finish();
  for (const memsnap::FlowChain& chain : log.chains)
    if (std::size_t(chain.first_flow) + chain.flows > log.flows.size()) __builtin_trap();
  for (const memsnap::Flow& flow : log.flows)
    if (std::size_t(flow.first_step) + flow.steps > log.steps.size()) __builtin_trap();
  for (const memsnap::LoggedEscape& one : log.escapes)
    if (std::size_t(one.first_inlined) + one.inlined > log.inlined_places.size()) __builtin_trap();
  return 0;
}
