#include "goheap/goroutine_table.h"

#include "goheap/frames.h"

namespace memsnap {
namespace {

GoroutineState state_of(GStatus status) {
  switch (status) {
    case GStatus::kIdle: return GoroutineState::kIdle;
    case GStatus::kRunnable: return GoroutineState::kRunnable;
    case GStatus::kRunning: return GoroutineState::kRunning;
    case GStatus::kSyscall: return GoroutineState::kSyscall;
    case GStatus::kWaiting: return GoroutineState::kWaiting;
    case GStatus::kDead:
    case GStatus::kDeadExtra: return GoroutineState::kDead;
    case GStatus::kCopyStack: return GoroutineState::kRunning;
    case GStatus::kPreempted: return GoroutineState::kPreempted;
    case GStatus::kLeaked: return GoroutineState::kLeaked;
  }
  return GoroutineState::kIdle;
}

// How long it has waited. The runtime writes the time down in gopark's traces and when a collection sees the
// goroutine blocked, so 0 is "not known".
std::uint64_t waited(const Goroutine& goroutine, std::uint64_t now) {
  bool waits = goroutine.status == GStatus::kWaiting || goroutine.status == GStatus::kSyscall ||
               goroutine.status == GStatus::kLeaked;
  if (!waits || goroutine.wait_since <= 0 || std::uint64_t(goroutine.wait_since) > now) return 0;
  return now - std::uint64_t(goroutine.wait_since);
}

ObjectId wait_object(const RawHeap& heap, const WaitTarget& target) {
  return target.addresses.empty() ? kNoObject : heap.find(target.addresses.front()).id;
}

}  // namespace

std::string_view function_name(const RawHeap& heap, std::uint64_t pc) {
  auto function = pc ? heap.pclntab().function_at(pc - heap.bias()) : std::nullopt;
  return function ? function->name : std::string_view();
}

bool is_system(std::string_view start) {
  if (start == "runtime.main" || start == "runtime.corostart" || start == "runtime.handleAsyncEvent")
    return false;
  return start.starts_with("runtime.");
}

void write_goroutines(const GoroutineFacts& facts, StringPool& strings, GoroutineTable& table) {
  FrameShapes shapes(facts.heap);
  for (std::size_t row = 0; row < facts.goroutines.size(); ++row) {
    const Goroutine& goroutine = facts.goroutines[row];
    std::string_view start = function_name(facts.heap, goroutine.start_pc);
    table.goid.push_back(goroutine.goid);
    table.state.push_back(state_of(goroutine.status));
    table.wait_reason.push_back(strings.add(wait_reason(facts.heap, goroutine)));
    table.wait_ns.push_back(waited(goroutine, facts.now));
    table.start_function.push_back(strings.add(start));
    GoFrame creator;
    if (goroutine.go_pc && goroutine.parent) {
      const FrameShape& shape = shapes.at(goroutine.go_pc, PcKind::kReturn);
      if (!shape.lines.empty()) creator = shape.lines.front();
    }
    table.creator_function.push_back(strings.add(creator.function));
    table.creator_file.push_back(strings.add(creator.file));
    table.creator_line.push_back(creator.line);
    table.first_frame.push_back(facts.stacks.traces[row].first_frame);
    table.frames.push_back(facts.stacks.traces[row].frames);
    table.stack_bytes.push_back(goroutine.hi - goroutine.lo);
    table.wait_object.push_back(wait_object(facts.heap, facts.waits.targets[row]));
    table.proof.push_back(facts.leaked[row] ? Proof::kNothingCanWake : Proof::kNone);
    table.root.push_back(kNoRoot);
    table.system.push_back(is_system(start));
  }
}

}  // namespace memsnap
