#include "goheap/goroutines.h"

#include "base/value_at.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint64_t kMostGoroutines = 1 << 28, kMostThreads = 1 << 20;
constexpr std::uint64_t kMostStack = std::uint64_t(4) << 30;  // bytes; runtime.maxstacksize is 1 GB
constexpr std::uint64_t kMostSignalStack = 1 << 20;
constexpr std::uint32_t kScanBit = 0x1000;  // runtime/runtime2.go, _Gscan

// Places of the registers in the ucontext that the kernel puts on a signal stack (struct sigcontext).
constexpr std::size_t kContextRegisters = 15;  // r8 … rcx, in front of rsp and rip
constexpr std::uint64_t kFlagsAlways = 2, kFlagsNever = ~std::uint64_t(0x3f7fd7);

}  // namespace

struct GoroutineReader::Offsets {
  explicit Offsets(const Layout& layout) {
    auto of = [&](std::string_view field) { return layout.at("runtime.g", field); };
    size = layout.size("runtime.g");
    lo = of("stack.lo"), hi = of("stack.hi"), m = of("m"), sp = of("sched.sp"), pc = of("sched.pc");
    context = of("sched.ctxt"), syscall_sp = of("syscallsp"), syscall_pc = of("syscallpc");
    status = of("atomicstatus"), goid = of("goid"), parent = of("parentGoid"), wait_since = of("waitsince");
    wait_reason = of("waitreason"), async_safe_point = of("asyncSafePoint"), go_pc = of("gopc");
    start_pc = of("startpc"), waiting = of("waiting"), defer_record = of("_defer"),
    panic_record = of("_panic");
    labels = of("labels");
    // From go1.27 on the collector scans them (runtime/mgcmark.go, xRegScan).
    if (layout.go_minor() >= 27 && layout.has("runtime.g", "xRegs.state")) wide = of("xRegs.state");
  }
  std::uint64_t size, lo, hi, m, sp, pc, context, syscall_sp, syscall_pc, status, goid, parent, wait_since,
      wait_reason, async_safe_point, go_pc, start_pc, waiting, defer_record, panic_record, labels, wide = 0;
};

Result<std::vector<Goroutine>> GoroutineReader::read() {
  TRY_VOID(read_threads());
  // A new element of allgs counts once allglen says so (runtime/proc.go, allgadd).
  std::uint64_t list = memory_.fetch<std::uint64_t>(TRY(program_.symbol("runtime.allgptr")) + bias_);
  std::uint64_t count = memory_.fetch<std::uint64_t>(TRY(program_.symbol("runtime.allglen")) + bias_);
  if (count == 0 || count > kMostGoroutines)
    return fail(Cause::bad_input, "the runtime lists {} goroutines, expected 1 to {}", count,
                kMostGoroutines);
  all_g_.resize(std::size_t(count));
  auto bytes = std::as_writable_bytes(std::span(all_g_));
  if (memory_.read(list, bytes) != bytes.size())
    return fail(Cause::bad_input, "the list of {} goroutines at {:#x} cannot be read", count, list);
  const Offsets offsets(layout_);
  std::vector<Goroutine> goroutines;
  for (std::uint64_t g : all_g_) {
    Goroutine goroutine = TRY(take(offsets, g));
    if (!goroutine.dead()) goroutines.push_back(std::move(goroutine));
  }
  return goroutines;
}

Result<void> GoroutineReader::read_threads() {
  auto of = [&](std::string_view field) { return layout_.at("runtime.m", field); };
  std::uint64_t m = memory_.fetch<std::uint64_t>(TRY(program_.symbol("runtime.allm")) + bias_);
  while (m != 0) {
    if (threads_.size() >= kMostThreads)
      return fail(Cause::bad_input, "the runtime's list of threads has no end");
    threads_.push_back({.m = m,
                        .id = memory_.fetch<std::uint64_t>(m + of("procid")),
                        .g0 = memory_.fetch<std::uint64_t>(m + of("g0")),
                        .signal_g = memory_.fetch<std::uint64_t>(m + of("gsignal")),
                        .current = memory_.fetch<std::uint64_t>(m + of("curg")),
                        .vdso_sp = memory_.fetch<std::uint64_t>(m + of("vdsoSP")),
                        .vdso_pc = memory_.fetch<std::uint64_t>(m + of("vdsoPC"))});
    m = memory_.fetch<std::uint64_t>(m + of("alllink"));
  }
  return {};
}

