#include "findings/finding.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace memsnap {

namespace {

// FNV-1a; parts are kept apart by a byte that no text has.
class Hash {
 public:
  void add(std::string_view text) {
    for (char c : text) step(static_cast<unsigned char>(c));
    step(0xff);
  }
  std::uint64_t value() const {
    std::uint64_t mixed = value_ ^ (value_ >> 33);  // the first digits are what people see
    mixed *= 0xff51afd7ed558ccdull;
    return mixed ^ (mixed >> 33);
  }

 private:
  void step(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3ull; }
  std::uint64_t value_ = 0xcbf29ce484222325ull;
};

}  // namespace

const char* word(Severity severity) {
  static constexpr std::array kWords = {"info", "low", "medium", "high"};
  return kWords[std::size_t(severity)];
}

const char* word(Confidence confidence) {
  static constexpr std::array kWords = {"hint", "likely", "certain", "proven"};
  return kWords[std::size_t(confidence)];
}

const char* word(HolderKind kind) {
  static constexpr std::array kWords = {"none", "global", "goroutine", "finalizer", "pool", "timer", "mmap"};
  return kWords[std::size_t(kind)];
}

std::optional<Severity> severity_of(const std::string& text) {
  for (Severity severity : {Severity::kInfo, Severity::kLow, Severity::kMedium, Severity::kHigh})
    if (text == word(severity)) return severity;
  return std::nullopt;
}

std::string fingerprint(const Finding& finding) {
  Hash hash;
  hash.add(finding.pattern);
  hash.add(finding.holder.root);
  for (const PathStep& step : finding.holder.path)
    if (!step.ref.empty() && step.ref != "[…]" && step.ref != "…") hash.add(step.ref);
  // Of claims about the whole heap the type tells what they speak of.
  if (finding.holder.root.empty() && finding.sites.empty()) hash.add(finding.type);
  hash.add("site");
  if (!finding.sites.empty()) hash.add(finding.sites.front().function);
  return fmt::format("{:016x}", hash.value());
}

}  // namespace memsnap
