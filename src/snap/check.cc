#include "snap/check.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

namespace memsnap::snap {
namespace {

struct ColumnName {
  std::string_view table, column;
  bool operator==(const ColumnName&) const = default;
};

// Columns of row numbers that may also say "none".
constexpr ColumnName kMayBeNone[] = {
    {"objects", "idom"}, {"roots", "goroutine"}, {"root_edges", "frame"},       {"maps", "object"},
    {"maps", "root"},    {"arrays", "holder"},   {"arrays", "holder_root"},     {"pools", "object"},
    {"pools", "root"},   {"goroutines", "root"}, {"goroutines", "wait_object"},
};

// Row numbers without a type of their own.
struct Reference {
  ColumnName from;
  std::string_view to;
};
constexpr Reference kReferences[] = {
    {{"roots", "goroutine"}, "goroutines"}, {{"keys", "map"}, "maps"}, {{"samples", "bucket"}, "buckets"}};

// Columns that a capture may leave empty.
constexpr ColumnName kMayBeEmpty[] = {{"arrays", "filled_to"}, {"types", "deletes"}, {"types", "evicts"}};

template <class Names>
bool contains(const Names& names, ColumnName name) {
  return std::ranges::find(names, name) != std::end(names);
}

std::size_t rows_of(const Heap& heap, std::string_view table) {
  std::size_t rows = 0;
  Heap::tables(heap, [&](std::string_view name, const auto& t) {
    if constexpr (requires { t.rows(); }) {
      if (name == table) rows = t.rows();
    }
  });
  return rows;
}

std::unexpected<Error> wrong(ColumnName name, std::size_t row, std::uint64_t value, std::uint64_t limit) {
  return fail(Cause::bad_input, "snapshot: row {} of column {}.{} is {}, expected less than {}", row,
              name.table, name.column, value, limit);
}

// All values are below the limit, or none where that is allowed.
template <class Values>
Result<void> check_below(ColumnName name, const Values& values, std::uint64_t limit) {
  using Value = typename Values::value_type;
  constexpr std::uint64_t kNone = std::uint64_t(std::uint32_t(~0u));
  bool none_allowed = contains(kMayBeNone, name);
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::uint64_t value;
    if constexpr (std::is_enum_v<Value>)
      value = std::uint64_t(std::to_underlying(values[row]));
    else
      value = std::uint64_t(values[row]);
    if (value >= limit && !(none_allowed && value == kNone)) return wrong(name, row, value, limit);
  }
  return {};
}

template <class T>
constexpr std::uint64_t enumerators() {
  if constexpr (std::is_same_v<T, Kind>)
    return std::uint64_t(Kind::kUnsafePointer) + 1;
  else if constexpr (std::is_same_v<T, Role>)
    return std::uint64_t(Role::kRuntime) + 1;
  else if constexpr (std::is_same_v<T, RootKind>)
    return std::uint64_t(RootKind::kRuntime) + 1;
  else if constexpr (std::is_same_v<T, MapLayout>)
    return std::uint64_t(MapLayout::kSyncMap) + 1;
  else if constexpr (std::is_same_v<T, GoroutineState>)
    return std::uint64_t(GoroutineState::kLeaked) + 1;
  else if constexpr (std::is_same_v<T, Proof>)
    return std::uint64_t(Proof::kNothingCanWake) + 1;
  else if constexpr (std::is_same_v<T, SpecialKind>)
    return std::uint64_t(SpecialKind::kOther) + 1;
  else if constexpr (std::is_same_v<T, BucketKind>)
    return std::uint64_t(BucketKind::kMutex) + 1;
  else
    return 0;
}

template <class Values>
Result<void> check_values(const Heap& heap, ColumnName name, const Values& values) {
  using Value = typename Values::value_type;
  if constexpr (std::is_same_v<Value, StringId>)
    return check_below(name, values, heap.strings.rows());
  else if constexpr (std::is_same_v<Value, ObjectId>)
    return check_below(name, values, heap.objects.rows());
  else if constexpr (std::is_same_v<Value, TypeId>)
    return check_below(name, values, heap.types.rows());
  else if constexpr (std::is_same_v<Value, RootId>)
    return check_below(name, values, heap.roots.rows());
  else if constexpr (std::is_same_v<Value, FrameId>)
    return check_below(name, values, heap.frames.rows());
  else if constexpr (std::is_same_v<Value, NodeId>)
    return check_below(name, values, std::uint64_t(heap.objects.rows()) + heap.roots.rows() + 1);
  else if constexpr (std::is_enum_v<Value> && !std::is_same_v<Value, Addr>)
    return check_below(name, values, enumerators<Value>());
  else if constexpr (std::is_same_v<Value, double>) {
    for (std::size_t row = 0; row < values.size(); ++row)
      if (!std::isfinite(values[row]))
        return fail(Cause::bad_input, "snapshot: row {} of column {}.{} is not a number", row, name.table,
                    name.column);
  } else if constexpr (std::is_same_v<Value, std::uint32_t>) {
    for (const Reference& r : kReferences)
      if (r.from == name) return check_below(name, values, rows_of(heap, r.to));
  }
  return {};
}

// first[i] .. first[i + 1] are the rows of i: ascending from 0 to the number of rows.
template <class Values>
Result<void> check_first_rows(ColumnName name, const Values& first, std::size_t owners, std::size_t rows) {
  if (first.empty() && owners == 0 && rows == 0) return {};
  bool right = first.size() == owners + 1 && first[0] == 0 && first.back() == rows &&
               std::is_sorted(first.begin(), first.end());
  if (right) return {};
  return fail(Cause::bad_input, "snapshot: column {}.{} does not ascend from 0 to {} in {} rows", name.table,
              name.column, rows, owners + 1);
}

template <class Values>
Result<void> check_ascending(ColumnName name, const Values& values, bool strictly) {
  for (std::size_t row = 1; row < values.size(); ++row) {
    if (values[row - 1] < values[row] || (!strictly && values[row - 1] == values[row])) continue;
    return fail(Cause::bad_input, "snapshot: column {}.{} is not in order at row {}", name.table, name.column,
                row);
  }
  return {};
}

Result<void> check_frames(const Heap& heap, std::string_view table, const Column<std::uint32_t>& first,
                          const Column<std::uint32_t>& count) {
  for (std::size_t row = 0; row < first.size(); ++row) {
    std::uint64_t end = std::uint64_t(first[row]) + count[row];
    if (count[row] != 0 && end > heap.frames.rows())
      return wrong({table, "first_frame"}, row, end, heap.frames.rows() + 1);
  }
  return {};
}

Result<void> check_strings(const StringTable& t) {
  bool right = t.end.empty() ? t.text.empty()
                             : t.end[0] == 0 && t.end.back() == t.text.size() &&
                                   std::is_sorted(t.end.begin(), t.end.end());
  if (right) return {};
  return fail(Cause::bad_input, "snapshot: column strings.end does not ascend from 0 to {}", t.text.size());
}

// Whoever walks up from dominator to dominator comes to a root label.
Result<void> check_dominators(const Heap& heap) {
  const Column<NodeId>& idom = heap.objects.idom;
  enum : std::uint8_t { kNew, kOnPath, kGood };
  std::vector<std::uint8_t> state(idom.size(), kNew);
  std::vector<std::uint32_t> path;
  for (std::size_t row = 0; row < idom.size(); ++row) {
    bool reached = heap.objects.reached(ObjectId(std::uint32_t(row)));
    if (reached != (idom[row] != kNoNode))
      return fail(Cause::bad_input, "snapshot: object {} is {} and has {} dominator", row,
                  reached ? "reached" : "not reached", reached ? "no" : "a");
    NodeId at{std::uint32_t(row)};
    path.clear();
    while (heap.is_object(at) && state[std::size_t(at)] == kNew && idom[std::size_t(at)] != kNoNode) {
      state[std::size_t(at)] = kOnPath;
      path.push_back(std::uint32_t(at));
      at = idom[std::size_t(at)];
    }
    bool good = path.empty() || !heap.is_object(at) || state[std::size_t(at)] == kGood;
    if (!good)
      return fail(Cause::bad_input, "snapshot: the dominators above object {} do not lead to a root", row);
    for (std::uint32_t object : path) state[object] = kGood;
  }
  return {};
}

Result<void> check_edges(const Heap& heap) {
  const EdgeTable& t = heap.edges;
  TRY_VOID(check_first_rows({"edges", "first"}, t.first, heap.objects.rows(), t.target.size()));
  const Column<std::uint32_t>& words = heap.objects.words;
  for (std::size_t object = 0; object + 1 < t.first.size(); ++object)
    for (std::size_t row = t.first[object]; row < t.first[object + 1]; ++row)
      if (t.at[row] >= words[object]) return wrong({"edges", "at"}, row, t.at[row], words[object]);
  return {};
}

// What a table promises beyond its single values.
Result<void> check_shape(const Heap& heap, std::string_view table) {
  if (table == "strings") return check_strings(heap.strings);
  if (table == "objects") {
    TRY_VOID(check_ascending({"objects", "addr"}, heap.objects.addr, true));
    return check_dominators(heap);
  }
  if (table == "edges") return check_edges(heap);
  if (table == "types")
    return check_first_rows({"types", "first_field"}, heap.types.first_field, heap.types.rows(),
                            heap.fields.rows());
  if (table == "roots") {
    constexpr std::uint64_t kPhases = 4;
    return check_below({"roots", "phase"}, heap.roots.phase, kPhases);
  }
  if (table == "root_edges") return check_ascending({"root_edges", "root"}, heap.root_edges.root, false);
  if (table == "samples") return check_ascending({"samples", "object"}, heap.samples.object, false);
  if (table == "goroutines")
    return check_frames(heap, table, heap.goroutines.first_frame, heap.goroutines.frames);
  if (table == "buckets") return check_frames(heap, table, heap.buckets.first_frame, heap.buckets.frames);
  return {};
}

}  // namespace

