#include "analysis/series_builder.h"

#include "analysis/fold.h"
#include "analysis/holder_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace memsnap {

namespace {

constexpr std::uint64_t kNamed = 4 << 10;    // bytes below a node that is followed by name
constexpr double kWorthARow = 64 << 10;      // bytes; less is no holder that anybody asks about
constexpr std::uint64_t kLeastEntries = 16;  // of a map or channel
constexpr std::size_t kFewCaptures = 3;      // so few are compared by all bytes: survivors need one more

// Sizes of which more than half of the objects went between two captures. There a new object may lie where an
// old one of the same type lay.
class Turnover {
 public:
  Turnover() : counts_(kSizes) {}
  void saw(std::uint32_t words, bool again) {
    ++counts_[words].before;
    counts_[words].again += again;
  }
  bool fast(std::uint32_t words) const {
    constexpr std::uint32_t kEnough = 64;
    const Count& count = counts_[std::min(words, kSizes - 1)];
    return count.before >= kEnough && count.again * 2ull < count.before;
  }

 private:
  static constexpr std::uint32_t kSizes = 1 << 16;  // words; larger ones count as one size
  struct Count {
    std::uint32_t before = 0, again = 0;
  };
  std::vector<Count> counts_;
};

}  // namespace

SeriesBuilder::Identity SeriesBuilder::identify(const Heap& heap) const {
  std::vector<std::uint32_t> hashes;  // rows of the type table may differ between captures, names do not
  for (StringId name : heap.types.name)
    hashes.push_back(std::uint32_t(std::hash<std::string_view>{}(heap.text(name))));
  Identity identity;
  std::size_t reached = 0;
  for (std::uint8_t flags : heap.objects.flags) reached += (flags & kReached) != 0;
  identity.addr.reserve(reached);
  identity.mark.reserve(reached);
  for (std::uint32_t id = 0; id < heap.objects.rows(); ++id) {
    if ((heap.objects.flags[id] & kReached) == 0) continue;
    std::uint32_t hash = hashes[std::size_t(heap.objects.type[id])];
    identity.addr.push_back(std::uint64_t(heap.objects.addr[id]));
    identity.mark.push_back((hash & 0xffff0000u) | (std::min(heap.objects.words[id], 0xffffu)));
  }
  return identity;
}

SeriesBuilder::Followed& SeriesBuilder::value(SeriesKind kind, std::string key, std::uint64_t address,
                                              double value) {
  Followed& row = rows_[{kind, std::move(key), address}];
  row.at[seconds_.size() - 1] += value;
  return row;
}

void SeriesBuilder::add(const Heap& heap, double seconds) {
  seconds_.push_back(seconds);
  for (auto& [key, row] : rows_) row.node = kNoNode;
  for (auto& [key, row] : reached_) row.node = kNoNode;
  Identity now = identify(heap);
  add_holders(heap, now);
  add_containers(heap);
  add_goroutines(heap);
  add_totals(heap);
  before_ = std::move(now);
}

namespace {

// A bit per object: whether it was there one capture earlier.
class Survivors {
 public:
  explicit Survivors(std::size_t objects) : bits_(objects) {}
  void add(std::uint32_t id) { bits_[id] = true; }
  bool contains(std::uint32_t id) const { return bits_[id]; }

 private:
  std::vector<bool> bits_;
};

std::uint32_t size_of(std::uint32_t mark) { return mark & 0xffffu; }

}  // namespace

void SeriesBuilder::add_holders(const Heap& heap, const Identity& now) {
  Survivors survivors(heap.objects.rows());
  Turnover turnover;
  std::size_t old = 0, row = 0;  // both lists are sorted by address, so they are walked together
  for (std::uint32_t id = 0; id < heap.objects.rows(); ++id) {
    if ((heap.objects.flags[id] & kReached) == 0) continue;
    for (; old < before_.addr.size() && before_.addr[old] < now.addr[row]; ++old)
      turnover.saw(size_of(before_.mark[old]), false);
    if (old < before_.addr.size() && before_.addr[old] == now.addr[row]) {
      bool same = before_.mark[old] == now.mark[row];
      turnover.saw(size_of(before_.mark[old]), same);
      if (same) survivors.add(id);
      ++old;
    }
    ++row;
  }
  for (; old < before_.addr.size(); ++old) turnover.saw(size_of(before_.mark[old]), false);

  HolderKeys keys(heap, kNamed);
  std::vector<Amounts> sums = keys.sum([&](std::uint32_t id) {
    double all = double(heap.objects.words[id]) * 8, kept = survivors.contains(id) ? all : 0;
    return Amounts{all, kept, turnover.fast(heap.objects.words[id]) ? kept : 0};
  });
  std::size_t capture = seconds_.size() - 1;
  for (std::uint32_t key = 0; key < keys.keys(); ++key) {
    if (capture < kFewCaptures) {
      Followed& followed = reached_[keys.text(key)];
      followed.at[capture] = sums[key].all;
      followed.node = keys.node(key);
    }
    if (capture == 0) continue;
    Followed& followed = value(SeriesKind::kHolder, keys.text(key), 0, sums[key].kept);
    followed.node = keys.node(key);
    followed.fast += sums[key].fast * 2 > sums[key].kept;
  }
  add_arrays(heap, keys);
}

