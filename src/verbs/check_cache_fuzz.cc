// The first byte says how much of the rest is the head of a cache file, whose digest is set right. Whatever
// it says, what is read lies in the bytes.
#include "verbs/check_cache.h"

#include <cstdlib>
#include <span>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace memsnap;
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string_view head = rest.substr(0, rest.size() * (data[0] + 1u) / 256),
                   records = rest.substr(head.size());
  types::Digester digester;
  digester.add(head);
  std::string file = "memsnap check 1\n";
  for (std::uint64_t number : {digester.result().high, digester.result().low, std::uint64_t(head.size())})
    file.append(reinterpret_cast<const char*>(&number), 8);
  file += head;
  file += records;
  auto read = read_cache_file(std::as_bytes(std::span(file)));
  if (!read) return 0;
  types::SourceIndex index;
  index.read(read->index);
  for (const CacheEntry& entry : read->entries)
    if (is_whole(entry) && entry.record.size() > file.size()) std::abort();
  return 0;
}
