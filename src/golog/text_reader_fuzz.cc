// Whatever the bytes and however they are cut into pieces, the reader answers, its rows lie in its tables,
// and two ways to cut give the same number of rows.
#include "golog/text_reader.h"

#include <algorithm>
#include <cstddef>

namespace {

memsnap::EscapeLog read(std::string_view text, std::size_t piece) {
  memsnap::EscapeLog log;
  memsnap::TextLogReader reader(log);
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  reader.finish();
  return log;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  memsnap::EscapeLog log = read(text, std::max<std::size_t>(1, size));
  memsnap::EscapeLog other = read(text, 1 + size / 7);
  if (log.escapes.size() != other.escapes.size() || log.chains.size() != other.chains.size() ||
      log.flows.size() != other.flows.size() || log.steps.size() != other.steps.size() ||
      log.lines != other.lines)
    __builtin_trap();
  for (const memsnap::FlowChain& chain : log.chains)
    if (std::size_t(chain.first_flow) + chain.flows > log.flows.size()) __builtin_trap();
  for (const memsnap::Flow& flow : log.flows)
    if (std::size_t(flow.first_step) + flow.steps > log.steps.size()) __builtin_trap();
  return 0;
}
