#include "goheap/wait_targets.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace memsnap {
namespace {

constexpr std::uint64_t kSemaphoreRoots = 251,
                        kRootSize = 64;       // runtime/sema.go, semTable: one per cache line
constexpr std::size_t kMostSudogs = 1 << 24;  // of one process
constexpr int kMostCases = 1 << 16;           // of a select statement, runtime/select.go

enum class Reason : std::uint8_t { kOther, kNever, kChannel, kSemaphore, kCondition };

Reason classify(std::string_view reason) {
  constexpr std::array<std::string_view, 3> kNever = {"chan receive (nil chan)", "chan send (nil chan)",
                                                      "select (no cases)"};
  constexpr std::array<std::string_view, 3> kChannel = {"chan receive", "chan send", "select"};
  constexpr std::array<std::string_view, 5> kSemaphore = {
      "semacquire", "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.RWMutex.Lock", "sync.WaitGroup.Wait"};
  auto among = [&](const auto& words) { return std::ranges::find(words, reason) != words.end(); };
  if (among(kNever)) return Reason::kNever;
  if (among(kChannel)) return Reason::kChannel;
  if (among(kSemaphore)) return Reason::kSemaphore;
  return reason == "sync.Cond.Wait" ? Reason::kCondition : Reason::kOther;
}

class WaitReader {
 public:
  WaitReader(const RawHeap& heap, std::uint64_t bias) : heap_(heap), bias_(bias) {
    const Layout& layout = heap.program().layout;
    auto of = [&](std::string_view field) { return layout.at("runtime.sudog", field); };
    g_ = of("g"), next_ = of("next"), prev_ = of("prev"), wait_link_ = of("waitlink");
    // From go1.26 on two words each: the leak finder hides the first (maybeTraceablePtr).
    linked_ = layout.has("runtime.sudog", "elem.vu");
    elem_ = linked_ ? of("elem.vu") : of("elem");
    channel_ = linked_ ? of("c.maybeTraceablePtr.vu") : of("c");
    treap_ = layout.at("runtime.semaRoot", "treap");
    list_head_ = layout.at("runtime.notifyList", "head");
    count_ = layout.at("runtime.hchan", "qcount"), capacity_ = layout.at("runtime.hchan", "dataqsiz");
  }

  Waits read(std::span<const Goroutine> goroutines) {
    read_semaphores();
    for (const Goroutine& goroutine : goroutines)
      if (classify(wait_reason(heap_, goroutine)) == Reason::kCondition) on_conditions_.insert(goroutine.g);
    for (const Goroutine& goroutine : goroutines) waits_.targets.push_back(target_of(goroutine));
    return std::move(waits_);
  }

 private:
  WaitTarget target_of(const Goroutine& goroutine) {
    WaitTarget target;
    std::uint64_t sudog = goroutine.waiting;
    for (int i = 0; sudog != 0 && i < kMostCases; ++i, sudog = heap_.word(sudog + wait_link_))
      waits_.sudogs.push_back(sudog);
    if (goroutine.status != GStatus::kWaiting && goroutine.status != GStatus::kLeaked) return target;
    switch (classify(wait_reason(heap_, goroutine))) {
      case Reason::kOther: return target;
      case Reason::kNever: target.kind = WaitTarget::Kind::kNothing; return target;
      case Reason::kChannel: add_channels(goroutine, target); break;
      case Reason::kSemaphore: add_semaphore(goroutine, target); break;
      case Reason::kCondition: add_condition(goroutine, target); break;
    }
    if (!target.addresses.empty()) target.kind = WaitTarget::Kind::kObjects;
    return target;
  }

  void add_channels(const Goroutine& goroutine, WaitTarget& target) {
    std::uint64_t sudog = goroutine.waiting;
    if (sudog == 0) return;  // dequeued, and about to be woken
    for (int i = 0; sudog != 0 && i < kMostCases; ++i, sudog = heap_.word(sudog + wait_link_)) {
      std::uint64_t channel = heap_.word(sudog + channel_);
      if (channel) target.addresses.push_back(channel);
      if (channel && heap_.word(channel + count_) > heap_.word(channel + capacity_)) ++waits_.insane;
    }
  }

