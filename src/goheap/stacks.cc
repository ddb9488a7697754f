#include "goheap/stacks.h"

#include <algorithm>
#include <map>

namespace memsnap {
namespace {

constexpr std::size_t kMostFrames = 1 << 24;  // of one goroutine
constexpr std::size_t kMostShown = 1000;      // that get rows of the frame table
constexpr int kMostDefers = 1 << 22;

struct Frame {
  const FrameShape* shape = nullptr;
  std::uint64_t pc = 0, sp = 0;
  std::uint64_t args = 0;  // address behind the return address: the caller's sp, DWARF's CFA
  std::uint64_t locals_end = 0;
  PcKind kind = PcKind::kReturn;
  bool conservative = false;
};

// Gives frames their rows, equal stacks the same ones.
class TraceTable {
 public:
  TraceTable(StringPool& strings, FrameTable& frames) : strings_(strings), frames_(frames) {}

  struct Known {
    Trace trace;
    std::vector<FrameId> rows;  // of each frame: that of the function itself, behind the calls inlined in it
  };
  const Known& add(std::span<const Frame> frames) {
    std::vector<std::uint64_t> key;
    for (const Frame& frame : frames.first(std::min(frames.size(), kMostShown)))
      key.push_back(frame.pc * 4 + std::uint64_t(frame.kind));
    auto [place, fresh] = known_.try_emplace(std::move(key));
    if (!fresh) return place->second;
    Known& made = place->second;
    made.trace.first_frame = std::uint32_t(frames_.rows());
    for (const Frame& frame : frames.first(std::min(frames.size(), kMostShown))) {
      for (const GoFrame& line : frame.shape->lines) {
        frames_.function.push_back(strings_.add(line.function));
        frames_.file.push_back(strings_.add(line.file));
        frames_.line.push_back(line.line);
        frames_.pc.push_back(frame.pc - (frame.kind == PcKind::kReturn ? 1 : 0));
      }
      made.rows.push_back(frames_.rows() == 0 ? kNoFrame : FrameId(std::uint32_t(frames_.rows() - 1)));
    }
    made.trace.frames = std::uint32_t(frames_.rows()) - made.trace.first_frame;
    return made;
  }

 private:
  StringPool& strings_;
  FrameTable& frames_;
  std::map<std::vector<std::uint64_t>, Known> known_;
};

// Variables of the functions by the words of a frame.
class FrameVariables {
 public:
  FrameVariables(const DwarfIndex& dwarf, StringPool& strings) : dwarf_(dwarf), strings_(strings) {}

  void name(const Frame& frame, StackRoot& root) {
    std::int64_t offset = std::int64_t(root.slot - frame.args);
    for (const DwarfLocal& local : at(frame.shape->lookup_pc)) {
      if (offset < local.cfa_offset || offset >= local.cfa_offset + std::int64_t(local.size)) continue;
      root.name = strings_.add(local.name);
      root.type = local.type;
      root.type_offset = local.type_offset + std::uint64_t(offset - local.cfa_offset);
      root.type_bytes = local.size - std::uint64_t(offset - local.cfa_offset);
      return;
    }
  }

 private:
  const std::vector<DwarfLocal>& at(std::uint64_t pc) {
    auto [place, fresh] = known_.try_emplace(pc);
    if (fresh)
      if (auto locals = dwarf_.locals_at(pc)) place->second = std::move(*locals);
    return place->second;
  }

  const DwarfIndex& dwarf_;
  StringPool& strings_;
  std::unordered_map<std::uint64_t, std::vector<DwarfLocal>> known_;
};

class StackScanner {
 public:
  StackScanner(const RawHeap& heap, StringPool& strings, FrameTable& frames)
      : heap_(heap), shapes_(heap), traces_(strings, frames), variables_(heap.program().dwarf, strings) {}

  void scan(std::uint32_t row, const Goroutine& goroutine) {
    goroutine_ = &goroutine;
    row_ = row;
    frames_.clear(), queue_.clear(), live_.clear();
    memory_ = heap_.look(goroutine.sp, goroutine.hi - goroutine.sp);
    stacks_.stack_bytes += goroutine.hi - goroutine.lo;
    bool good = memory_ && goroutine.pc != 0 && unwind();
    stacks_.frames += frames_.size();
    if (!good && !ran()) {
      if (stacks_.bad_unwinds++ == 0) stacks_.first_bad = goroutine.goid;
    }
    known_ = &traces_.add(frames_);
    stacks_.traces.push_back(known_->trace);
    if (good)
      scan_frames();
    else
      scan_whole();
    scan_records();
    follow_stack_objects();
  }
  Stacks take() { return std::move(stacks_); }

