#include "pprof/read.h"

#include "pprof/formats.h"
#include "pprof/gzip.h"

#include <utility>

namespace memsnap {
namespace {

// What the file looks like, for people who passed the wrong one.
std::string_view looks_like(Bytes bytes) {
  constexpr std::pair<std::string_view, std::string_view> kKnown[] = {
      {"\x7f"
       "ELF",
       "an ELF executable"},
      {"PERFILE2", "perf.data of Linux perf"},
      {"go 1.", "an execution trace of Go"},
      {"{", "JSON"},
      {"<", "HTML or XML"},
      {"PK\x03\x04", "a zip file"},
      {"\x28\xb5\x2f\xfd", "zstd data"},
  };
  std::string_view text = text_of(bytes);
  for (auto [magic, name] : kKnown)
    if (text.starts_with(magic)) return name;
  return "none of the formats known";
}

std::unexpected<Error> unrecognized(const FormatInput& input, std::string_view name) {
  if (input.options.go_compat)
    return fail(Cause::bad_input, "{}: parsing profile: unrecognized profile format", name);
  return fail(
      Cause::bad_input,
      "{}: no profile: {} bytes, {}; expected profile.proto ({}), the text of a Go, gperftools, jemalloc or "
      "Java profile, or folded stacks",
      name, input.bytes.size(), looks_like(input.bytes), input.proto_problem);
}

// go tool pprof does this to hang symbols on. Reports count on there being one.
void add_mapping(Profile& profile) {
  if (!profile.mappings.empty()) return;
  profile.mappings.push_back({.id = 1});
  for (ProfileLocation& location : profile.locations) location.mapping = MappingId{0};
}

}  // namespace

Result<Profile> read_profile(Bytes bytes, std::unique_ptr<ProfileMemory> owner, std::string_view name,
                             const ReadOptions& options) {
  if (is_gzip(bytes)) {
    auto inflated = inflate_gzip(bytes, options.inflate_limit);
    if (!inflated)
      return fail(inflated.error().cause, "{}: decompressing profile: {}", name, inflated.error().what);
    bytes = (*inflated)->view();
    owner = std::move(*inflated);
  }
  if (bytes.empty()) return fail(Cause::bad_input, "{}: parsing profile: empty input file", name);
  FormatInput input{bytes, options, {}};
  for (const ProfileFormat& format : profile_formats()) {
    auto profile = format.read(input);
    if (!profile) return fail(profile.error().cause, "{}: {}", name, profile.error().what);
    if (!*profile) continue;
    add_mapping(**profile);
    if (owner) (*profile)->memory.push_back(std::move(owner));
    return std::move(**profile);
  }
  return unrecognized(input, name);
}

}  // namespace memsnap
