// Rules hot-allocator, slice-growth, map-growth-avalanche, many-small-objects and heap-growth.
//
// Shares are of what the profile says was allocated or is in use, and a rule speaks only when the lower limit
// of the sampling is still half of what it asks for: with few samples it is silent.
#include "base/text.h"
#include "checkup/checkup.h"
#include "compare/profile_diff.h"
#include "profile/aggregate.h"
#include "profile/churn.h"
#include "profile/sampling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr double kHot = 0.1, kHint = 0.05, kHintMedium = 0.2, kSmall = 0.25;  // shares
constexpr std::uint64_t kLeastAllocated = 16 << 20, kLeastSaved = 1 << 20;    // bytes
constexpr std::uint64_t kManyObjects = 100'000, kSmallObject = 64;

std::uint64_t positive(std::int64_t value) { return value > 0 ? std::uint64_t(value) : 0; }
std::string bytes_text(double bytes) { return human_bytes(std::uint64_t(std::max(0.0, std::round(bytes)))); }

class HeapRules {
 public:
  HeapRules(const NamedProfile& named, const SourceLineOf& source, Checkup& out)
      : named_(named), out_(out), lines_(named.profile.view()) {
    bool done = aggregate(lines_, {.granularity = "lines"}).has_value();
    columns_ = *heap_columns(lines_);
    if (!done) return;
    churn_ = churn_of(lines_, columns_, source);
    alloc_ = samples_of(columns_.alloc_space);
    objects_ = samples_of(columns_.inuse_objects);
  }

  void run() {
    out_.objects = positive(churn_.total.inuse_objects);
    out_.bytes = positive(churn_.total.inuse_space);
    for (const ChurnRow& row : churn_.rows) {
      if (positive(churn_.total.alloc_space) >= kLeastAllocated) {
        // A line that is hot because it grows is told once.
        bool grows = growth(row, row.slice_growth, "slice-growth", "slices") ||
                     growth(row, row.map_growth, "map-growth-avalanche", "maps");
        if (!grows) hot(row);
      }
      small(row);
    }
    if (!churn_.has_runtime_frames)
      out_.notes.emplace_back(
          "Go's heap profiles have no frames of the runtime: growth of slices and maps is told by sizes and "
          "source "
          "lines, and not where the source is not found");
  }

 private:
  std::vector<NodeSampling> samples_of(std::size_t value) const {
    Sampling sampling = sampling_of(lines_, value);
    if (!sampling.has_limits()) return {};
    return node_sampling(lines_, {.value = value}, SamplingReader(lines_, sampling, value));
  }
  // The sampling allows that it is half of the share that a rule asks for, or less.
  static bool is_doubtful(const std::vector<NodeSampling>& samples, const ChurnRow& row, double asked) {
    if (row.node >= samples.size() || samples[row.node].flat.samples() == 0) return false;
    return samples[row.node].flat.interval().low < asked / 2;
  }

  Finding about(const ChurnRow& row, const char* rule, double share) const {
    Finding finding{.rule = rule, .share = share};
    std::string_view file = lines_.text(row.info.file);
    finding.sites.push_back({.function = std::string(lines_.text(row.info.name)),
                             .file = std::string(file),
                             .line = int(std::clamp<std::int64_t>(row.info.line, 0, 1 << 30)),
                             .share = 1,
                             .source = "heap-profile"});
    return finding;
  }
  std::string command(const char* flags) const {
    return fmt::format("memsnap pprof {} {}", flags, shell_word(named_.name));
  }

  void hot(const ChurnRow& row) {
    double all = double(churn_.total.alloc_space), share = double(row.alloc_space) / all;
    if (share < kHot || is_doubtful(alloc_, row, kHot * all)) return;
    Finding finding = about(row, "hot-allocator", share);
    finding.severity = Severity::kLow;
    finding.confidence = Confidence::kCertain;
    finding.objects = positive(row.alloc_objects);
    finding.title = fmt::format("{} allocates {} of all bytes, {} of that short-lived",
                                finding.sites[0].function, human_share(share), human_share(row.churn()));
    finding.evidence.push_back(
        {"profile",
         fmt::format("{} in {} objects allocated, {} in use", bytes_text(double(row.alloc_space)),
                     human_count(positive(row.alloc_objects)), bytes_text(double(row.inuse_space))),
         command("--churn")});
    out_.findings.push_back(std::move(finding));
  }