 private:
  static constexpr std::size_t kNone = ~std::size_t(0);  // frame of a root that is in none

  // A thread may be stopped in the middle of a switch between stacks, where no table holds.
  bool ran() const {
    return goroutine_->status == GStatus::kRunning || goroutine_->status == GStatus::kCopyStack;
  }

  bool unwind() {
    std::uint64_t pc = goroutine_->pc, sp = goroutine_->sp;
    PcKind kind = goroutine_->exact_pc ? PcKind::kExact : PcKind::kReturn;
    while (frames_.size() < kMostFrames) {
      const FrameShape& shape = shapes_.at(pc, kind);
      Frame frame{.shape = &shape, .pc = pc, .sp = sp, .kind = kind};
      frame.args = sp + std::uint64_t(shape.size) + 8;
      if (!shape.known || frame.args > goroutine_->hi || frame.args <= sp) return false;
      frame.locals_end = frame.args - 8;
      if (frame.locals_end > sp) frame.locals_end -= 8;  // the saved frame pointer
      frame.conservative = kind == PcKind::kExact || shape.kind == FrameShape::Kind::kAsyncPreempt ||
                           shape.kind == FrameShape::Kind::kReflectStub;
      frames_.push_back(frame);
      if (shape.top) return true;
      pc = word(frame.args - 8);
      sp = frame.args;
      if (pc == 0) return true;
      if (sp >= goroutine_->hi) return false;
      kind = shape.kind == FrameShape::Kind::kSigPanic       ? PcKind::kPanicked
             : shape.kind == FrameShape::Kind::kAsyncPreempt ? PcKind::kExact
                                                             : PcKind::kReturn;
    }
    return false;
  }

  void scan_frames() {
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      const Frame& frame = frames_[i];
      if (frame.conservative)
        scan_conservatively(i);
      else if (!frame.shape->dead)
        scan_precisely(i);
    }
  }

  void scan_precisely(std::size_t index) {
    const Frame& frame = frames_[index];
    const FrameShape& shape = *frame.shape;
    if (frame.locals_end > frame.sp) {
      std::uint64_t from = frame.locals_end - std::uint64_t(shape.local_words) * 8;
      each_bit(shape.locals, [&](std::uint64_t i) { visit(from + i * 8, index, false); });
    }
    each_bit(shape.args, [&](std::uint64_t i) { visit(frame.args + i * 8, index, false); });
    for (const StackObject& object : shape.objects) {
      std::uint64_t base = object.offset < 0 ? frame.locals_end : frame.args;
      std::uint64_t at = base + std::uint64_t(std::int64_t(object.offset));
      if (at >= frame.sp) live_.push_back({at, &object, index});
    }
  }

  // Whatever looks like a pointer: the frame and its arguments.
  void scan_conservatively(std::size_t index) {
    const Frame& frame = frames_[index];
    ++stacks_.conservative_frames;
    std::uint64_t args = frame.shape->arg_bytes;
    // The stub keeps its reflect.methodValue in its first word: {fn, stack bitmap, argLen}.
    if (frame.shape->kind == FrameShape::Kind::kReflectStub && frame.args - 8 > frame.sp)
      args = heap_.word(word(frame.sp) + 16);
    args = std::min(args, goroutine_->hi - frame.args);
    for (std::uint64_t at = frame.sp; at < frame.args - 8; at += 8) visit(at, index, true);
    for (std::uint64_t at = frame.args; at + 8 <= frame.args + args; at += 8) visit(at, index, true);
  }

  void scan_whole() {
    ++stacks_.conservative_stacks;
    if (!memory_) return;
    for (std::uint64_t at = goroutine_->sp; at < goroutine_->hi; at += 8) visit(at, kNone, true);
  }

