#include "analysis/claim.h"

#include "analysis/sites.h"
#include "base/text.h"
#include "tables/profile_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace memsnap {

std::string count_rate(double per_second) {
  double size = std::abs(per_second);
  if (size >= 10) return fmt::format("{}/s", human_count(std::uint64_t(std::llround(size))));
  if (size >= 1) return fmt::format("{:.1f}/s", size);
  return fmt::format("{:.1f}/min", size * 60);
}

std::string plural(std::uint64_t n, std::string_view one) {
  bool ies = one.size() > 1 && one.ends_with('y') && one.find_last_of("aeiou") != one.size() - 2;
  if (n == 1) return fmt::format("1 {}", one);
  if (ies) return fmt::format("{} {}ies", human_count(n), one.substr(0, one.size() - 1));
  return fmt::format("{} {}s", human_count(n), one);
}

std::optional<Severity> waste_severity(const Case& what, std::uint64_t bytes, Confidence confidence) {
  constexpr std::uint64_t kWorthSaying = 64 * kKiB, kAlways = 64 * kMiB;
  if (bytes < kWorthSaying) return std::nullopt;
  std::uint64_t reached = what.reached_bytes();
  if (confidence == Confidence::kHint) return Severity::kLow;
  if (bytes < std::min(kAlways, std::max(kMiB, reached / 20))) return Severity::kLow;
  if (confidence == Confidence::kLikely) return Severity::kMedium;
  bool quarter = bytes >= 8 * kMiB && bytes >= reached / 4;
  bool large = bytes >= kAlways && bytes >= reached / 20;
  return quarter || large ? Severity::kHigh : Severity::kMedium;
}

std::optional<Verdict> growth_verdict(const Case& what, Trend trend, std::uint64_t bytes) {
  // Less than the rise that a proof of growth needs, and next to nothing of the heap: only a proof counts.
  bool tiny = bytes < 64 * kKiB && bytes * 100 < what.reached_bytes();
  if (tiny && trend != Trend::kGrowing) return std::nullopt;
  bool small = bytes < 256 * kKiB, large = bytes >= std::max(kMiB, what.reached_bytes() / 20);
  switch (trend) {
    case Trend::kFlat: return std::nullopt;
    case Trend::kHint: return Verdict{Severity::kLow, Confidence::kHint};
    case Trend::kWarming: return Verdict{Severity::kLow, Confidence::kHint};
    case Trend::kSuspect: return Verdict{large ? Severity::kMedium : Severity::kLow, Confidence::kLikely};
    case Trend::kGrowing:
      return Verdict{small   ? Severity::kLow
                     : large ? Severity::kHigh
                             : Severity::kMedium,
                     Confidence::kCertain};
  }
  return std::nullopt;
}

Rise rise_of(const Case& what, const SeriesRow* row, double least_rise) {
  if (row == nullptr || row->values.size() < 2) return {};
  return {growth_of(what.series(), *row, least_rise), row};
}

double bytes_per_second(const Rise& rise, std::uint64_t bytes, std::uint64_t count) {
  return count == 0 ? 0 : rise.growth.per_second * double(bytes) / double(count);
}

Evidence rise_evidence(const Case& what, const Rise& rise, std::string_view unit, std::string_view verb) {
  const SeriesRow& row = *rise.row;
  bool bytes = unit.starts_with("bytes");
  double seconds = what.series().seconds.back() - what.series().seconds.front();
  auto amount = [&](double value) {
    auto whole = std::uint64_t(std::llround(std::max(0.0, value)));
    return bytes ? human_bytes(whole) : human_count(whole);
  };
  auto rate = [&](double value) { return bytes ? human_rate(value) : count_rate(value); };
  std::string text =
      fmt::format("{} went from {} to {} in {:.0f} s and {} captures ({})", unit, amount(row.values.front()),
                  amount(row.values.back()), seconds, row.values.size(), rate(rise.growth.per_second));
  if (rise.growth.trend == Trend::kHint)
    text += fmt::format("; so few captures cannot show less than {}: compare again later with memsnap diff",
                        rate(rise.growth.resolution));
  if (rise.growth.trend == Trend::kWarming) text += "; ever more slowly, so it may be warming up";
  return {"growth", std::move(text), std::string(verb)};
}

void set_bytes(const Case& what, Finding& finding, std::uint64_t bytes) {
  finding.retained_bytes = bytes;
  std::uint64_t reached = what.reached_bytes();
  finding.share = reached == 0 ? 0 : std::min(1.0, double(bytes) / double(reached));
}

Finding claim(const Case& what, const char* rule, NodeId node, std::uint64_t bytes) {
  Finding finding;
  finding.pattern = finding.rule = rule;
  finding.node = std::uint32_t(node);
  if (node != kNoNode) {
    finding.type = what.type_name(node);
    finding.holder = what.holder(node);
    finding.sites = what.sites(node);
  }
  set_bytes(what, finding, bytes);
  return finding;
}

std::string place_words(const Holder& holder) {
  constexpr std::size_t kMost = 12;  // a longer way is not read; its end names the container
  std::string place = holder.root.empty() ? "an object without a named holder" : holder.root;
  std::size_t from = holder.path.size() > kMost ? holder.path.size() - kMost : 0;
  if (from > 0) place += " … ";
  for (std::size_t i = from; i + 1 < holder.path.size(); ++i) {
    const std::string& ref = holder.path[i].ref;
    if (!ref.empty() && ref.front() != '.' && ref.front() != '[') place += " ";
    place += ref;
  }
  return place;
}