Result<Goroutine> GoroutineReader::take(const Offsets& offset, std::uint64_t g) {
  std::vector<std::byte> bytes(std::size_t(offset.size));
  if (!memory_.fetch(g, bytes))
    return fail(Cause::bad_input, "the goroutine record at {:#x} cannot be read", g);
  auto word = [&](std::uint64_t field) { return value_at<std::uint64_t>(bytes, field); };
  Goroutine goroutine{.g = g, .goid = word(offset.goid), .parent = word(offset.parent)};
  goroutine.status = GStatus(value_at<std::uint32_t>(bytes, offset.status) & ~kScanBit);
  goroutine.wait_reason = value_at<std::uint8_t>(bytes, offset.wait_reason);
  goroutine.lo = word(offset.lo), goroutine.hi = word(offset.hi);
  if (goroutine.dead()) return goroutine;
  if (goroutine.hi <= goroutine.lo || goroutine.hi - goroutine.lo > kMostStack || goroutine.hi % 8)
    return fail(Cause::bad_input, "goroutine {} has its stack from {:#x} to {:#x}", goroutine.goid,
                goroutine.lo, goroutine.hi);
  goroutine.async_safe_point = value_at<std::uint8_t>(bytes, offset.async_safe_point) != 0;
  goroutine.wait_since = std::int64_t(word(offset.wait_since));
  goroutine.go_pc = word(offset.go_pc), goroutine.start_pc = word(offset.start_pc);
  goroutine.waiting = word(offset.waiting), goroutine.labels = word(offset.labels);
  goroutine.defer_record = word(offset.defer_record), goroutine.panic_record = word(offset.panic_record);
  goroutine.context = word(offset.context);
  if (offset.wide && goroutine.async_safe_point && word(offset.wide)) {
    goroutine.wide_registers = word(offset.wide) + layout_.at("runtime.xRegState", "regs");
    std::vector<std::byte> kept(std::size_t(layout_.size("runtime.xRegState")));
    memory_.fetch(word(offset.wide), kept);
  }
  goroutine.sp = word(offset.sp), goroutine.pc = word(offset.pc);
  bool runs = goroutine.status == GStatus::kRunning || goroutine.status == GStatus::kCopyStack;
  if (runs)
    find_running(goroutine, word(offset.m));
  else if (word(offset.syscall_sp))
    goroutine.sp = word(offset.syscall_sp), goroutine.pc = word(offset.syscall_pc);
  if (goroutine.sp < goroutine.lo || goroutine.sp >= goroutine.hi || goroutine.sp % 8)
    goroutine.sp = goroutine.lo, goroutine.pc = 0;
  return goroutine;
}

// A running goroutine is where its thread is: on its own stack, in a call of the vdso, in a signal handler,
// or on the thread's system stack, for which it left its place in sched.
void GoroutineReader::find_running(Goroutine& goroutine, std::uint64_t m) {
  const GoThread* thread = thread_of(m);
  const ThreadRegisters* registers = thread ? registers_of(*thread, goroutine) : nullptr;
  if (!registers) return;
  auto on_stack = [&](std::uint64_t sp) { return sp >= goroutine.lo && sp < goroutine.hi; };
  if (on_stack(registers->rsp)) {
    goroutine.sp = registers->rsp, goroutine.pc = registers->rip, goroutine.exact_pc = true;
    goroutine.registers.assign(std::begin(registers->general), std::end(registers->general));
    return;
  }
  if (on_stack(thread->vdso_sp)) {
    goroutine.sp = thread->vdso_sp, goroutine.pc = thread->vdso_pc;
    return;
  }
  from_signal_frame(goroutine, *thread, registers->rsp);
}

bool GoroutineReader::from_signal_frame(Goroutine& goroutine, const GoThread& thread, std::uint64_t rsp) {
  Range stack = stack_of(thread.signal_g);
  if (rsp < stack.from || rsp >= stack.to || stack.to - rsp > kMostSignalStack) return false;
  std::vector<std::uint64_t> words(std::size_t((stack.to - rsp) / 8));
  if (!memory_.fetch(rsp & ~std::uint64_t(7), std::as_writable_bytes(std::span(words)))) return false;
  for (std::size_t i = kContextRegisters; i + 2 < words.size(); ++i) {
    std::uint64_t sp = words[i], pc = words[i + 1], flags = words[i + 2];
    if (sp < goroutine.lo || sp >= goroutine.hi || !in_text(pc)) continue;
    if (!(flags & kFlagsAlways) || (flags & kFlagsNever)) continue;
    goroutine.sp = sp, goroutine.pc = pc, goroutine.exact_pc = true;
    auto first = words.begin() + std::ptrdiff_t(i - kContextRegisters);
    goroutine.registers.assign(first, first + std::ptrdiff_t(kContextRegisters));
    return true;
  }
  goroutine.pc = 0;  // what sched holds is older than the signal
  return false;
}

bool GoroutineReader::in_text(std::uint64_t pc) const {
  return std::ranges::any_of(modules_, [&](const ModuleData& m) { return pc >= m.text && pc < m.etext; });
}

const GoThread* GoroutineReader::thread_of(std::uint64_t m) const {
  auto found = std::ranges::find(threads_, m, &GoThread::m);
  return found == threads_.end() ? nullptr : &*found;
}

const ThreadRegisters* GoroutineReader::registers_of(const GoThread& thread,
                                                     const Goroutine& goroutine) const {
  for (const ThreadRegisters& registers : registers_)
    if (std::uint64_t(registers.tid) == thread.id) return &registers;
  for (const ThreadRegisters& registers : registers_)
    if (registers.rsp >= goroutine.lo && registers.rsp < goroutine.hi) return &registers;
  return nullptr;
}

Range GoroutineReader::stack_of(std::uint64_t g) {
  if (g == 0) return {};
  return {memory_.fetch<std::uint64_t>(g + layout_.at("runtime.g", "stack.lo")),
          memory_.fetch<std::uint64_t>(g + layout_.at("runtime.g", "stack.hi"))};
}

std::vector<Range> GoroutineReader::stack_ranges(std::span<const Goroutine> goroutines) {
  std::vector<Range> ranges;
  ranges.reserve(goroutines.size());
  for (const Goroutine& goroutine : goroutines) ranges.push_back({goroutine.sp, goroutine.hi});
  return ranges;
}

}  // namespace memsnap
