#include "compare/profile_diff.h"

#include "profile/aggregate.h"
#include "profile/callgraph.h"
#include "profile/paths.h"
#include "profile/regex.h"
#include "profile/sampling.h"
#include "profile/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace memsnap {
namespace {

struct Function {
  double flat = 0;
  SampledSum sampled;
  std::string file;
  std::int64_t line = 0;
  bool is_inlined = false, is_called = false;  // somewhere
};
using Functions = std::map<std::string, Function, std::less<>>;

struct Side {
  Profile profile;
  std::size_t value = 0;
  Sampling sampling;
  Functions functions;
  SampledSum sampled;
  double total = 0, scale = 1;
};

// Inlined calls are lines in front of the last of a location.
void note_inlining(Side& side) {
  for (const ProfileLocation& location : side.profile.locations) {
    std::span<const ProfileLine> lines = side.profile.lines_of(location);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].function == kNoFunction) continue;
      auto at = side.functions.find(side.profile.text(side.profile[lines[i].function].name));
      if (at == side.functions.end()) continue;
      (i + 1 < lines.size() ? at->second.is_inlined : at->second.is_called) = true;
    }
  }
}

struct Place {
  std::string file;
  std::int64_t line = 0;
};

// Of each function, before files are aggregated away.
std::map<std::string, Place, std::less<>> places_of(const Profile& profile) {
  std::map<std::string, Place, std::less<>> places;
  for (const ProfileFunction& function : profile.functions)
    if (function.file != StringId{})
      places.try_emplace(std::string(profile.text(function.name)),
                         Place{clean_path(profile.text(function.file)), function.start_line});
  return places;
}

Result<void> count(Side& side) {
  auto places = places_of(side.profile);
  TRY_VOID(aggregate(side.profile, {}));
  CallGraph graph = CallGraph::build(side.profile, {.value = side.value});
  SamplingReader reader(side.profile, side.sampling, side.value);
  std::vector<NodeSampling> sampling;
  if (side.sampling.has_limits()) sampling = node_sampling(side.profile, {.value = side.value}, reader);
  for (std::uint32_t row : graph.shown) {
    const GraphNode& node = graph.nodes[row];
    Function& function = side.functions[printable_name(side.profile, node.info)];
    function.flat += double(node.flat) * side.scale;
    if (!sampling.empty()) function.sampled.add(sampling[row].flat.now);
    side.total += double(node.flat) * side.scale;
    if (auto place = places.find(side.profile.text(node.info.name)); place != places.end()) {
      function.file = place->second.file;
      function.line = place->second.line;
    }
  }
  if (!sampling.empty()) side.sampled = sampling_of_all(side.profile, reader).now;
  note_inlining(side);
  return {};
}

// Where the library of a toolchain lies: …/toolchain@v0.0.1-go1.27.0.linux-amd64/src, …/go1.26.8/src.
std::string release_in(std::string_view path) {
  static const Result<Regex> kRelease =
      Regex::compile(R"((go1\.[0-9]+(?:\.[0-9]+|rc[0-9]+)?)[^/]*/src/runtime/)");
  if (!kRelease) return "";
  std::vector<std::string_view> groups = kRelease->groups(path);
  return groups.size() < 2 ? "" : std::string(groups[1]);
}

std::string text_of(const Profile& profile, StringId id) { return std::string(profile.text(id)); }

void compare_binaries(const Profile& a, const Profile& b, std::vector<std::string>& problems) {
  if (!a.mappings.empty() && !b.mappings.empty()) {
    std::string file_a = base_name(text_of(a, a.mappings[0].file)),
                file_b = base_name(text_of(b, b.mappings[0].file));
    std::string id_a = text_of(a, a.mappings[0].build_id), id_b = text_of(b, b.mappings[0].build_id);
    if (file_a != file_b)
      problems.push_back(fmt::format("different programs: {} and {}", file_a, file_b));
    else if (id_a != id_b)
      problems.push_back(fmt::format("different builds of {}: functions are matched by name", file_a));
  }
  std::string go_a = go_release_of(a), go_b = go_release_of(b);
  if (!go_a.empty() && !go_b.empty() && go_a != go_b)
    problems.push_back(fmt::format("different releases of Go: {} and {}", go_a, go_b));
}

