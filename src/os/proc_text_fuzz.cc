// Whatever a kernel or a name in it says: every parser answers, a mapping never ends before it begins, and
// the pieces in which the text comes make no difference.
#include "os/proc_text.h"

#include <span>

namespace {

std::vector<memsnap::Mapping> mappings_of(std::string_view text, std::size_t piece) {
  std::vector<memsnap::Mapping> mappings;
  memsnap::MappingParser parser(mappings);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) parser.feed(text.substr(0, piece));
  parser.finish();
  return mappings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto whole = mappings_of(text, size + 1), pieces = mappings_of(text, 1 + size % 13);
  if (whole.size() != pieces.size()) __builtin_trap();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (whole[i].from > whole[i].to || whole[i].permissions.size() != 4) __builtin_trap();
    if (whole[i].from != pieces[i].from || whole[i].name != pieces[i].name || whole[i].rss != pieces[i].rss)
      __builtin_trap();
  }
  memsnap::parse_status(text);
  memsnap::parse_stat(text);
  if (auto group = memsnap::parse_cgroup(text); group && !group->path.starts_with('/')) __builtin_trap();
  memsnap::find_cgroup_mount(text, size % 2 == 0);
  memsnap::parse_limit(text);
  memsnap::keyed_value(text, "Rss");
  return 0;
}
