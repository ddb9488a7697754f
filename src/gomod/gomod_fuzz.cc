// Whatever the bytes: go.mod, modules.txt, build constraints and versions are read, and versions are ordered
// the same from both sides.
#include "gomod/constraint.h"
#include "gomod/mod_file.h"
#include "gomod/version.h"

#include <cstddef>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  memsnap::ModFile file = memsnap::parse_mod_file(text);
  for (const memsnap::ModuleVersion& a : file.require)
    for (const memsnap::ModuleVersion& b : file.exclude) {
      int one = memsnap::compare_semver(a.version, b.version),
          other = memsnap::compare_semver(b.version, a.version);
      if ((one < 0) != (other > 0) || (one == 0) != (other == 0)) __builtin_trap();
    }
  (void)memsnap::parse_vendor_modules(text);
  (void)memsnap::parse_go_version(text);
  (void)memsnap::read_header({}, text);
  (void)memsnap::file_name_matches({}, text.substr(0, text.find('\n')));
  return 0;
}
