#include "goheap/capture.h"

#include "base/text.h"
#include "goheap/analyse.h"
#include "goheap/freeze.h"
#include "image/live.h"
#include "os/clock.h"
#include "os/process.h"
#include "os/stop.h"

#include <algorithm>

namespace memsnap {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kEntryOfProgram = 9;  // AT_ENTRY

// Speeds that the estimate of the pause stands on, slower than those measured so that it is rarely too low.
constexpr std::uint64_t kCopyBytesPerUs = 2500, kSpanNs = 400, kGoroutineNs = 1500, kThreadNs = 50000,
                        kFixedNs = 2000000;
// On a crowded machine every thread of the target waits for its turn before it stops, and so do we to copy.
constexpr std::uint64_t kTurnNs = 10000000;
constexpr std::chrono::milliseconds kShortestWait(20);  // for threads to stop
constexpr std::uint64_t kOurBytesPerObject = 56, kOurFixedBytes = 48 << 20;

class LiveProcess final : public LiveTarget {
 public:
  LiveProcess(pid_t pid, ProcessIdentity identity, std::string executable, std::uint64_t bias,
              std::unique_ptr<Program> program)
      : pid_(pid),
        identity_(identity),
        executable_(std::move(executable)),
        bias_(bias),
        program_(std::move(program)),
        memory_(pid),
        knowledge_(*program_) {}

  const Program& program() const override { return *program_; }

  Result<CaptureEstimate> estimate() override {
    TRY_VOID(still_the_same());
    sizes_ = TRY(measure(*program_, bias_, memory_));
    ProcessStatus status = TRY(read_status(pid_));
    return estimate_for(sizes_, status.threads);
  }

  Result<Heap> capture(const CaptureOptions& options, const Progress& progress) override;

 private:
  static CaptureEstimate estimate_for(const FreezeSizes& sizes, std::uint32_t threads) {
    std::uint64_t ns = kFixedNs + sizes.copy_bytes() * 1000 / kCopyBytesPerUs + sizes.spans * kSpanNs +
                       sizes.goroutines * kGoroutineNs + threads * kThreadNs;
    double crowding = cpu_crowding();
    return {.pause = nanoseconds(std::int64_t(double(ns) * crowding + double(kTurnNs) * (crowding - 1))),
            .copy_bytes = sizes.copy_bytes(),
            .our_bytes = kOurFixedBytes + sizes.copy_bytes() + sizes.objects * kOurBytesPerObject,
            .threads = threads,
            .crowding = crowding,
            .calm_pause = nanoseconds(ns)};
  }

  Result<void> still_the_same() const {
    ProcessIdentity now = TRY(identify(pid_));
    if (now != identity_)
      return fail(Cause::bad_input, "process {} ended, and another one has its number now", pid_);
    std::string executable = TRY(executable_path(pid_));
    if (executable != executable_)
      return fail(Cause::bad_input, "process {} runs another program now ({} instead of {})", pid_,
                  executable, executable_);
    return {};
  }

  std::vector<ThreadRegisters> registers_of(const StoppedProcess& stopped, bool nested) const;
  void write_facts(Heap& heap, StringPool& strings, nanoseconds pause, std::uint32_t threads,
                   std::uint64_t copied) const;