  // Registers, deferred calls, the panic under way.
  void scan_records() {
    for (std::uint64_t value : goroutine_->registers) take(value, 0, kNone, true);
    take(goroutine_->context, 0, kNone, false);
    if (goroutine_->wide_registers) {
      std::uint64_t end = goroutine_->wide_registers + heap_.program().layout.size("runtime.xRegState");
      for (std::uint64_t at = goroutine_->wide_registers; at + 8 <= end; at += 8)
        take(heap_.word(at), 0, kNone, true);
    }
    const Layout& layout = heap_.program().layout;
    const std::uint64_t heap_flag = layout.at("runtime._defer", "heap"),
                        fn = layout.at("runtime._defer", "fn"), link = layout.at("runtime._defer", "link");
    std::uint64_t record = goroutine_->defer_record;
    for (int i = 0; record != 0 && i < kMostDefers; ++i) {
      std::uint64_t next = heap_.word(record + link);
      take(heap_.word(record + fn), 0, kNone, false);
      take(next, 0, kNone, false);
      if (heap_.word(record + heap_flag) & 1) take(record, 0, kNone, false);
      record = next;
    }
    if (goroutine_->panic_record) queue_.push_back(goroutine_->panic_record);
  }

  // A variable on the stack is alive when a pointer that is alive leads to it.
  void follow_stack_objects() {
    if (queue_.empty() || live_.empty()) return;
    std::ranges::sort(live_, {}, &Live::at);
    while (!queue_.empty()) {
      std::uint64_t pointer = queue_.back();
      queue_.pop_back();
      auto after = std::ranges::upper_bound(live_, pointer, {}, &Live::at);
      if (after == live_.begin()) continue;
      Live& object = *std::prev(after);
      if (pointer >= object.at + object.record->size || object.done) continue;
      object.done = true;
      each_bit(object.record->mask, [&](std::uint64_t i) { visit(object.at + i * 8, object.frame, false); });
    }
  }

  template <class Visit>
  static void each_bit(const std::vector<std::uint8_t>& mask, Visit&& visit) {
    for (std::size_t byte = 0; byte < mask.size(); ++byte)
      for (unsigned bits = mask[byte]; bits; bits &= bits - 1)
        visit(byte * 8 + std::uint64_t(std::countr_zero(bits)));
  }

  std::uint64_t word(std::uint64_t at) const {
    if (at < goroutine_->sp || at + 8 > goroutine_->hi || !memory_) return 0;
    std::uint64_t value;
    std::memcpy(&value, memory_ + (at - goroutine_->sp), 8);
    return value;
  }

  void visit(std::uint64_t slot, std::size_t frame, bool conservative) {
    take(word(slot), slot, frame, conservative);
  }

  void take(std::uint64_t value, std::uint64_t slot, std::size_t frame, bool conservative) {
    if (value == 0) return;
    if (value >= goroutine_->lo && value < goroutine_->hi) {
      queue_.push_back(value);
      return;
    }
    if (heap_.find(value).id == kNoObject) return;
    StackRoot root{.value = value, .slot = slot, .goroutine = row_, .conservative = conservative};
    if (frame != kNone && frame < known_->rows.size()) {
      root.frame = known_->rows[frame];
      variables_.name(frames_[frame], root);
    }
    stacks_.roots.push_back(root);
  }

  struct Live {
    std::uint64_t at = 0;
    const StackObject* record = nullptr;
    std::size_t frame = 0;
    bool done = false;
  };

  const RawHeap& heap_;
  FrameShapes shapes_;
  TraceTable traces_;
  FrameVariables variables_;
  Stacks stacks_;

  // Of the goroutine at hand.
  const Goroutine* goroutine_ = nullptr;
  std::uint32_t row_ = 0;
  const std::byte* memory_ = nullptr;  // [sp, hi)
  std::vector<Frame> frames_;
  const TraceTable::Known* known_ = nullptr;
  std::vector<std::uint64_t> queue_;  // pointers into this stack that are alive
  std::vector<Live> live_;
};

}  // namespace

Stacks scan_stacks(const RawHeap& heap, std::span<const Goroutine> goroutines, StringPool& strings,
                   FrameTable& frames) {
  StackScanner scanner(heap, strings, frames);
  for (std::uint32_t row = 0; row < goroutines.size(); ++row) scanner.scan(row, goroutines[row]);
  return scanner.take();
}

}  // namespace memsnap
