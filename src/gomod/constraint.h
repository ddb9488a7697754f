// Which files of a folder belong to a build: names like x_linux_arm64.go, //go:build and // +build lines
// (go/build and go/build/constraint, go1.26).
#pragma once

#include "gomod/version.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct BuildContext {
  std::string goos = "linux", goarch = "amd64";
  int release = 26;  // go1.1 … go1.release are satisfied
  bool cgo = true;
  std::vector<std::string> tags;  // of -tags, and goexperiment.NAME of the toolchain
};

bool tag_matches(const BuildContext& context, std::string_view tag);
// By its name alone; false also for names that go never builds (_x.go, .x.go).
bool file_name_matches(const BuildContext& context, std::string_view name);

struct HeaderFacts {
  bool builds = true;
  GoVersion go;  // the least release that the //go:build line asks for; sets the file's language version
};
// By the comments before the package clause. A line that is not understood builds nothing, as in go/build.
HeaderFacts read_header(const BuildContext& context, std::string_view source);

}  // namespace memsnap
