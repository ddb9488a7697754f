// What rules share when they make a finding: how many bytes are worth saying, how a rise is judged, and the
// words for numbers, places and commands. No rule's own knowledge is here.
#pragma once

#include "analysis/case.h"
#include "base/text.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

inline constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * kKiB;

// 240/s, 3.2/s, 18.0/min
std::string count_rate(double per_second);
// 1 goroutine, 12,044 goroutines
std::string plural(std::uint64_t n, std::string_view one);

// Waste can be proven by one capture, so its severity follows from its size alone: nothing below 64 KiB,
// medium from 1 MiB and a twentieth of the reached bytes on (64 MiB is always worth it), high from a quarter
// (and 8 MiB) or from 64 MiB that are a twentieth. A likely waste is medium at most, a hint low.
std::optional<Severity> waste_severity(const Case& what, std::uint64_t bytes, Confidence confidence);

// A rise needs captures. Six of them that agree are certain, four or five likely; fewer say only that a later
// comparison is worth it. `bytes` is what is held now: growth of something small is low.
struct Verdict {
  Severity severity = Severity::kInfo;
  Confidence confidence = Confidence::kHint;
};
std::optional<Verdict> growth_verdict(const Case& what, Trend trend, std::uint64_t bytes);

// The rise of an exact count (entries, elements, items, goroutines).
struct Rise {
  Growth growth;
  const SeriesRow* row = nullptr;  // null when the series does not have it
  bool rising() const { return growth.trend != Trend::kFlat; }
};
Rise rise_of(const Case& what, const SeriesRow* row, double least_rise);
// The bytes that come with the rise of a count, when `bytes` belong to `count` of them.
double bytes_per_second(const Rise& rise, std::uint64_t bytes, std::uint64_t count);

// "entries went from 1,200 to 2,400 in 5 s (240/s)", with the resolution when there are few captures. A unit
// that begins with "bytes" is printed as a size.
Evidence rise_evidence(const Case& what, const Rise& rise, std::string_view unit, std::string_view verb);

// A finding about one node with pattern, type, holder, sites, share and node filled in.
Finding claim(const Case& what, const char* rule, NodeId node, std::uint64_t bytes);
void set_bytes(const Case& what, Finding& finding, std::uint64_t bytes);

// The variable and the fields on the way to the container, as a programmer would write them:
// session.store.byUser[…].sessions. Never empty.
std::string place_words(const Holder& holder);
// memsnap maps 4127
std::string command(const Case& what, std::string_view verb);
// memsnap why 4127 0xc0001a2000: the path to an object; of a label, that to the objects of a type.
std::string why_command(const Case& what, NodeId node, std::string_view type);

std::string_view type_text(const Heap& heap, TypeId type);
TypeId type_of(const Heap& heap, ObjectId id);
Role role_of(const Heap& heap, ObjectId id);
Kind kind_of(const Heap& heap, TypeId type);
// The label or object in whose memory something lies.
NodeId owner_node(const Heap& heap, ObjectId object, RootId root);

// A value of a column that older snapshots and small tests leave out.
template <class T>
T cell(const Column<T>& column, std::size_t row, T otherwise) {
  return row < column.size() ? column[row] : otherwise;
}

// True when one of the nearest dominators is a part of a sync.Pool: what lies there is between two uses.
bool in_pool(const Heap& heap, ObjectId id);
// Whether a function belongs to the standard library or the runtime.
bool is_library(std::string_view function);

// Where these objects (sorted) were allocated, by the samples among them.
std::vector<Site> sites_of(const Case& what, std::span<const ObjectId> objects, std::size_t most = 3);
// Whether some sampled object of the sorted list was allocated below one of these functions of the runtime.
bool allocated_by(const Heap& heap, std::span<const ObjectId> objects,
                  std::initializer_list<std::string_view> functions);

}  // namespace memsnap
