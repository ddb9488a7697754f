// Whatever the bytes, decode answers, what it takes is written back as it is, and the rules about the whole
// module work on it: no row, symbol or file leads outside.
#include "misuse/check.h"

#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace memsnap;
  std::vector<misuse::PackageRecord> records;
  Bytes bytes = std::as_bytes(std::span(data, size));
  misuse::FolderRecord folder, same;
  std::string folder_bytes;
  if (misuse::decode(bytes, folder)) folder_bytes = misuse::encode(folder);
  if (!folder_bytes.empty() && !misuse::decode(std::as_bytes(std::span(folder_bytes)), same)) std::abort();
  flow::FileLocks locks, read;
  if (misuse::decode(bytes, locks)) {
    std::string text = misuse::encode(locks);
    if (!misuse::decode(std::as_bytes(std::span(text)), read) || read != locks) std::abort();
  }
  if (!misuse::decode_packages(bytes, records)) return 0;
  std::string again = misuse::encode(records);
  std::vector<misuse::PackageRecord> twice;
  if (!misuse::decode_packages(std::as_bytes(std::span(again)), twice) || misuse::encode(twice) != again)
    std::abort();
  std::vector<std::string> all;
  for (const misuse::Rule* rule : misuse::rules()) all.push_back(rule->name);
  misuse::check_together(std::move(records), all, [](const std::string& path) { return path; });
  return 0;
}
