// Versions of modules (v1.2.3-pre, golang.org/x/mod/semver) and of Go (1.21, 1.21rc1, 1.21.3).
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

// <0, 0 or >0. What is no version is below every version, and equal to its like.
int compare_semver(std::string_view a, std::string_view b);

// A release of Go. Without a minor release it is the language version; 1.21 is older than 1.21rc1, as the go
// command has it since 1.21.
struct GoVersion {
  int major = 0, minor = 0;
  int stage = 0;  // 0: the language, 1: beta, 2: rc, 3: a release
  int patch = 0;  // or the number of the beta or rc
  auto operator<=>(const GoVersion&) const = default;
  bool known() const { return major > 0; }
};
// "1.21", "go1.21.3", "go1.22rc1", "go1.26.0-custom"; unknown when it is none of these.
GoVersion parse_go_version(std::string_view text);

// Upper case letters of paths and versions as the module cache writes them: !azure for Azure.
std::string escape_module_text(std::string_view text);

}  // namespace memsnap