  pid_t pid_;
  ProcessIdentity identity_;
  std::string executable_;
  std::uint64_t bias_;
  std::unique_ptr<Program> program_;
  LiveMemory memory_;
  Knowledge knowledge_;
  FreezeSizes sizes_;
};

// The runtime numbers threads as its own pid namespace does.
std::vector<ThreadRegisters> LiveProcess::registers_of(const StoppedProcess& stopped, bool nested) const {
  std::vector<ThreadRegisters> threads = stopped.threads();
  if (!nested) return threads;
  for (ThreadRegisters& thread : threads)
    if (auto status = read_status(thread.tid); status && !status->ns_pid.empty())
      thread.tid = status->ns_pid.back();
  return threads;
}

Result<Heap> LiveProcess::capture(const CaptureOptions& options, const Progress& progress) {
  TRY_VOID(still_the_same());
  ProcessStatus status = TRY(read_status(pid_));
  if (sizes_.spans == 0) sizes_ = TRY(measure(*program_, bias_, memory_));
  TRY_VOID(check_limits(pid_, estimate_for(sizes_, status.threads), options));

  auto memory = std::make_unique<FrozenMemory>(memory_, options.threads);
  if (!memory->prepare(sizes_.copy_bytes() + sizes_.copy_bytes() / 16 + (1 << 20))) {
    Headroom room = memory_headroom();
    return fail(Cause::refused, "there is no memory for a copy of {}: {} are left here ({})",
                human_bytes(sizes_.copy_bytes()), human_bytes(room.bytes), room.limit);
  }
  if (progress) progress("stopped", 0, 0);
  // Threads that stopped wait for those that do not, so it gives up long before the limit.
  nanoseconds patience = std::max<nanoseconds>(kShortestWait, options.max_pause / 4);
  StoppedProcess stopped = TRY(StoppedProcess::stop(pid_, options.max_pause, patience));
  std::uint64_t now = monotonic_ns();
  FrozenMemory& copies = *memory;
  auto frozen = freeze(*program_, bias_, std::move(memory), registers_of(stopped, status.ns_pid.size() > 1));
  std::uint32_t threads = std::uint32_t(stopped.threads().size());
  bool expired = stopped.expired();
  nanoseconds pause = stopped.resume();
  auto resident = read_resident(pid_);
  expired = expired || stopped.expired();
  TRY_VOID(still_the_same());
  if (expired)
    return fail(Cause::let_go,
                "process {} was paused for {}, which is the limit, before all of it was copied; it runs on "
                "unharmed",
                pid_, human_duration(std::uint64_t(pause.count())));
  if (!frozen) return std::unexpected(frozen.error());
  if (!resident) return std::unexpected(resident.error());
  copies.thaw();
  sizes_ = frozen->sizes;
  std::uint64_t copied = copies.copied_bytes();

  StringPool strings;
  AnalyseInputs inputs{.program = *program_,
                       .bias = bias_,
                       .frozen = std::move(*frozen),
                       .now = now,
                       .pid = pid_,
                       .resident = std::move(*resident),
                       .threads = stopped.threads()};
  auto analysed = analyse(std::move(inputs), knowledge_, options, strings, progress);
  if (const std::string& differs = program_->layout.difference(); !analysed && !differs.empty())
    return fail(analysed.error().cause, "{} ({})", analysed.error().what, differs);
  Heap heap = TRY(std::move(analysed));
  TRY_VOID(still_the_same());
  write_facts(heap, strings, pause, threads, copied);
  heap.strings = strings.take();
  return heap;
}

void LiveProcess::write_facts(Heap& heap, StringPool& strings, nanoseconds pause, std::uint32_t threads,
                              std::uint64_t copied) const {
  auto counter = [&](std::string_view name, std::uint64_t value) {
    heap.counters.name.push_back(strings.add(name));
    heap.counters.value.push_back(std::int64_t(value));
  };
  auto fact = [&](std::string_view name, std::string_view value) {
    heap.facts.name.push_back(strings.add(name));
    heap.facts.value.push_back(strings.add(value));
  };
  counter("capture.pause_ns", std::uint64_t(pause.count()));
  counter("capture.threads", threads);
  counter("capture.copied_bytes", copied);
  counter("capture.realtime_ns", realtime_ns());
  counter("target.pid", std::uint64_t(pid_));
  counter("target.uptime_ns", uptime_ns(pid_));
  fact("capture.mode", "stop");
  fact("capture.time", rfc3339(realtime_ns()));
  fact("target.exe", executable_.substr(executable_.rfind('/') + 1));
  fact("target.go", program_->build.go);
  fact("target.path", program_->build.path);
  fact("target.build_id", program_->elf.go_build_id());
  fact("target.gnu_build_id", program_->elf.gnu_build_id());
  constexpr std::uint32_t kLoad = 1, kExecutable = 1;  // PT_LOAD, PF_X
  constexpr std::uint64_t kPage = 4096;
  for (const ElfSegment& code : program_->elf.segments()) {
    if (code.type != kLoad || (code.flags & kExecutable) == 0) continue;
    counter("target.code_start", (code.addr + bias_) / kPage * kPage);
    counter("target.code_limit", (code.addr + bias_ + code.mem_size + kPage - 1) / kPage * kPage);
    counter("target.code_offset", code.offset / kPage * kPage);
    break;
  }
  if (const std::string& differs = program_->layout.difference(); !differs.empty())
    fact("target.layout_differs", differs);
}

}  // namespace

std::string busy_words(const CaptureEstimate& estimate) {
  constexpr double kBusy = 1.5;  // worth a word
  return estimate.crowding < kBusy ? "" : fmt::format("; {:.1f} tasks per processor here", estimate.crowding);
}

Result<void> check_limits(pid_t pid, const CaptureEstimate& estimate, const CaptureOptions& options) {
  if (estimate.pause > options.max_pause)
    return fail(Cause::refused,
                "process {} would be paused about {}, the limit is {}{}: add --max-pause {}ms", pid,
                human_duration(std::uint64_t(estimate.pause.count())),
                human_duration(std::uint64_t(options.max_pause.count())), busy_words(estimate),
                std::chrono::ceil<std::chrono::milliseconds>(estimate.pause * 2).count());
  Headroom room = memory_headroom();
  if (estimate.our_bytes > room.bytes)
    return fail(Cause::refused,
                "a capture of process {} needs about {} of memory and {} are left here ({}): give it more, "
                "or run memsnap where more is left, outside the cgroup of the process",
                pid, human_bytes(estimate.our_bytes), human_bytes(room.bytes), room.limit);
  return {};
}

Result<std::unique_ptr<LiveTarget>> LiveTarget::open(pid_t pid) {
  ProcessIdentity identity = TRY(identify(pid));
  std::string executable = TRY(executable_path(pid));
  auto program = Program::open(executable_door(pid));
  if (!program)
    return fail(program.error().cause, "process {} ({}): {}", pid,
                executable.substr(executable.rfind('/') + 1), program.error().what);
  std::uint64_t bias = TRY(aux_value(pid, kEntryOfProgram)) - (*program)->elf.entry();
  return std::make_unique<LiveProcess>(pid, identity, std::move(executable), bias, std::move(*program));
}

}  // namespace memsnap
