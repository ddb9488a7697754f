// Hulls of what slices and strings show of the arrays behind them. Nearly every array is shown whole by its
// one slice; those are told apart at once, by a bit, and only the others are put together.
#include "goheap/gather.h"
#include "goheap/hulls.h"
#include "goheap/typed_walk.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kLarge = 4096;       // arrays that always have a row
constexpr std::size_t kMostViews = 8 << 20;  // views that are kept until they are put together
constexpr std::uint64_t kHuge = std::uint64_t(1) << 32;
constexpr unsigned kHugeShift = 12;  // offsets in objects of 4 GiB and more are kept in pages

// A view that does not show its array whole, in 28 bytes.
struct Kept {
  std::uint32_t object = 0;
  std::uint32_t from = 0, to = 0, reach = 0;
  std::uint32_t holder = 0;  // ObjectId, or RootId when `rooted`
  std::uint32_t word = 0;
  std::uint32_t elem : 29 = 0;  // TypeId of the array; 0 for strings
  std::uint32_t rooted : 1 = 0;
  std::uint32_t text : 1 = 0;
  std::uint32_t on_stack : 1 = 0;
};

class ArrayFinder {
 public:
  ArrayFinder(const ContainerInputs& in, std::vector<std::uint16_t>& lengths, Heap& out)
      : in_(in), heap_(in.heap), model_(in.programs.model()), lengths_(lengths), out_(out) {
    whole_.resize(heap_.objects());
    lengths_.assign(heap_.objects(), 0);
  }

  void run() {
    TypedWalk(in_, out_, Wanted::kSlices)
        .run([&](const Step& step, const std::byte* memory, std::uint64_t room, std::uint64_t addr,
                 const Holding& holding) {
          if (step.op == Op::kSlice && room >= 24)
            take(load_word(memory), load_word(memory + 8), load_word(memory + 16), step.type, addr, holding);
          else if (step.op == Op::kString && room >= 16)
            take(load_word(memory), load_word(memory + 8), load_word(memory + 8), TypeId{}, addr, holding);
        });
    std::erase_if(kept_, [&](const Kept& view) { return whole_[view.object]; });
    std::ranges::sort(kept_, {}, [](const Kept& view) {
      return std::tuple(view.object, view.rooted, view.holder, view.word);
    });
    for (std::size_t i = 0; i < kept_.size();) {
      std::size_t end = i + 1;
      while (end < kept_.size() && kept_[end].object == kept_[i].object) ++end;
      put_together(std::span(kept_).subspan(i, end - i));
      i = end;
    }
    flag_other_pointers();
    probe();
  }

 private:
  std::uint64_t data_offset(const Place& place) const {
    const Span& span = heap_.spans()[place.span];
    return !span.noscan && span.elem_size > 512 && span.size_class != 0 ? 8 : 0;
  }

  void take(std::uint64_t pointer, std::uint64_t len, std::uint64_t cap, TypeId array, std::uint64_t addr,
            const Holding& holding) {
    Place place = heap_.find(pointer);
    if (place.id == kNoObject) return;
    std::size_t object = std::size_t(place.id);
    bool text = array == TypeId{};
    std::uint64_t size = text ? 1 : model_[array].size;
    View view = clipped_view(pointer - place.start, len, cap, size, place.size);
    if (text && view.from == 0 && place.size <= kLarge)
      lengths_[object] = std::max(lengths_[object], std::uint16_t(view.to));
    if (view.from <= data_offset(place)) view.from = 0;  // what is before it is the allocator's header
    if (whole_[object]) return;
    if (!is_array(out_.objects.type[object])) {
      // An array inside a struct: the rest of the struct is not hidden from anybody.
      whole_[object] = true;
      return;
    }
    if (place.size < kLarge && !much_hidden(place.size, view.to - view.from) &&
        !has_hidden(place, view.from, view.to)) {
      whole_[object] = true;
      return;
    }
    if (kept_.size() >= kMostViews) return;
    unsigned shift = place.size >= kHuge ? kHugeShift : 0;
    bool rooted = holding.object == kNoObject;
    // A page that a view shows a part of counts as shown.
    std::uint64_t round = (std::uint64_t(1) << shift) - 1;
    kept_.push_back({.object = std::uint32_t(object),
                     .from = std::uint32_t(view.from >> shift),
                     .to = std::uint32_t((view.to + round) >> shift),
                     .reach = std::uint32_t((view.reach + round) >> shift),
                     .holder = rooted ? std::uint32_t(holding.root) : std::uint32_t(holding.object),
                     .word = std::uint32_t((addr - holding.start) / 8),
                     .elem = std::uint32_t(array) & 0x1fffffff,
                     .rooted = rooted,
                     .text = text,
                     .on_stack = rooted && on_stack(holding.root)});
  }

