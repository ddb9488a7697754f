// Reads profile.proto that is not compressed. Facts: profile/encode.go, profile/proto.go and
// Profile.CheckValid of google/pprof, whose refusals these are.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "tables/profile.h"

namespace memsnap {

struct ProtoProblem {
  // What go tool pprof makes of it: it tries other formats, or it refuses the file with these words.
  enum Kind { kOtherFormat, kParsing, kMalformed };
  Kind kind = kOtherFormat;
  std::string what;
  Cause cause = Cause::bad_input;
};

// The profile's text and most of its stacks lie in `bytes`.
std::expected<Profile, ProtoProblem> read_proto(Bytes bytes);

}  // namespace memsnap