  void add_semaphore(const Goroutine& goroutine, WaitTarget& target) {
    auto found = semaphore_of_.find(goroutine.g);
    if (found != semaphore_of_.end()) target.addresses.push_back(found->second);
  }

  void add_condition(const Goroutine& goroutine, WaitTarget& target) {
    if (linked_) {
      if (std::uint64_t list = goroutine.waiting ? heap_.word(goroutine.waiting + elem_) : 0)
        target.addresses.push_back(list);
      return;
    }
    // Until go1.25 nothing leads from the goroutine to the condition but the argument on its own stack.
    auto known = condition_of_.find(goroutine.g);
    for (std::uint64_t at = goroutine.sp; known == condition_of_.end() && at + 8 <= goroutine.hi; at += 8) {
      follow_list(heap_.word(at));
      known = condition_of_.find(goroutine.g);
    }
    if (known != condition_of_.end()) target.addresses.push_back(known->second);
  }

  // The goroutines on a notifyList, if it is one.
  void follow_list(std::uint64_t list) {
    if (list % 8 || !is_variable(list) || !lists_.insert(list).second) return;
    std::uint64_t sudog = heap_.word(list + list_head_);
    for (std::size_t i = 0; sudog != 0 && i < kMostSudogs; ++i, sudog = heap_.word(sudog + next_)) {
      Place place = heap_.find(sudog);
      if (place.id == kNoObject || place.start != sudog) return;
      std::uint64_t g = heap_.word(sudog + g_);
      if (!on_conditions_.contains(g) || !condition_of_.try_emplace(g, list).second) return;
      waits_.sudogs.push_back(sudog);
    }
  }

  bool is_variable(std::uint64_t addr) const {
    if (heap_.find(addr).id != kNoObject) return true;
    return std::ranges::any_of(heap_.modules(), [&](const ModuleData& m) {
      return (addr >= m.noptrdata && addr < m.edata) || (addr >= m.bss && addr < m.enoptrbss);
    });
  }

  // Waiters of all semaphores: a treap of addresses, each with a list of those that wait for it.
  void read_semaphores() {
    auto table = heap_.program().symbol_if("runtime.semtable");
    if (!table) return;
    std::vector<std::uint64_t> open;
    for (std::uint64_t root = 0; root < kSemaphoreRoots; ++root)
      open.push_back(heap_.word(*table + bias_ + root * kRootSize + treap_));
    std::unordered_set<std::uint64_t> seen;
    while (!open.empty() && seen.size() < kMostSudogs) {
      std::uint64_t sudog = open.back();
      open.pop_back();
      if (sudog == 0 || heap_.find(sudog).id == kNoObject || !seen.insert(sudog).second) continue;
      waits_.sudogs.push_back(sudog);
      semaphore_of_.emplace(heap_.word(sudog + g_), heap_.word(sudog + elem_));
      open.insert(open.end(),
                  {heap_.word(sudog + prev_), heap_.word(sudog + next_), heap_.word(sudog + wait_link_)});
    }
  }

  const RawHeap& heap_;
  std::uint64_t bias_;
  std::uint64_t g_, next_, prev_, wait_link_, elem_, channel_, treap_, list_head_, count_, capacity_;
  bool linked_ = false;  // g.waiting leads to every sudog
  std::unordered_map<std::uint64_t, std::uint64_t> semaphore_of_, condition_of_;  // by g
  std::unordered_set<std::uint64_t> lists_, on_conditions_;
  Waits waits_;
};

}  // namespace

std::string_view wait_reason(const RawHeap& heap, const Goroutine& goroutine) {
  if (goroutine.status != GStatus::kWaiting && goroutine.status != GStatus::kLeaked) return "";
  return heap.program().layout.wait_reason(goroutine.wait_reason);
}

Waits find_wait_targets(const RawHeap& heap, std::uint64_t bias, std::span<const Goroutine> goroutines) {
  return WaitReader(heap, bias).read(goroutines);
}

}  // namespace memsnap