void compare_sampling(const Side& a, const Side& b, std::vector<std::string>& problems) {
  if (a.profile.period != b.profile.period)
    problems.push_back(fmt::format("different sampling: one sample every {} and every {} {}",
                                   a.profile.period, b.profile.period,
                                   b.profile.text(b.profile.period_type.unit)));
  if (b.sampling.kind == SamplingKind::kUnknown)
    problems.push_back(fmt::format("noise is not known: {}", b.sampling.why_unknown));
  constexpr std::int64_t kShort = 30'000'000'000;
  bool is_time = a.sampling.kind == SamplingKind::kTime;
  for (const Side* side : {&a, &b})
    if (is_time && side->profile.duration_nanos < kShort)
      problems.push_back(fmt::format("the {} profile took {}, at least 30s make functions comparable",
                                     side == &a ? "first" : "second",
                                     value_label(side->profile.duration_nanos, "nanoseconds")));
}

// By how much to divide values so that profiles of different length say the same.
void scale_to_seconds(Side& a, Side& b, std::vector<std::string>& problems) {
  double length_a = double(a.profile.duration_nanos), length_b = double(b.profile.duration_nanos);
  constexpr double kAlike = 0.01;
  if (a.sampling.kind != SamplingKind::kTime || length_a <= 0 || length_b <= 0) return;
  if (std::abs(length_a / length_b - 1) < kAlike) return;
  a.scale = length_b / length_a;
  problems.push_back(fmt::format("different lengths, {} and {}: values of the first are scaled to the second",
                                 value_label(a.profile.duration_nanos, "nanoseconds"),
                                 value_label(b.profile.duration_nanos, "nanoseconds")));
}

void compare_inlining(const Side& a, const Side& b, std::vector<std::string>& problems) {
  std::vector<std::string> only_first, only_second;
  for (const auto& [name, one] : a.functions) {
    auto at = b.functions.find(name);
    if (at == b.functions.end()) continue;
    const Function& other = at->second;
    if (one.is_inlined && !one.is_called && other.is_called && !other.is_inlined) only_first.push_back(name);
    if (other.is_inlined && !other.is_called && one.is_called && !one.is_inlined) only_second.push_back(name);
  }
  auto say = [&](std::vector<std::string>& names, const char* which) {
    if (names.empty()) return;
    std::size_t count = names.size();
    names.resize(std::min<std::size_t>(count, 3));
    problems.push_back(fmt::format("inlined only in the {}: {}{}", which, fmt::join(names, ", "),
                                   count > 3 ? fmt::format(" and {} more", count - 3) : ""));
  };
  say(only_first, "first");
  say(only_second, "second");
}

class ProfileComparer {
 public:
  ProfileComparer(const Side& a, const Side& b, const CompareLimits& limits) : a_(a), b_(b), limits_(limits) {
    unit_ = text_of(b.profile, b.profile.sample_types[b.value].unit);
    metric_ = text_of(b.profile, b.profile.sample_types[b.value].type);
  }

  ComparedRow row(const std::string& name, const Function* before, const Function* after) const {
    static const Function kNone;
    const Function &old = before ? *before : kNone, &now = after ? *after : kNone;
    ComparedRow row{.name = name, .metric = metric_, .unit = unit_, .before = old.flat, .after = now.flat};
    row.file = now.file.empty() ? old.file : now.file;
    row.line = now.file.empty() ? old.line : now.line;
    row.id = make_id("profile", metric_, name);
    double whole_before = a_.total != 0 ? a_.total : b_.total;
    row.change = whole_before == 0 ? 0 : (row.after - row.before) / whole_before;
    judge(row, limits_of(old.sampled, now.sampled));
    return row;
  }
  ComparedRow total() const {
    ComparedRow row{
        .name = kAllFunctions, .metric = metric_, .unit = unit_, .before = a_.total, .after = b_.total};
    row.id = make_id("profile", metric_, "");
    row.change = a_.total == 0 ? 0 : b_.total / a_.total - 1;
    judge(row, limits_of(a_.sampled, b_.sampled));
    return row;
  }
  std::string summary() const {
    std::optional<Interval> limits = limits_of(a_.sampled, b_.sampled);
    std::string words = fmt::format("{} {} to {}", metric_, text(a_.total), text(b_.total));
    if (a_.total > 0) words += fmt::format(" ({:+.1f}%)", (b_.total / a_.total - 1) * 100);
    if (limits && limits->holds(0)) words += ", which may be noise";
    return words;
  }

