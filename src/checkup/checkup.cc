#include "checkup/checkup.h"

#include "profile/churn.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace memsnap {
namespace {

enum class Kind : std::uint8_t { kHeap, kGoroutine, kCpu, kOther };
constexpr std::array<const char*, 4> kKinds = {"heap", "goroutine", "CPU", "other"};

Kind kind_of(const Profile& profile) {
  if (heap_columns(profile)) return Kind::kHeap;
  for (const ValueType& type : profile.sample_types) {
    if (profile.text(type.type) == "goroutine") return Kind::kGoroutine;
    if (profile.text(type.type) == "cpu") return Kind::kCpu;
  }
  return Kind::kOther;
}

void add_words(Finding& finding) {
  const RuleText* text = rule_text(finding.rule);
  CHECK(text != nullptr);
  finding.pattern = text->pattern;
  finding.fix = {text->fix, text->recipe};
  constexpr std::size_t kDigits = 8;
  finding.fingerprint = fingerprint(finding).substr(0, kDigits);
}

}  // namespace

const std::vector<std::string>& profile_rules() {
  static const std::vector<std::string> all = {"goroutine-group",    "heap-growth",          "hot-allocator",
                                               "many-small-objects", "map-growth-avalanche", "slice-growth"};
  return all;
}

Result<Checkup> check_profiles(std::vector<NamedProfile> profiles, const SourceLineOf& source) {
  std::array<std::vector<const NamedProfile*>, 4> of;
  for (const NamedProfile& one : profiles) of[std::size_t(kind_of(one.profile))].push_back(&one);
  Checkup out;
  std::vector<std::string> kinds;
  for (std::size_t kind = 0; kind < of.size(); ++kind)
    if (!of[kind].empty()) kinds.push_back(fmt::format("{} {}", of[kind].size(), kKinds[kind]));
  for (const NamedProfile* other : of[std::size_t(Kind::kOther)])
    out.notes.push_back(fmt::format("{}: not looked at, want a heap, goroutine or CPU profile", other->name));
  if (of[std::size_t(Kind::kOther)].size() == profiles.size())
    return fail(Cause::usage, "{}: no heap, goroutine or CPU profile",
                profiles.empty() ? "" : profiles[0].name);
  const auto &heaps = of[std::size_t(Kind::kHeap)], &goroutines = of[std::size_t(Kind::kGoroutine)];
  if (!heaps.empty()) check_heap(*heaps.back(), source, out);
  if (heaps.size() > 1) check_heap_growth(*heaps.front(), *heaps.back(), out);
  if (!goroutines.empty())
    check_goroutines(goroutines.size() > 1 ? goroutines.front() : nullptr, *goroutines.back(), out);
  for (const NamedProfile* cpu : of[std::size_t(Kind::kCpu)]) check_cpu(*cpu, out);
  for (Finding& finding : out.findings) add_words(finding);
  std::ranges::stable_sort(out.findings, [](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return a.share > b.share;
  });
  out.summary = fmt::format("profiles: {}", fmt::join(kinds, ", "));
  return out;
}

}  // namespace memsnap
