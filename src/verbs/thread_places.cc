#include "verbs/thread_places.h"

#include "base/text.h"
#include "os/clock.h"
#include "os/remote_memory.h"
#include "os/stop.h"

#include <algorithm>

namespace memsnap {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

// Of one thread: to stop it and read its registers; to read its variables besides.
constexpr microseconds kAtLeast(500), kPerThread(60), kVariables(400);

// From the order of ThreadRegisters to the numbers of DWARF (System V ABI, figure 3.36).
dw::FrameRegisters registers_of(const ThreadRegisters& thread) {
  constexpr std::size_t kNumbers[15] = {0, 3, 2, 1, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  dw::FrameRegisters registers;
  for (std::size_t i = 0; i < std::size(kNumbers); ++i) registers.general[kNumbers[i]] = thread.general[i];
  registers.general[7] = thread.rsp;
  registers.general[16] = thread.rip;
  return registers;
}

class Reader {
 public:
  Reader(pid_t pid, ProcessCode& code, ThreadPlaces& places) : memory_(pid), code_(code), places_(places) {}

  void add(const ThreadRegisters& thread, bool variables, bool values) {
    ThreadPlace& place = places_.threads.emplace_back();
    place.tid = thread.tid;
    place.address = thread.rip;
    code_.frames_at(thread.rip, place.frames);
    ProcessCode::Place at = code_.find(thread.rip);
    if (!variables || !at.file) return;
    LiveFrame live{.registers = registers_of(thread),
                   .read_memory = [this](std::uint64_t from, std::span<std::byte> into) {
                     return memory_.read(from, into) == into.size();
                   }};
    live.registers.bias = at.bias;
    auto read = at.file->variables_at(at.address, place.frames, values ? &live : nullptr, place.variables);
    if (!read && places_.no_variables.empty()) places_.no_variables = read.error().what;
  }

 private:
  RemoteMemory memory_;
  ProcessCode& code_;
  ThreadPlaces& places_;
};

}  // namespace

Result<ThreadPlaces> read_thread_places(pid_t pid, ProcessCode& code, const Flags& flags, bool variables,
                                        bool values, Io& io) {
  nanoseconds limit = flags.duration("max-pause");
  std::size_t threads = threads_of(pid).size();
  auto needed = nanoseconds(kAtLeast + (kPerThread + (values ? kVariables : microseconds(0))) * threads);
  auto pause = nanoseconds(std::int64_t(double(needed.count()) * cpu_crowding()));
  if (pause > limit)
    return fail(Cause::refused, "process {} would be paused about {}, the limit is {}: add --max-pause {}ms",
                pid, human_duration(std::uint64_t(pause.count())),
                human_duration(std::uint64_t(limit.count())),
                std::chrono::ceil<std::chrono::milliseconds>(pause * 2).count());
  io.err.print("memsnap: will pause process {} about {} (limit {}, {} thread{})\n", pid,
               human_duration(std::uint64_t(pause.count())), human_duration(std::uint64_t(limit.count())),
               threads, threads == 1 ? "" : "s");
  io.err.flush();

  ThreadPlaces places;
  Reader reader(pid, code, places);
  StoppedProcess stopped =
      TRY(StoppedProcess::stop(pid, limit, std::max<nanoseconds>(limit / 4, microseconds(100'000))));
  std::vector<ThreadRegisters> registers = stopped.threads();
  // Registers are all that has to stand still, unless memory is read too.
  if (!values) places.pause = stopped.resume();
  for (const ThreadRegisters& thread : registers) reader.add(thread, variables, values);
  if (values) {
    bool expired = stopped.expired();
    places.pause = stopped.resume();
    if (expired)
      return fail(Cause::let_go, "process {} was let go after {} before all of its variables were read", pid,
                  human_duration(std::uint64_t(limit.count())));
  }
  for (ThreadPlace& place : places.threads)
    if (auto status = read_status(place.tid)) place.name = status->name;
  std::ranges::sort(places.threads, {}, &ThreadPlace::tid);
  return places;
}

}  // namespace memsnap