  bool growth(const ChurnRow& row, double grown, const char* rule, const char* what) {
    double all = double(churn_.total.alloc_space), share = row.saved / all;
    if (grown <= 0 || share < kHint || row.saved < double(kLeastSaved)) return false;
    if (is_doubtful(alloc_, row, kHint * all)) return false;
    Finding finding = about(row, rule, share);
    finding.severity = share >= kHintMedium ? Severity::kMedium : Severity::kLow;
    finding.confidence = Confidence::kLikely;
    finding.title = fmt::format("growing {} in {} costs {} of all that is allocated", what,
                                finding.sites[0].function, human_share(grown / all));
    finding.evidence.push_back(
        {"profile",
         fmt::format("{} allocated by growth; the right capacity from the start saves about {}",
                     bytes_text(grown), bytes_text(row.saved)),
         command("--churn")});
    out_.findings.push_back(std::move(finding));
    return true;
  }

  void small(const ChurnRow& row) {
    std::uint64_t count = positive(row.inuse_objects), bytes = positive(row.inuse_space);
    double all = double(churn_.total.inuse_objects);
    if (count < kManyObjects || bytes > count * kSmallObject || double(count) < kSmall * all) return;
    if (is_doubtful(objects_, row, kSmall * all)) return;
    Finding finding = about(row, "many-small-objects", double(count) / all);
    finding.severity = Severity::kLow;
    finding.confidence = Confidence::kCertain;
    finding.objects = count;
    finding.title =
        fmt::format("{} has {} live objects of {} bytes on average, {} of all", finding.sites[0].function,
                    human_count(count), bytes / count, human_share(double(count) / all));
    finding.evidence.push_back({"profile",
                                fmt::format("{} in {} objects in use: each costs the collector a mark",
                                            human_bytes(bytes), human_count(count)),
                                command("--top --sample_index=inuse_objects")});
    out_.findings.push_back(std::move(finding));
  }

  const NamedProfile& named_;
  Checkup& out_;
  Profile lines_;
  HeapColumns columns_;
  Churn churn_;
  std::vector<NodeSampling> alloc_, objects_;
};

}  // namespace

void check_heap(const NamedProfile& profile, const SourceLineOf& source, Checkup& out) {
  HeapRules(profile, source, out).run();
}

void check_heap_growth(const NamedProfile& before, const NamedProfile& after, Checkup& out) {
  constexpr double kGrowth = 0.1;
  auto compared =
      diff_profiles(before.profile.view(), after.profile.view(), "inuse_space", {.threshold = kGrowth});
  if (!compared) {
    out.notes.push_back(compared.error().what);
    return;
  }
  for (const std::string& problem : compared->problems) out.notes.push_back(problem);
  double seconds = double(after.profile.time_nanos - before.profile.time_nanos) / 1e9;
  for (const ComparedRow& row : compared->rows) {
    double grown = row.after - row.before;
    if (!is_worse(row) || row.name == kAllFunctions || grown < double(kLeastSaved)) continue;
    Finding finding{.rule = "heap-growth", .severity = Severity::kMedium, .confidence = Confidence::kHint};
    finding.share = row.change;
    finding.retained_bytes = std::uint64_t(grown);
    if (seconds > 0) finding.growth_bytes_per_s = grown / seconds;
    finding.title = fmt::format("what {} allocated grew from {} to {}", row.name, bytes_text(row.before),
                                bytes_text(row.after));
    finding.sites.push_back({.function = row.name,
                             .file = row.file,
                             .line = int(row.line),
                             .share = 1,
                             .source = "heap-profile"});
    finding.evidence.push_back({"growth",
                                fmt::format("{} more in use, {} at 95 %", bytes_text(grown), row.limits),
                                fmt::format("memsnap diff {} {} --sample-index=inuse_space",
                                            shell_word(before.name), shell_word(after.name))});
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace memsnap
