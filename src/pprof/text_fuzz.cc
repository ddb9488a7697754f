// Whatever the text, in both modes it is read or refused with one line, and what was read is written, read
// and written again to the same bytes.
#include "pprof/read.h"
#include "pprof/write.h"

namespace {

memsnap::Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

void check(memsnap::Bytes input, bool go_compat) {
  auto profile =
      memsnap::read_profile(input, nullptr, "fuzz", {.go_compat = go_compat, .inflate_limit = 1 << 20});
  if (!profile) {
    if (!profile.error().what.starts_with("fuzz: ")) __builtin_trap();
    return;
  }
  for (const memsnap::PackedStack& stack : profile->samples.stacks)
    stack.each([&](memsnap::LocationId id) {
      for (const memsnap::ProfileLine& line : profile->lines_of(profile->locations.at(std::size_t(id))))
        (void)profile->functions.at(std::size_t(line.function));
    });
  std::string first = memsnap::write_profile(*profile);
  auto again = memsnap::read_profile(bytes_of(first), nullptr, "again", {});
  if (!again) __builtin_trap();
  std::string second = memsnap::write_profile(*again);
  auto third = memsnap::read_profile(bytes_of(second), nullptr, "third", {});
  if (!third || memsnap::write_profile(*third) != second) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Bytes input = std::as_bytes(std::span(data, size));
  check(input, true);
  check(input, false);
  return 0;
}