  bool is_array(TypeId type) const {
    const GoType& row = model_[type];
    return type == TypeId{} || row.role == Role::kSliceArray || row.role == Role::kStringBytes ||
           (row.role == Role::kPlain && row.kind == Kind::kArray);
  }

  bool on_stack(RootId root) const {
    return std::size_t(root) < out_.roots.rows() &&
           out_.roots.kind[std::size_t(root)] == RootKind::kGoroutine;
  }

  // Pointers that are not nil and that no view shows. Words are looked at before masks: they are mostly zero.
  std::uint32_t hidden_pointers(const Place& place, std::uint64_t from, std::uint64_t to) const {
    std::uint32_t count = 0;
    heap_.each_pointer(place, [&](std::uint32_t word, std::uint64_t value) {
      std::uint64_t at = std::uint64_t(word) * 8;
      count += value != 0 && (at < from || at >= to);
    });
    return count;
  }
  bool has_hidden(const Place& place, std::uint64_t from, std::uint64_t to) const {
    const Span& span = heap_.spans()[place.span];
    if (span.noscan || span.memory == nullptr || (from == 0 && to + 8 > place.size)) return false;
    const std::byte* memory = span.memory + (place.start - span.start);
    bool clear = true;
    for (std::uint64_t at = data_offset(place); at + 8 <= from; at += 8) clear &= load_word(memory + at) == 0;
    for (std::uint64_t at = (to + 7) & ~std::uint64_t{7}; at + 8 <= place.size; at += 8)
      clear &= load_word(memory + at) == 0;
    return !clear && hidden_pointers(place, from, to) > 0;
  }

  void put_together(std::span<const Kept> views) {
    Place place = heap_.place(ObjectId(views[0].object));
    unsigned shift = place.size >= kHuge ? kHugeShift : 0;
    Hull hull;
    const Kept* longest = &views[0];
    std::uint32_t flags = 0, elem = 0, in_memory = 0;
    for (const Kept& view : views) {
      View wide{std::uint64_t(view.from) << shift, std::uint64_t(view.to) << shift,
                std::uint64_t(view.reach) << shift};
      if (hull.add(wide)) longest = &view;
      if (view.text)
        flags |= kArrayOfString;
      else if (elem == 0)
        elem = view.elem;
      in_memory += !view.on_stack;
    }
    std::uint64_t from = hull.shown_from(), to = std::min(hull.shown_to(), place.size);
    std::uint32_t hidden = hidden_pointers(place, from, to);
    if (place.size < kLarge && hidden == 0 && !much_hidden(place.size, to - from)) return;
    TypeId unit = model_[TypeId(elem)].elem;
    ArrayTable& arrays = out_.arrays;
    arrays.object.push_back(place.id);
    arrays.elem.push_back(unit);
    arrays.elem_size.push_back(
        elem == 0 ? 1 : std::uint32_t(std::min<std::uint64_t>(model_[TypeId(elem)].size, ~0u)));
    arrays.views.push_back(hull.views);
    arrays.shown_from.push_back(from);
    arrays.shown_to.push_back(to);
    arrays.reach_to.push_back(std::min(hull.reach, place.size));
    arrays.hidden_pointers.push_back(hidden);
    arrays.filled_to.push_back(0);
    arrays.holder.push_back(longest->rooted ? kNoObject : ObjectId(longest->holder));
    arrays.holder_root.push_back(longest->rooted ? RootId(longest->holder) : kNoRoot);
    arrays.holder_word.push_back(longest->word);
    arrays.flags.push_back(std::uint8_t(flags));
    in_memory_.push_back(in_memory);
  }

