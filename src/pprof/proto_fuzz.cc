// Whatever the bytes, they are read or refused with a sentence; and what was read is written, read and
// written again to the same bytes. (Only the second writing need be equal: a text label "" is lost by the
// first.)
#include "pprof/read.h"
#include "pprof/write.h"

namespace {

memsnap::Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string again(const std::string& file) {
  auto profile = memsnap::read_profile(bytes_of(file), nullptr, "again", {});
  if (!profile) __builtin_trap();
  return memsnap::write_profile(*profile);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Bytes input = std::as_bytes(std::span(data, size));
  auto profile = memsnap::read_profile(input, nullptr, "fuzz", {.inflate_limit = 16 << 20});
  if (!profile) {
    if (profile.error().what.size() < 7 || profile.error().what.find('\n') != std::string::npos)
      __builtin_trap();
    return 0;
  }
  std::size_t frames = 0;
  for (const memsnap::PackedStack& stack : profile->samples.stacks)
    stack.each([&](memsnap::LocationId id) { frames += profile->locations.at(std::size_t(id)).line_count; });
  asm volatile("" : : "r"(frames));  // so that they are read
  std::string second = again(memsnap::write_profile(*profile));
  if (again(second) != second) __builtin_trap();
  return 0;
}
