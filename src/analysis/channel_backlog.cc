// Rule channel-backlog: the buffer of a channel stays full of items.
//
// A full buffer at one instant is what a buffer is for. One that is nine tenths full in every one of four or
// more captures does not drain: its items are a standing cost, and senders wait. A length that rises through
// all captures will be there soon. One capture, or two or three, give a hint.
//
// May accuse: a semaphore made of a channel (its items are empty, so they weigh nothing and are not
// reported), and a queue that is meant to be full, such as one of prepared buffers.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kLeastSlots = 16, kLeastBytes = 64 * kKiB;

std::optional<Verdict> verdict_of(const Case& what, std::size_t row, const Rise& rise, std::uint64_t bytes) {
  const ChannelTable& channels = what.heap().channels;
  double full = 0.9 * double(channels.cap[row]);
  if (auto grown = growth_verdict(what, rise.growth.trend, bytes)) {
    // A buffer has an end, so its growth is not worth more than the items.
    auto waste = waste_severity(what, bytes, Confidence::kCertain);
    return Verdict{std::min(grown->severity, waste.value_or(Severity::kLow)), grown->confidence};
  }
  if (double(channels.len[row]) < full) return std::nullopt;
  bool always = rise.row != nullptr && rise.row->values.size() >= 4 &&
                std::ranges::all_of(rise.row->values, [&](double len) { return len >= full; });
  Confidence confidence = always ? Confidence::kCertain : Confidence::kHint;
  auto severity = waste_severity(what, bytes, confidence);
  if (!severity) return std::nullopt;
  // Senders that wait say that the receiver is behind. Without them the channel may be a store that is meant
  // to be full.
  bool behind = channels.senders[row] > 0;
  return Verdict{behind ? *severity : std::min(*severity, Severity::kMedium), confidence};
}

Finding report(const Case& what, std::size_t row, const Rise& rise, const Verdict& verdict) {
  const Heap& heap = what.heap();
  const ChannelTable& channels = heap.channels;
  NodeId node = heap.node(channels.object[row]);
  std::uint64_t bytes = what.retained(node);
  Finding found = claim(what, "channel-backlog", node, bytes);
  found.severity = verdict.severity;
  found.confidence = verdict.confidence;
  found.objects = channels.len[row];
  found.type = "chan " + std::string(type_text(heap, channels.elem[row]));
  found.title = fmt::format("{} {} {} of {} items", place_words(found.holder),
                            verdict.confidence == Confidence::kHint ? "holds" : "keeps",
                            human_count(channels.len[row]), human_count(channels.cap[row]));
  found.evidence.push_back(
      {"channel",
       fmt::format("{} of {} slots full, {} and {} waiting{}, {} with the items",
                   human_count(channels.len[row]), human_count(channels.cap[row]),
                   plural(channels.senders[row], "sender"), plural(channels.receivers[row], "receiver"),
                   channels.closed[row] != 0 ? ", closed" : "", human_bytes(bytes)),
       why_command(what, NodeId{found.node}, found.type)});
  if (rise.rising()) {
    found.growth_bytes_per_s = bytes_per_second(rise, bytes, channels.len[row]);
    found.evidence.push_back(rise_evidence(what, rise, "items", command(what, "doctor")));
  } else if (rise.row != nullptr && verdict.confidence == Confidence::kCertain) {
    found.evidence.push_back({"growth", fmt::format("as full in all {} captures", rise.row->values.size()),
                              command(what, "doctor")});
  }
  return found;
}

}  // namespace

std::vector<Finding> channel_backlog(const Case& what) {
  constexpr double kLeastRise = 16;  // items
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  for (std::size_t row = 0; row < heap.channels.rows(); ++row) {
    ObjectId object = heap.channels.object[row];
    if (heap.channels.cap[row] < kLeastSlots || object == kNoObject || !heap.objects.reached(object))
      continue;
    std::uint64_t bytes = what.retained(heap.node(object));
    if (bytes < kLeastBytes || heap.channels.len[row] == 0) continue;
    auto address = std::uint64_t(heap.objects.addr[std::size_t(object)]);
    Rise rise = rise_of(what, what.series().of(SeriesKind::kChannel, address), kLeastRise);
    if (auto verdict = verdict_of(what, row, rise, bytes)) found.push_back(report(what, row, rise, *verdict));
  }
  std::ranges::sort(found, std::greater{}, &Finding::retained_bytes);
  return found;
}

}  // namespace memsnap
