#include "goheap/leak_proof.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint64_t kMainGoroutine = 1;

class LeakFinder {
 public:
  explicit LeakFinder(const LeakInputs& in)
      : in_(in), marked_(in.heap.objects()), blind_(in.heap.objects()), alive_(in.goroutines.size()) {}

  std::vector<std::uint8_t> find() {
    // The records of waiting goroutines lead to one another and to what they wait for.
    for (std::uint64_t sudog : in_.waits.sudogs)
      if (Place place = in_.heap.find(sudog); place.id != kNoObject) blind_[std::size_t(place.id)] = true;
    for (const StaticRoot& root : in_.statics) mark(root.value);
    for (const SpecialRoot& root : in_.specials) mark(root.value);
    for (std::uint64_t timers : in_.timer_heaps) mark(timers);
    for (bool more = true; more;) {
      spread();
      more = false;
      for (std::uint32_t row = 0; row < in_.goroutines.size(); ++row)
        if (!alive_[row] && may_wake(row)) revive(row), more = true;
    }
    std::vector<std::uint8_t> leaked(alive_.size());
    for (std::size_t i = 0; i < alive_.size(); ++i)
      leaked[i] = !alive_[i] && in_.goroutines[i].goid != kMainGoroutine;
    return leaked;
  }

 private:
  void mark(std::uint64_t value) {
    Place place = in_.heap.find(value);
    if (place.id != kNoObject) mark(place.id);
  }
  void mark(ObjectId id) {
    if (marked_[std::size_t(id)]) return;
    marked_[std::size_t(id)] = true;
    if (!blind_[std::size_t(id)]) open_.push_back(id);
  }

  void spread() {
    while (!open_.empty()) {
      std::size_t source = std::size_t(open_.back());
      open_.pop_back();
      for (std::uint32_t e = in_.edges.first[source]; e < in_.edges.first[source + 1]; ++e)
        mark(in_.edges.target[e]);
    }
  }

  bool may_wake(std::uint32_t row) const {
    const WaitTarget& target = in_.waits.targets[row];
    if (target.kind == WaitTarget::Kind::kOther) return true;
    return std::ranges::any_of(target.addresses, [&](std::uint64_t addr) {
      Place place = in_.heap.find(addr);
      return place.id == kNoObject || marked_[std::size_t(place.id)];
    });
  }

  void revive(std::uint32_t row) {
    alive_[row] = true;
    auto first = std::ranges::lower_bound(in_.stacks, row, {}, &StackRoot::goroutine);
    for (; first != in_.stacks.end() && first->goroutine == row; ++first) mark(first->value);
  }

  const LeakInputs& in_;
  std::vector<bool> marked_, blind_;
  std::vector<std::uint8_t> alive_;
  std::vector<ObjectId> open_;
};

}  // namespace

std::vector<std::uint8_t> leaked_goroutines(const LeakInputs& in) { return LeakFinder(in).find(); }

}  // namespace memsnap
