// Rule off-heap: resident memory that the Go heap does not know.
//
// The memory table gives every resident page an owner. What C's allocator, mappings of the program and
// stacks of threads hold is added up by owner; pages of files that the kernel can drop, the binary and the
// runtime's own memory do not count. A rise through all captures is growth like any other. Without a rise
// the rule says where the memory is, and how much: that is a fact, and whether it is too much is for the
// reader to judge, so it is medium only when most of a large process lies there.
//
// May accuse: a program that keeps a large C library or cache outside Go on purpose.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace memsnap {

namespace {

struct Part {
  std::string_view cause, owner;
  std::uint64_t resident = 0;
};

constexpr std::array<std::string_view, 3> kOutside = {"cgo-heap", "thread-stacks", "mmap"};

struct Outside {
  std::vector<Part> parts;  // largest first, those of one owner together
  std::uint64_t bytes = 0, rss = 0;
  double share() const { return rss == 0 ? 0 : double(bytes) / double(rss); }
};

Outside outside_of(const Heap& heap) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> owners;
  Outside outside;
  for (std::size_t row = 0; row < heap.memory.rows(); ++row) {
    std::string_view cause = heap.text(heap.memory.cause[row]);
    outside.rss += heap.memory.resident[row];
    if (std::ranges::find(kOutside, cause) == kOutside.end()) continue;
    outside.bytes += heap.memory.resident[row];
    owners[{cause, heap.text(heap.memory.owner[row])}] += heap.memory.resident[row];
  }
  for (const auto& [key, bytes] : owners) outside.parts.push_back({key.first, key.second, bytes});
  std::ranges::sort(outside.parts, std::greater{}, &Part::resident);
  return outside;
}

// Resident bytes of the causes that count, capture by capture; empty when the series does not have them.
SeriesRow outside_series(const Series& series) {
  SeriesRow sum{.kind = SeriesKind::kCounter, .key = "memory outside the heap"};
  for (std::string_view cause : kOutside) {
    const SeriesRow* row = series.of(SeriesKind::kCounter, fmt::format("memory.{}", cause));
    if (row == nullptr) continue;
    sum.values.resize(std::max(sum.values.size(), row->values.size()));
    for (std::size_t i = 0; i < row->values.size(); ++i) sum.values[i] += row->values[i];
  }
  return sum;
}

const char* meaning(std::string_view cause) {
  if (cause == "cgo-heap") return "memory of C's allocator";
  if (cause == "thread-stacks") return "stacks of threads";
  return "mappings of the program";
}

const char* advice(std::string_view cause) {
  if (cause == "cgo-heap")
    return "free what C handed out where its owner ends; when little of it is in use, MALLOC_ARENA_MAX=2 "
           "keeps the "
           "allocator from holding one arena per thread";
  if (cause == "thread-stacks")
    return "find out what blocks the threads (system calls, C) and bound how many run at once";
  return "call Munmap where the owner of the mapping ends";
}

std::optional<Verdict> verdict_of(const Outside& outside, Trend trend) {
  if (outside.bytes < 8 * kMiB) return std::nullopt;
  bool large = outside.share() > 0.3 && outside.bytes > 64 * kMiB,
       most = outside.share() > 0.5 && outside.bytes > 256 * kMiB;
  switch (trend) {
    case Trend::kGrowing:
      return Verdict{outside.share() > 0.25 ? Severity::kHigh : Severity::kMedium, Confidence::kCertain};
    case Trend::kSuspect:
      return Verdict{outside.share() > 0.25 ? Severity::kMedium : Severity::kLow, Confidence::kLikely};
    case Trend::kHint: return Verdict{Severity::kLow, Confidence::kHint};
    case Trend::kWarming:
    case Trend::kFlat: break;
  }
  if (!large) return std::nullopt;
  return Verdict{most ? Severity::kMedium : Severity::kLow, Confidence::kLikely};
}

}  // namespace

std::vector<Finding> off_heap(const Case& what) {
  constexpr double kLeastRise = 256 * kKiB;  // resident pages come and go in small numbers
  Outside outside = outside_of(what.heap());
  SeriesRow row = outside_series(what.series());
  Rise rise = row.values.size() >= 2 ? rise_of(what, &row, kLeastRise) : Rise{};
  auto verdict = verdict_of(outside, rise.growth.trend);
  if (!verdict || outside.parts.empty()) return {};

  const Part& first = outside.parts.front();
  Finding found = claim(what, "off-heap", kNoNode, outside.bytes);
  found.share = outside.share();
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.type = first.cause;
  found.holder = {
      .kind = HolderKind::kMmap, .root = std::string(first.owner), .file = {}, .line = 0, .path = {}};
  found.title =
      fmt::format("{} of resident memory {} outside the Go heap, most of it {}", human_bytes(outside.bytes),
                  rise.growth.trend == Trend::kGrowing ? "and growing lie" : "lie", meaning(first.cause));
  for (const Part& part : outside.parts) {
    if (found.evidence.size() >= 4 || part.resident < outside.bytes / 50) break;
    found.evidence.push_back(
        {"memory", fmt::format("{}: {} of {}", part.owner, human_bytes(part.resident), meaning(part.cause)),
         command(what, "rss")});
  }
  if (rise.rising()) {
    found.growth_bytes_per_s = rise.growth.per_second;
    Evidence evidence = rise_evidence(what, rise, "bytes outside the heap", command(what, "rss"));
    found.evidence.push_back(std::move(evidence));
  }
  found.fix = {advice(first.cause), "off-heap"};
  return {found};
}

}  // namespace memsnap
