#include "lint/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace memsnap {
namespace {

std::uint64_t add_to_hash(std::uint64_t hash, std::string_view text) {
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return (hash ^ 0xff) * 0x100000001b3ull;  // a byte that no UTF-8 has keeps the parts apart
}

std::uint64_t mixed(std::uint64_t value) {  // so that the first digits, which people see, differ
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdull;
  return value ^ (value >> 33);
}

auto place_of(const Diagnostic& one) { return std::tie(one.at.file, one.at.from, one.rule, one.message); }

}  // namespace

const char* level_word(Severity severity) {
  switch (severity) {
    case Severity::kHigh: return "error";
    case Severity::kMedium: return "warning";
    default: return "note";
  }
}

void finish(std::vector<Diagnostic>& diagnostics) {
  std::ranges::stable_sort(
      diagnostics, [](const Diagnostic& a, const Diagnostic& b) { return place_of(a) < place_of(b); });
  auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return a.rule == b.rule && a.at.file == b.at.file && a.at.from == b.at.from && a.at.to == b.at.to;
  };
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end(), same), diagnostics.end());
  std::map<std::uint64_t, int> seen;
  for (Diagnostic& one : diagnostics) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (std::string_view part :
         {std::string_view(one.rule), std::string_view(one.function), std::string_view(one.subject)})
      hash = add_to_hash(hash, part);
    int count = seen[hash]++;
    one.fingerprint = fmt::format("{:016x}", mixed(add_to_hash(hash, fmt::format("{}", count))));
  }
}

std::string folded(std::string_view text) {
  std::string out;
  bool blank = false;
  for (char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

}  // namespace memsnap