Result<void> check_row_counts(const Heap& heap) {
  Result<void> answer;
  auto expect = [&](ColumnName name, std::size_t rows, std::size_t expected) {
    bool right = rows == expected || (rows == 0 && contains(kMayBeEmpty, name));
    if (answer && !right)
      answer = fail(Cause::bad_input, "snapshot: column {}.{} has {} rows, expected {}", name.table,
                    name.column, rows, expected);
  };
  Heap::tables(heap, [&](std::string_view table, const auto& t) {
    t.columns(t, [&](std::string_view column, const auto& values, std::string_view) {
      ColumnName name{table, column};
      bool lists = name == ColumnName{"strings", "text"} || name == ColumnName{"edges", "first"} ||
                   name == ColumnName{"types", "first_field"};
      if (lists) return;  // their lengths follow from what they hold: check_table
      if constexpr (requires { t.rows(); })
        expect(name, values.size(), t.rows());
      else
        expect(name, values.size(), t.target.size());
    });
  });
  // Node numbers, objects and labels and one more, are 32 bits with one value for none.
  if (answer &&
      std::uint64_t(heap.objects.rows()) + heap.roots.rows() + 1 >= std::uint64_t(std::uint32_t(kNoNode)))
    return fail(Cause::bad_input, "snapshot: {} objects, more than row numbers can tell apart",
                heap.objects.rows());
  return answer;
}

Result<void> check_table(const Heap& heap, std::string_view table) {
  Result<void> answer;
  Heap::tables(heap, [&](std::string_view name, const auto& t) {
    if (name != table) return;
    t.columns(t, [&](std::string_view column, const auto& values, std::string_view) {
      if (answer) answer = check_values(heap, {table, column}, values);
    });
  });
  if (!answer) return answer;
  return check_shape(heap, table);
}

}  // namespace memsnap::snap
