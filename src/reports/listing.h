// The source of functions whose name fits, with what each line costs: what -list prints, as text and as JSON.
#pragma once

#include "reports/report.h"
#include "reports/source_files.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct ListedLine {
  std::int64_t number = 0, flat = 0, cum = 0;
  const std::string* source = nullptr;  // of SourceFiles; null when the file cannot be read
  NodeSampling sampled = {};            // empty without limits
};
struct ListedFile {
  std::string name, error;  // error: why it cannot be read; then only lines with samples are there
  std::int64_t flat = 0, cum = 0;
  NodeSampling sampled = {};
  std::vector<ListedLine> lines;
};
struct ListedFunction {
  std::string_view name;
  std::vector<ListedFile> files;  // none when the profile names none
};

// By name, for the request's symbol. Fails when no function fits.
Result<std::vector<ListedFunction>> list_functions(ProfileReport& report, SourceFiles& files);

}  // namespace memsnap
