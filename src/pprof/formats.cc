#include "pprof/formats.h"

#include "pprof/proto_reader.h"
#include "pprof/text_formats.h"

namespace memsnap {
namespace {

Result<std::optional<Profile>> proto(FormatInput& input) {
  auto profile = read_proto(input.bytes);
  if (profile) return std::move(*profile);
  ProtoProblem& problem = profile.error();
  if (problem.kind != ProtoProblem::kOtherFormat)
    return fail(problem.cause, "{} profile: {}",
                problem.kind == ProtoProblem::kParsing ? "parsing" : "malformed", problem.what);
  input.proto_problem = std::move(problem.what);
  return std::nullopt;
}

constexpr ProfileFormat kFormats[] = {
    {"profile.proto", proto},
    {"gperftools CPU", read_gperftools_cpu},
    {"heap text", read_heap_text},
    {"Go counts", read_count_text},
    {"threadz", read_threadz},
    {"lock contention", read_contention_text},
    {"Java", read_java_text},
    // go tool pprof ends here.
    {"goroutine stacks", read_goroutine_stacks},
    {"jemalloc heap", read_jemalloc_heap},
    {"folded stacks", read_folded},
};

}  // namespace

std::span<const ProfileFormat> profile_formats() { return kFormats; }

}  // namespace memsnap
