// Rules goroutine-group, and slice-growth and map-growth-avalanche of CPU profiles, whose stacks have the
// frames of the runtime.
#include "base/text.h"
#include "checkup/checkup.h"
#include "profile/churn.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace memsnap {
namespace {

struct Frame {
  std::string_view name, file;
  std::int64_t line = 0;
};

std::vector<Frame> frames_of(const Profile& profile, std::size_t sample) {
  std::vector<Frame> frames;
  profile.samples.stacks[sample].each([&](LocationId location) {
    for (const ProfileLine& line : profile.lines_of(profile[location])) {
      if (line.function == kNoFunction) continue;
      const ProfileFunction& function = profile[line.function];
      frames.push_back({profile.text(function.name), profile.text(function.file), line.line});
    }
  });
  return frames;
}

std::optional<Frame> first_of_program(const std::vector<Frame>& frames) {
  auto at = std::ranges::find_if(frames, [](const Frame& frame) {
    return !is_runtime_function(frame.name) && !frame.name.starts_with("sync.") &&
           !frame.name.starts_with("internal/") && !frame.name.starts_with("time.Sleep");
  });
  return at == frames.end() ? std::nullopt : std::optional(*at);
}

int whole_line(std::int64_t line) { return int(std::clamp<std::int64_t>(line, 0, 1 << 30)); }

// Goroutines that wait at one place and began at one.
struct Group {
  std::int64_t count = 0;
  Frame place, entry;
  std::string wait;  // what they wait for
};
using Groups = std::map<std::pair<std::string, std::string>, Group>;

std::string wait_words(const std::vector<Frame>& frames) {
  static constexpr std::pair<std::string_view, const char*> kWaits[] = {
      {"runtime.chansend", "a channel send"},
      {"runtime.chanrecv", "a channel receive"},
      {"runtime.selectgo", "a select"},
      {"runtime.netpollblock", "the network"},
      {"internal/poll.runtime_pollWait", "the network"},
      {"sync.runtime_SemacquireMutex", "a mutex"},
      {"sync.runtime_SemacquireRWMutex", "a mutex"},
      {"runtime.semacquire", "a semaphore"},
      {"sync.runtime_Semacquire", "a wait group"},
      {"sync.runtime_notifyListWait", "a condition"},
      {"time.Sleep", "a sleep"}};
  for (const Frame& frame : frames)
    for (auto [name, words] : kWaits)
      if (frame.name.starts_with(name)) return words;
  return "";
}

Groups groups_of(const Profile& profile) {
  Groups groups;
  for (std::size_t sample = 0; sample < profile.samples.rows(); ++sample) {
    std::vector<Frame> frames = frames_of(profile, sample);
    std::optional<Frame> place = first_of_program(frames);
    if (!place) continue;
    Frame entry = frames.back();
    Group& group = groups[{std::string(place->name), std::string(entry.name)}];
    if (group.count == 0) group.place = *place, group.entry = entry, group.wait = wait_words(frames);
    group.count += std::max<std::int64_t>(0, profile.values_of(sample)[0]);
  }
  return groups;
}

std::string command_of(const char* flags, const std::string& name) {
  return fmt::format("memsnap pprof {} {}", flags, shell_word(name));
}

}  // namespace

// A server with many connections has many goroutines that wait, so one profile gives a hint at most; twice as
// many in a later one is more. Those that wait for the network are connections and only told.
void check_goroutines(const NamedProfile* before, const NamedProfile& after, Checkup& out) {
  constexpr std::int64_t kMany = 1000, kSome = 100;
  Groups old = before ? groups_of(before->profile) : Groups(), now = groups_of(after.profile);
  std::int64_t all = 0;
  for (const auto& [key, group] : now) all += group.count;
  for (const auto& [key, group] : now) {
    auto earlier = old.find(key);
    std::int64_t was = earlier == old.end() ? 0 : earlier->second.count, more = group.count - was;
    bool grew = before && more >= kSome && group.count >= 2 * was;
    if (!grew && group.count < kMany) continue;
    bool network = group.wait == "the network";
    Finding finding{.rule = "goroutine-group"};
    finding.severity = network ? Severity::kInfo : grew ? Severity::kMedium : Severity::kLow;
    finding.confidence = grew ? Confidence::kLikely : Confidence::kHint;
    finding.objects = std::uint64_t(group.count);
    finding.share = all > 0 ? double(group.count) / double(all) : 0;
    std::string waiting = group.wait.empty() ? "are" : "wait for " + group.wait;
    finding.title = fmt::format("{} goroutines {} in {}", human_count(std::uint64_t(group.count)), waiting,
                                group.place.name);
    if (grew) finding.title += fmt::format(", {} before", human_count(std::uint64_t(was)));
    finding.sites.push_back({.function = std::string(group.place.name),
                             .file = std::string(group.place.file),
                             .line = whole_line(group.place.line),
                             .share = 0,
                             .source = "stack"});
    finding.evidence.push_back(
        {"goroutine",
         fmt::format("{} of {} goroutines, begun as {}", human_count(std::uint64_t(group.count)),
                     human_count(std::uint64_t(all)), group.entry.name),
         command_of("--traces", after.name)});
    out.findings.push_back(std::move(finding));
  }
}

void check_cpu(const NamedProfile& named, Checkup& out) {
  constexpr double kLeast = 0.05;
  const Profile& profile = named.profile;
  std::size_t value = profile.types() - 1;
  struct Cost {
    double value = 0;
    Frame place;
  };
  std::map<std::pair<GrowthKind, std::string>, Cost> costs;
  double all = 0;
  for (std::size_t sample = 0; sample < profile.samples.rows(); ++sample) {
    double one = double(profile.values_of(sample)[value]);
    all += one;
    std::vector<Frame> frames = frames_of(profile, sample);
    std::vector<std::string_view> names;
    for (const Frame& frame : frames) names.push_back(frame.name);
    GrowthKind kind = growth_of_frames(names);
    if (kind != GrowthKind::kSlice && kind != GrowthKind::kMap) continue;
    std::optional<Frame> place = first_of_program(frames);
    if (!place) continue;
    Cost& cost = costs[{kind, std::string(place->name)}];
    if (cost.value == 0) cost.place = *place;
    cost.value += one;
  }
  for (const auto& [key, cost] : costs) {
    double share = all > 0 ? cost.value / all : 0;
    if (share < kLeast) continue;
    bool slices = key.first == GrowthKind::kSlice;
    Finding finding{.rule = slices ? "slice-growth" : "map-growth-avalanche",
                    .severity = Severity::kLow,
                    .confidence = Confidence::kCertain};
    finding.share = share;
    finding.title = fmt::format("growing {} in {} takes {} of CPU time", slices ? "slices" : "maps",
                                key.second, human_share(share));
    finding.sites.push_back({.function = key.second,
                             .file = std::string(cost.place.file),
                             .line = whole_line(cost.place.line),
                             .share = 1,
                             .source = "stack"});
    finding.evidence.push_back({"profile",
                                slices ? "runtime.growslice and what it calls is on the stack"
                                       : "growth, rehashing or splitting of a map is on the stack",
                                command_of("--peek='growslice|rehash|grow|split|evacuate'", named.name)});
    out.findings.push_back(std::move(finding));
  }
}

}  // namespace memsnap
