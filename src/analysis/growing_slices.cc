#include "analysis/growing_slices.h"

#include <fmt/format.h>

#include <array>

namespace memsnap {

namespace {

// Room that was made before and is being filled is no growth of memory.
bool made_beforehand(const Heap& heap, ObjectId array) {
  std::array objects = {array};
  return allocated_by(heap, objects, {"runtime.makeslice"}) &&
         !allocated_by(heap, objects, {"runtime.growslice"});
}

std::optional<Finding> judge(const Case& what, const char* rule, const SeriesRow& row) {
  constexpr double kLeastRise = 16;  // elements
  const Heap& heap = what.heap();
  ObjectId array = heap.object_of(row.node);
  Rise rise = rise_of(what, &row, kLeastRise);
  std::uint64_t bytes = what.retained(row.node);
  auto verdict = growth_verdict(what, rise.growth.trend, bytes);
  if (!verdict) return std::nullopt;
  Finding found = claim(what, rule, row.node, bytes);
  bool ours = found.holder.kind == HolderKind::kGlobal && !found.holder.root.starts_with("runtime.");
  if (!ours) return std::nullopt;
  std::string sign;
  if (made_beforehand(heap, array))
    sign = "its array was made beforehand, so it fills room that is there";
  else if (std::string field = limit_beside(heap, type_above(heap, row.node)); !field.empty())
    sign = fmt::format("the field {} beside it looks like a limit", field);
  if (!sign.empty()) *verdict = {Severity::kLow, Confidence::kHint};

  auto length = std::uint64_t(row.values.back());
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.objects = length;
  found.growth_bytes_per_s = bytes_per_second(rise, bytes, length);
  found.title =
      place_words(found.holder) + (sign.empty() ? " is appended to and never cut" : " is being filled");
  found.evidence.push_back(rise_evidence(what, rise, "length", command(what, "doctor")));
  found.evidence.push_back(
      {"slice",
       fmt::format("{} in an array of {}, {} with what they hold", plural(length, "element"),
                   human_bytes(heap.objects.bytes(array)), human_bytes(bytes)),
       command(what, "slices")});
  if (!sign.empty())
    found.evidence.push_back(
        {"note", sign + ": compare again when it should be full", command(what, "doctor")});
  return found;
}

}  // namespace

std::vector<Finding> growing_slices(const Case& what, const char* rule,
                                    const std::function<bool(TypeId elem)>& wanted) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  for (const SeriesRow& row : what.series().rows) {
    if (row.kind != SeriesKind::kArray || row.node == kNoNode || !heap.is_object(row.node)) continue;
    ObjectId array = heap.object_of(row.node);
    std::size_t type = std::size_t(type_of(heap, array));
    TypeId elem = type < heap.types.rows() ? heap.types.elem[type] : TypeId{0};
    if (role_of(heap, array) != Role::kSliceArray || !wanted(elem)) continue;
    if (auto finding = judge(what, rule, row)) found.push_back(std::move(*finding));
  }
  return found;
}

}  // namespace memsnap
