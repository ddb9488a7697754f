// Rule goroutine-leak: goroutines pile up where they wait.
//
// Two arguments, each enough by itself. Proof: what a goroutine is blocked on can be reached only from
// goroutines that are blocked likewise, so nothing that will ever run can wake it; that is a property of one
// capture and cannot be wrong about the program. Growth: the number with one start and one creator rises
// through all captures, and they wait at one place; a server under rising load looks so too, but only until
// the load is level, which is why growth without proof is not called proven.
//
// May accuse: a load that rises through the whole window, and a start-up that starts its workers slowly. Many
// goroutines that wait for long at a steady number (a pool of workers, idle connections) are at most a hint.
#include "analysis/goroutine_groups.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

namespace {

std::string where(const Heap& heap, const GoroutineGroup& group) {
  std::string reason(group.reason.empty() ? "not blocked" : group.reason);
  if (group.place == kNoRow) return reason;
  return fmt::format("{} in {}", reason, heap.text(heap.frames.function[group.place]));
}

std::string title_of(const Heap& heap, const GoroutineGroup& group, const Verdict& verdict) {
  std::uint64_t n = group.goroutines.size();
  if (verdict.confidence == Confidence::kProven)
    return fmt::format("{} blocked in {} can never wake", plural(group.proven, "goroutine"),
                       where(heap, group));
  const char* how = verdict.confidence == Confidence::kHint ? "wait" : "pile up";
  return fmt::format("{} of {} {}: {}", plural(n, "goroutine"), group.entry, how, where(heap, group));
}

// What the first of them is blocked on.
std::string blocked_on(const Heap& heap, const GoroutineGroup& group) {
  ObjectId object = heap.goroutines.wait_object[group.largest];
  if (object == kNoObject) return {};
  const ChannelTable& channels = heap.channels;
  for (std::size_t row = 0; row < channels.rows(); ++row) {
    if (channels.object[row] != object) continue;
    std::string size = channels.cap[row] == 0
                           ? "unbuffered"
                           : fmt::format("{} of {} slots full", channels.len[row], channels.cap[row]);
    return fmt::format("chan {}, {}, waiting on it: {} and {}", type_text(heap, channels.elem[row]), size,
                       plural(channels.receivers[row], "receiver"), plural(channels.senders[row], "sender"));
  }
  return std::string(type_text(heap, type_of(heap, object)));
}

void add_evidence(const Case& what, const GoroutineGroup& group, const Verdict& verdict, Finding& found) {
  const Heap& heap = what.heap();
  std::string verb = command(what, "goroutines");
  std::string age = group.longest_ns == 0 ? "" : ", the longest for " + human_duration(group.longest_ns);
  found.evidence.push_back(
      {"goroutine",
       fmt::format("{} started with {} by {}, {}{}", plural(group.goroutines.size(), "goroutine"),
                   group.entry, group.creator, where(heap, group), age),
       verb});
  if (std::string on = blocked_on(heap, group); !on.empty())
    found.evidence.push_back({"channel", "blocked on " + on, verb});
  if (verdict.confidence == Confidence::kProven)
    found.evidence.push_back(
        {"proof",
         fmt::format(
             "what {} wait for can be reached only from goroutines that wait as well",
             group.proven == group.goroutines.size() ? "they" : human_count(group.proven) + " of them"),
         verb});
  Rise rise = group_rise(what, group);
  if (rise.rising())
    found.evidence.push_back(rise_evidence(what, rise, "goroutines", command(what, "doctor")));
  found.evidence.push_back(
      {"memory",
       fmt::format("stacks {}, held by them {}", human_bytes(group.stacks), human_bytes(group.retained)),
       verb});
}

Finding report(const Case& what, const GoroutineGroup& group, const Verdict& verdict) {
  const Heap& heap = what.heap();
  RootId root = heap.goroutines.root[group.largest];
  NodeId node = root == kNoRoot ? kNoNode : heap.node(root);
  Finding found = claim(what, "goroutine-leak", node, group.bytes());
  found.severity = verdict.severity;
  found.confidence = verdict.confidence;
  found.title = title_of(heap, group, verdict);
  found.type = "goroutine";
  found.objects = group.goroutines.size();
  found.holder.kind = HolderKind::kGoroutine;
  found.holder.root = group.entry;
  found.sites.clear();
  found.sites.push_back({.function = std::string(group.creator),
                         .file = std::string(group.creator_file),
                         .line = int(group.creator_line),
                         .share = 1,
                         .source = "goroutine-creator"});
  if (group.place != kNoRow)
    found.sites.push_back({.function = std::string(heap.text(heap.frames.function[group.place])),
                           .file = std::string(heap.text(heap.frames.file[group.place])),
                           .line = int(heap.frames.line[group.place]),
                           .share = 1,
                           .source = "stack"});
  if (Rise rise = group_rise(what, group); rise.rising())
    found.growth_bytes_per_s = bytes_per_second(rise, group.bytes(), group.goroutines.size());
  add_evidence(what, group, verdict, found);
  return found;
}

}  // namespace

std::vector<Finding> goroutine_leak(const Case& what) {
  std::vector<Finding> found;
  for (const GoroutineGroup& group : goroutine_groups(what.heap()))
    if (auto verdict = leak_verdict(what, group)) found.push_back(report(what, group, *verdict));
  return found;
}

}  // namespace memsnap