std::string command(const Case& what, std::string_view verb) {
  const Heap& heap = what.heap();
  if (std::string_view file = heap.fact("snapshot.file"); !file.empty())
    return fmt::format("memsnap {} {}", verb, shell_word(file));
  if (std::int64_t pid = heap.counter("target.pid"); pid > 0) return fmt::format("memsnap {} {}", verb, pid);
  return fmt::format("memsnap {} TARGET", verb);
}

std::string why_command(const Case& what, NodeId node, std::string_view type) {
  const Heap& heap = what.heap();
  bool object = node != kNoNode && heap.is_object(node);
  return fmt::format("{} {}", command(what, "why"),
                     object ? hex(std::uint64_t(heap.objects.addr[std::size_t(node)])) : shell_word(type));
}

std::string_view type_text(const Heap& heap, TypeId type) {
  std::size_t row = std::size_t(type);
  return row == 0 || row >= heap.types.rows() ? "(type not known)" : heap.text(heap.types.name[row]);
}

TypeId type_of(const Heap& heap, ObjectId id) { return heap.objects.type[std::size_t(id)]; }

Role role_of(const Heap& heap, ObjectId id) {
  std::size_t row = std::size_t(type_of(heap, id));
  return row < heap.types.rows() ? heap.types.role[row] : Role::kPlain;
}

Kind kind_of(const Heap& heap, TypeId type) {
  std::size_t row = std::size_t(type);
  return row < heap.types.rows() ? heap.types.kind[row] : Kind::kInvalid;
}

NodeId owner_node(const Heap& heap, ObjectId object, RootId root) {
  if (object != kNoObject) return heap.node(object);
  return root != kNoRoot ? heap.node(root) : kNoNode;
}

bool in_pool(const Heap& heap, ObjectId id) {
  constexpr int kNear = 8;  // item, its interface's object, ring, chain element, poolLocal
  NodeId node = heap.node(id);
  for (int step = 0; step < kNear && node != kNoNode && heap.is_object(node); ++step) {
    ObjectId object = heap.object_of(node);
    if (role_of(heap, object) == Role::kPoolPart) return true;
    node = heap.objects.idom[std::size_t(object)];
  }
  return false;
}

bool is_library(std::string_view function) {
  static constexpr std::array<std::string_view, 50> kTop = {
      "archive", "bufio",   "bytes",    "cmp",      "compress", "container", "context", "crypto",  "database",
      "debug",   "embed",   "encoding", "errors",   "expvar",   "flag",      "fmt",     "go",      "hash",
      "html",    "image",   "index",    "internal", "io",       "iter",      "log",     "maps",    "math",
      "mime",    "net",     "os",       "path",     "plugin",   "reflect",   "regexp",  "runtime", "slices",
      "sort",    "strconv", "strings",  "structs",  "sync",     "syscall",   "testing", "text",    "time",
      "unicode", "unique",  "unsafe",   "vendor",   "weak"};
  std::string_view first = function.substr(0, function.find_first_of("/."));
  return std::ranges::binary_search(kTop, first);
}

namespace {

// Samples among the sorted objects; `visit` gets the object and its bucket.
template <class Visit>
void each_sample(const Heap& heap, std::span<const ObjectId> objects, Visit visit) {
  const LiveSampleTable& samples = heap.samples;
  for (std::size_t i = 0; i < samples.rows(); ++i)
    if (samples.bucket[i] < heap.buckets.rows() && std::ranges::binary_search(objects, samples.object[i]))
      visit(samples.object[i], samples.bucket[i]);
}

// The innermost frame of the program's own code, or the innermost of all.
std::size_t user_frame(const Heap& heap, std::size_t first, std::size_t frames) {
  for (std::size_t at = first; at < first + frames && at < heap.frames.rows(); ++at)
    if (is_user_frame(heap, std::uint32_t(at))) return at;
  return first;
}

}  // namespace

std::vector<Site> sites_of(const Case& what, std::span<const ObjectId> objects, std::size_t most) {
  const Heap& heap = what.heap();
  std::map<std::pair<std::string_view, std::uint32_t>, std::pair<std::size_t, double>> places;
  double all = 0;
  std::int64_t rate = heap.counter("profile.rate");
  each_sample(heap, objects, [&](ObjectId id, std::uint32_t bucket) {
    std::size_t frame = user_frame(heap, heap.buckets.first_frame[bucket], heap.buckets.frames[bucket]);
    if (frame >= heap.frames.rows()) return;
    auto& place = places[{heap.text(heap.frames.function[frame]), heap.frames.line[frame]}];
    double weight = double(heap.objects.bytes(id)) * sample_scale(heap.objects.bytes(id), rate);
    place.first = frame;
    place.second += weight;
    all += weight;
  });
  std::vector<Site> sites;
  for (const auto& [key, place] : places)
    sites.push_back({.function = std::string(key.first),
                     .file = std::string(heap.text(heap.frames.file[place.first])),
                     .line = int(key.second),
                     .share = place.second / all,
                     .source = "heap-profile"});
  std::ranges::sort(sites, std::greater{}, &Site::share);
  if (sites.size() > most) sites.resize(most);
  return sites;
}

bool allocated_by(const Heap& heap, std::span<const ObjectId> objects,
                  std::initializer_list<std::string_view> functions) {
  bool found = false;
  each_sample(heap, objects, [&](ObjectId, std::uint32_t bucket) {
    std::size_t first = heap.buckets.first_frame[bucket], end = first + heap.buckets.frames[bucket];
    for (std::size_t at = first; at < end && at < heap.frames.rows() && !found; ++at)
      for (std::string_view name : functions)
        if (heap.text(heap.frames.function[at]).starts_with(name)) found = true;
  });
  return found;
}

}  // namespace memsnap
