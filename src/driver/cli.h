// What a command line of pprof asks for: which profiles, which report, set how.
// Facts: internal/driver/cli.go of google/pprof.
#pragma once

#include "base/result.h"
#include "driver/commands.h"
#include "profile/config.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Flags by name with the text that was given, and the words that are no flags.
struct GivenFlags {
  std::map<std::string, std::string, std::less<>> values;
  std::vector<std::string> words;

  bool has(std::string_view name) const { return values.contains(name); }
  bool on(std::string_view name) const;
  std::string text(std::string_view name) const;                            // "" when not given
  std::int64_t number(std::string_view name, std::int64_t standard) const;  // checked by who filled it
};

struct ProfileSources {
  std::vector<std::string> sources, base;
  bool diff_base = false;  // percentages are of the base
  bool normalize = false;
  bool keep_base_apart =
      false;  // the samples of a base are told by a label: --precision, churn, flame graphs
  std::string executable, build_id;         // for the first mapping
  std::int64_t seconds = -1, timeout = -1;  // of what is fetched; below 0: not given
  std::string symbolize;
  std::string comment;
  std::string tls_certificate, tls_key, tls_authorities;  // files
  bool all_frames = false;  // drop_frames and keep_frames of the profile do not count
};

struct PprofJob {
  ProfileSources from;
  PprofConfig config;
  const PprofCommand* command = nullptr;  // null: the shell, or the web pages when `http` says where
  std::string symbol;
  std::string http;  // host:port
  bool no_browser = false;
  bool precision = false;            // limits of what was sampled
  std::vector<std::string> remarks;  // lines for standard error
};

// `is_executable` tells whether the first of several words is a program and no profile. Errors are
// Cause::usage with the texts of go tool pprof.
Result<PprofJob> read_command_line(const GivenFlags& flags,
                                   const std::function<bool(const std::string&)>& is_executable);

// What go tool pprof takes for a program; it also takes old CPU profiles for one and drops them, which is
// true here only with `go_compat`. Reads a few bytes.
bool looks_executable(const std::string& path, bool go_compat);

}  // namespace memsnap