// Append moves an array, so what is followed is its place.
void SeriesBuilder::add_arrays(const Heap& heap, const HolderKeys& keys) {
  for (std::size_t i = 0; i < heap.arrays.rows(); ++i) {
    NodeId array = heap.node(heap.arrays.object[i]);
    if (role_at(heap, array) != Role::kSliceArray) continue;
    std::uint32_t key = keys.key(array);
    if (key == kNoKey || heap.arrays.shown_to[i] < heap.arrays.shown_from[i]) continue;
    double shown = double(heap.arrays.shown_to[i] - heap.arrays.shown_from[i]);
    Followed& row =
        value(SeriesKind::kArray, keys.text(key), 0, shown / std::max(1u, heap.arrays.elem_size[i]));
    if (row.node == kNoNode || shown > row.largest) row.node = array, row.largest = shown;
  }
}

void SeriesBuilder::add_containers(const Heap& heap) {
  for (std::size_t i = 0; i < heap.maps.rows(); ++i) {
    if (heap.maps.len[i] < kLeastEntries) continue;
    ObjectId object = heap.maps.object[i];
    RootId root = heap.maps.root[i];
    std::string type(heap.text(heap.types.name[std::size_t(heap.maps.type[i])]));
    Followed& row = value(SeriesKind::kMap, std::move(type), std::uint64_t(heap.maps.header[i]),
                          double(heap.maps.len[i]));
    row.node = object != kNoObject ? heap.node(object) : root != kNoRoot ? heap.node(root) : kNoNode;
  }
  for (std::size_t i = 0; i < heap.channels.rows(); ++i) {
    ObjectId object = heap.channels.object[i];
    if (heap.channels.cap[i] < kLeastEntries || object == kNoObject) continue;
    auto address = std::uint64_t(heap.objects.addr[std::size_t(object)]);
    value(SeriesKind::kChannel, "", address, double(heap.channels.len[i])).node = heap.node(object);
  }
}

void SeriesBuilder::add_goroutines(const Heap& heap) {
  const GoroutineTable& table = heap.goroutines;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    bool main = table.creator_function[i] == StringId{0};
    if (main || table.system[i] != 0 || table.state[i] == GoroutineState::kDead) continue;
    std::string key = fmt::format("{} created by {}:{}", heap.text(table.start_function[i]),
                                  heap.text(table.creator_function[i]), table.creator_line[i]);
    Followed& row = value(SeriesKind::kGoroutines, std::move(key), 0, 1);
    if (row.node == kNoNode && table.root[i] != kNoRoot) row.node = heap.node(table.root[i]);
  }
}

void SeriesBuilder::add_totals(const Heap& heap) {
  double reached = 0;
  for (std::uint32_t id = 0; id < heap.objects.rows(); ++id)
    if ((heap.objects.flags[id] & kReached) != 0) reached += double(heap.objects.words[id]) * 8;
  value(SeriesKind::kHeap, "", 0, reached).node = heap.virtual_root();
  value(SeriesKind::kResident, "", 0, double(heap.counter("process.rss")));
  for (std::size_t i = 0; i < heap.counters.rows(); ++i) {
    std::string_view name = heap.text(heap.counters.name[i]);
    if (name.starts_with("memory.")) continue;  // the rows of the memory table say the same
    value(SeriesKind::kCounter, std::string(name), 0, double(heap.counters.value[i]));
  }
  for (std::size_t i = 0; i < heap.memory.rows(); ++i)
    value(SeriesKind::kCounter, fmt::format("memory.{}", heap.text(heap.memory.cause[i])), 0,
          double(heap.memory.resident[i]));
}

Series SeriesBuilder::take() && {
  Series series{.seconds = seconds_, .rows = {}};
  std::size_t captures = seconds_.size();
  auto add_row = [&](const Keyed& keyed, const Followed& followed) -> SeriesRow& {
    SeriesRow row{.kind = keyed.kind,
                  .key = keyed.key,
                  .address = keyed.address,
                  .node = followed.node,
                  .values = std::vector<double>(captures),
                  .uncertain = followed.fast * 2 > captures};
    for (auto [capture, value] : followed.at) row.values[capture] = value;
    return series.rows.emplace_back(std::move(row));
  };
  for (const auto& [keyed, followed] : rows_) {
    bool holder = keyed.kind == SeriesKind::kHolder;
    if (holder && captures <= kFewCaptures) continue;
    bool gone = !followed.at.contains(captures - 1);  // no longer there: nobody asks what it did before
    if (gone) continue;
    SeriesRow& row = add_row(keyed, followed);
    // What was there first and survived is what survived into the second capture.
    if (holder) row.values[0] = row.values[1];
    bool flat = std::ranges::all_of(row.values, [&](double v) { return v == row.values.front(); });
    bool small = holder && *std::ranges::max_element(row.values) < kWorthARow;
    if (small || (flat && keyed.kind == SeriesKind::kMap))
      series.rows.pop_back();
    else if (keyed.kind == SeriesKind::kMap)
      row.key.clear();
  }
  if (captures > kFewCaptures) return series;
  // Too few for survivors: all bytes.
  for (const auto& [key, followed] : reached_)
    if (followed.at.contains(captures - 1) && followed.at.at(captures - 1) >= kWorthARow)
      add_row({SeriesKind::kHolder, key, 0}, followed);
  return series;
}

}  // namespace memsnap
