#include "reports/page_files.h"

#include "base/result.h"

#include <algorithm>

namespace memsnap {

std::string_view page_file(std::span<const BuiltinText> files, std::string_view name) {
  auto file = std::ranges::find(files, name, &BuiltinText::name);
  CHECK(file != files.end());
  return file->text;
}

}  // namespace memsnap