  // An array with more pointers to it than headers has a user that is neither slice nor string. Words of
  // stacks count on neither side: objects that they lead to are flagged as such.
  void flag_other_pointers() {
    std::span<const ObjectId> array = out_.arrays.object.view();  // ascending
    std::vector<bool> has_row(heap_.objects());
    for (ObjectId object : array) has_row[std::size_t(object)] = true;
    std::vector<std::uint32_t> pointers(array.size());
    auto count = [&](std::size_t object) {
      if (!has_row[object]) return;
      auto row = std::ranges::lower_bound(array, ObjectId(std::uint32_t(object)));
      ++pointers[std::size_t(row - array.begin())];
    };
    for (std::size_t source = 0; source + 1 < out_.edges.first.size(); ++source) {
      if (!out_.objects.reached(ObjectId(std::uint32_t(source)))) continue;
      for (std::uint32_t e = out_.edges.first[source]; e < out_.edges.first[source + 1]; ++e)
        count(std::size_t(out_.edges.target[e]));
    }
    for (const StaticRoot& root : in_.statics)
      if (Place place = heap_.find(root.value); place.id != kNoObject) count(std::size_t(place.id));
    auto flags = out_.arrays.flags.mine();
    for (std::size_t row = 0; row < flags.size(); ++row)
      if (pointers[row] > in_memory_[row]) flags[row] |= kArrayOtherPointers;
  }

  // Whether anything was ever written behind what is shown: scannable arrays are here, of others a few places
  // are read.
  void probe() {
    constexpr std::uint64_t kProbe = 256, kPlaces = 4;
    constexpr std::size_t kMostProbes = 20'000;
    std::vector<Range> ranges;
    std::vector<std::size_t> rows;
    auto filled = out_.arrays.filled_to.mine();
    for (std::size_t row = 0; row < filled.size(); ++row) {
      Place place = heap_.place(out_.arrays.object[row]);
      std::uint64_t from = out_.arrays.shown_to[row], size = place.size;
      if (from >= size) continue;
      const Span& span = heap_.spans()[place.span];
      if (span.memory != nullptr) {
        const std::byte* memory = span.memory + (place.start - span.start);
        std::uint64_t end = size;
        while (end >= from + 8 && load_word(memory + end - 8) == 0) end -= 8;
        filled[row] = end > from && end >= 8 && load_word(memory + end - 8) != 0 ? end : 0;
        continue;
      }
      if (!much_hidden(size, from) || ranges.size() >= kMostProbes * kPlaces) continue;
      std::uint64_t rest = size - from, each = std::min(kProbe, rest / kPlaces);
      for (std::uint64_t i = 0; i < kPlaces && each > 0; ++i) {
        std::uint64_t at = place.start + from + (rest - each) * i / (kPlaces - 1);
        ranges.push_back({at, at + each});
        rows.push_back(row);
      }
    }
    gather(heap_.memory(), ranges, [&](std::size_t i, std::span<const std::byte> bytes) {
      std::size_t end = bytes.size();
      while (end > 0 && bytes[end - 1] == std::byte{0}) --end;
      if (end == 0) return;
      std::uint64_t start = heap_.place(out_.arrays.object[rows[i]]).start;
      filled[rows[i]] = std::max(filled[rows[i]], ranges[i].from + end - start);
    });
  }

  const ContainerInputs& in_;
  const RawHeap& heap_;
  TypeModel& model_;
  std::vector<std::uint16_t>& lengths_;
  Heap& out_;
  std::vector<bool> whole_;  // objects that one view shows whole
  std::vector<Kept> kept_;
  std::vector<std::uint32_t> in_memory_;  // per row: views in objects and static memory
};

}  // namespace

void write_arrays(const ContainerInputs& in, std::vector<std::uint16_t>& string_lengths, Heap& out) {
  ArrayFinder(in, string_lengths, out).run();
}

}  // namespace memsnap
