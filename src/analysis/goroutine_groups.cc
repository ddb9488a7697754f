#include "analysis/goroutine_groups.h"

#include "analysis/sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace memsnap {

namespace {

// `go f(x)` starts a wrapper that the compiler made (f.gowrap1); the outermost frame names f.
std::string_view entry_of(const Heap& heap, std::size_t row) {
  std::uint32_t first = heap.goroutines.first_frame[row], frames = heap.goroutines.frames[row];
  for (std::uint32_t at = first + frames; at-- > first;) {
    if (at >= heap.frames.rows()) continue;
    std::string_view function = heap.text(heap.frames.function[at]);
    if (function != "runtime.goexit" && function.find(".gowrap") == std::string_view::npos) return function;
  }
  return heap.text(heap.goroutines.start_function[row]);
}

bool blocked(GoroutineState state) {
  return state == GoroutineState::kWaiting || state == GoroutineState::kLeaked;
}

void add(const Heap& heap, GoroutineGroup& group, std::uint32_t row) {
  const GoroutineTable& table = heap.goroutines;
  auto below = [&](std::uint32_t g) {
    RootId root = table.root[g];
    return root == kNoRoot ? 0 : heap.roots.retained[std::size_t(root)];
  };
  if (group.goroutines.empty() || below(row) > below(group.largest)) group.largest = row;
  group.goroutines.push_back(row);
  group.proven += table.proof[row] == Proof::kNothingCanWake;
  group.stacks += table.stack_bytes[row];
  group.retained += below(row);
  group.longest_ns = std::max(group.longest_ns, table.wait_ns[row]);
}

}  // namespace

std::uint32_t place_of(const Heap& heap, std::size_t row) {
  std::uint32_t first = heap.goroutines.first_frame[row], frames = heap.goroutines.frames[row];
  if (frames == 0 || first >= heap.frames.rows()) return kNoRow;
  for (std::uint32_t at = first; at < first + frames && at < heap.frames.rows(); ++at)
    if (is_user_frame(heap, at)) return at;
  for (std::uint32_t at = first; at < first + frames && at < heap.frames.rows(); ++at)
    if (std::string_view name = heap.text(heap.frames.function[at]);
        !name.starts_with("runtime.") && !name.starts_with("internal/"))
      return at;
  return first;
}

std::vector<GoroutineGroup> goroutine_groups(const Heap& heap) {
  using Key = std::tuple<StringId, StringId, std::uint32_t, StringId, StringId, std::uint32_t>;
  const GoroutineTable& table = heap.goroutines;
  std::map<Key, GoroutineGroup> groups;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    bool main = table.creator_function[row] == StringId{0};
    if (main || table.system[row] != 0 || table.state[row] == GoroutineState::kDead) continue;
    std::uint32_t place = place_of(heap, row);
    StringId function = place == kNoRow ? StringId{0} : heap.frames.function[place];
    Key key{table.start_function[row],
            table.creator_function[row],
            table.creator_line[row],
            table.wait_reason[row],
            function,
            place == kNoRow ? 0 : heap.frames.line[place]};
    GoroutineGroup& group = groups[key];
    if (group.goroutines.empty()) {
      group.start = heap.text(table.start_function[row]);
      group.entry = entry_of(heap, row);
      group.creator = heap.text(table.creator_function[row]);
      group.creator_file = heap.text(table.creator_file[row]);
      group.creator_line = table.creator_line[row];
      group.reason = heap.text(table.wait_reason[row]);
      group.place = place;
      group.waiting = blocked(table.state[row]);
    }
    add(heap, group, row);
  }
  std::vector<GoroutineGroup> sorted;
  for (auto& [key, group] : groups) sorted.push_back(std::move(group));
  std::ranges::sort(sorted, std::greater{}, &GoroutineGroup::bytes);
  return sorted;
}

Rise group_rise(const Case& what, const GoroutineGroup& group) {
  constexpr double kLeastRise = 10;  // goroutines
  std::string key = fmt::format("{} created by {}:{}", group.start, group.creator, group.creator_line);
  return rise_of(what, what.series().of(SeriesKind::kGoroutines, key), kLeastRise);
}

std::optional<Verdict> leak_verdict(const Case& what, const GoroutineGroup& group) {
  constexpr std::uint64_t kPile = 10, kCrowd = 1000;
  constexpr std::uint64_t kLong = 300'000'000'000;  // ns: longer than a request or a retry usually takes
  std::uint64_t n = group.goroutines.size();
  bool forever =
      group.reason.starts_with("select (no cases)");  // select {}: a way to park that is often meant
  Trend trend = group_rise(what, group).growth.trend;
  if (group.proven >= kPile || (group.proven > 0 && group.bytes() >= 64 * kKiB && !forever)) {
    bool large = group.bytes() >= std::max(kMiB, what.reached_bytes() / 20);
    bool high = large || group.proven >= kCrowd || trend == Trend::kGrowing;
    return Verdict{high ? Severity::kHigh : Severity::kMedium, Confidence::kProven};
  }
  if (!group.waiting) return std::nullopt;  // at work, however many there are
  if (trend == Trend::kGrowing && n >= kPile) {
    bool high = n >= kCrowd || group.bytes() >= std::max(kMiB, what.reached_bytes() / 20);
    return Verdict{high ? Severity::kHigh : Severity::kMedium, Confidence::kCertain};
  }
  if (trend == Trend::kSuspect && n >= kPile)
    return Verdict{n >= 100 ? Severity::kMedium : Severity::kLow, Confidence::kLikely};
  if (trend == Trend::kHint && n >= kPile) return Verdict{Severity::kLow, Confidence::kHint};
  bool crowd = n >= kCrowd && group.longest_ns >= kLong;
  return crowd ? std::optional(Verdict{Severity::kLow, Confidence::kHint}) : std::nullopt;
}

}  // namespace memsnap