 private:
  std::string text(double value) const { return value_label(whole(std::round(value)), unit_); }

  std::optional<Interval> limits_of(SampledSum before, const SampledSum& after) const {
    if (!a_.sampling.has_limits() || !b_.sampling.has_limits()) return std::nullopt;
    if (a_.scale == 1) return difference_interval(after, before);
    return difference_interval(after, before.scaled(a_.scale));
  }
  void judge(ComparedRow& row, const std::optional<Interval>& limits) const {
    if (limits && (limits->high > limits->low))
      row.limits = "\u00b1" + text((limits->high - limits->low) / 2);
    if (row.before == row.after) return;
    if (std::abs(row.change) < limits_.threshold) {
      row.verdict = ChangeKind::kSame;
    } else if (limits && limits->holds(0)) {
      row.verdict = ChangeKind::kNoise;
    } else {
      row.verdict = row.change > 0 ? ChangeKind::kWorse : ChangeKind::kBetter;
      if (row.change > 0) row.severity = severity_of_change(row.change);
    }
  }

  const Side &a_, &b_;
  const CompareLimits& limits_;
  std::string unit_, metric_;
};

// The profile's type of that name; of a scaled kind it may be in another unit.
Result<void> check_types(const Side& a, const Side& b) {
  const ValueType &x = a.profile.sample_types[a.value], &y = b.profile.sample_types[b.value];
  if (a.profile.text(x.type) == b.profile.text(y.type) && a.profile.text(x.unit) == b.profile.text(y.unit))
    return {};
  return fail(Cause::usage, "the first profile has {} in {}, the second {} in {}: want two of one kind",
              a.profile.text(x.type), a.profile.text(x.unit), b.profile.text(y.type), b.profile.text(y.unit));
}

}  // namespace

std::string go_release_of(const Profile& profile) {
  for (const ProfileFunction& function : profile.functions) {
    std::string_view file = profile.text(function.file);
    if (file.find("/src/runtime/") == file.npos) continue;
    if (std::string release = release_in(file); !release.empty()) return release;
  }
  return "";
}

Result<Comparison> diff_profiles(Profile before, Profile after, const std::string& index,
                                 const CompareLimits& limits) {
  Side a{.profile = std::move(before)}, b{.profile = std::move(after)};
  b.value = TRY(sample_index(b.profile, index));
  std::string type = text_of(b.profile, b.profile.sample_types[b.value].type);
  auto value = sample_index(a.profile, type);
  if (!value)
    return fail(Cause::usage, "the second profile has {}, the first has none: {}", type, value.error().what);
  a.value = *value;
  TRY_VOID(check_types(a, b));
  Comparison out{.kind = "profile"};
  compare_binaries(a.profile, b.profile, out.problems);
  for (Side* side : {&a, &b}) side->sampling = sampling_of(side->profile, side->value);
  compare_sampling(a, b, out.problems);
  scale_to_seconds(a, b, out.problems);
  for (Side* side : {&a, &b}) TRY_VOID(count(*side));
  compare_inlining(a, b, out.problems);
  ProfileComparer comparer(a, b, limits);
  std::map<std::string, std::pair<const Function*, const Function*>> all;
  for (const auto& [name, function] : a.functions) all[name].first = &function;
  for (const auto& [name, function] : b.functions) all[name].second = &function;
  for (const auto& [name, sides] : all) {
    ComparedRow row = comparer.row(name, sides.first, sides.second);
    if (row.verdict == ChangeKind::kSame)
      ++out.same;
    else
      out.rows.push_back(std::move(row));
  }
  ComparedRow total = comparer.total();
  if (total.verdict == ChangeKind::kWorse || total.verdict == ChangeKind::kBetter)
    out.rows.push_back(std::move(total));
  out.summary = comparer.summary();
  sort_rows(out);
  return out;
}

}  // namespace memsnap
