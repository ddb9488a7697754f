// Captures a process and prints what the walk counted, one `name value` per line, for tests/live.
// Usage: walkdump <pid> [captures] [-v]; -v adds labels, goroutines and the time of each phase.
#include "goheap/capture.h"
#include "os/clock.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>

namespace memsnap {
namespace {

void print_labels(const Heap& heap) {
  std::vector<std::uint32_t> rows(heap.roots.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  std::ranges::stable_sort(rows, std::greater{}, [&](std::uint32_t row) { return heap.roots.retained[row]; });
  for (std::uint32_t row : std::span(rows).first(std::min<std::size_t>(rows.size(), 25)))
    fmt::print("label {:>10} bytes {:>7} objects, phase {} kind {}: {} ({}:{})\n", heap.roots.retained[row],
               heap.roots.objects[row], heap.roots.phase[row], int(heap.roots.kind[row]),
               heap.text(heap.roots.name[row]), heap.text(heap.roots.file[row]), heap.roots.line[row]);
}

void print_unreached(const Heap& heap) {
  std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> kinds;
  for (std::size_t i = 0; i < heap.objects.rows(); ++i)
    if (!heap.objects.reached(ObjectId(std::uint32_t(i))))
      ++kinds[{heap.objects.words[i] * 8,
               std::string(heap.text(heap.types.name[std::size_t(heap.objects.type[i])]))}];
  for (const auto& [kind, count] : kinds) fmt::print("unreached {} x {} bytes {}\n", count, kind.first, kind.second);
}

void print_goroutines(const Heap& heap) {
  const GoroutineTable& table = heap.goroutines;
  for (std::size_t row = 0; row < std::min<std::size_t>(table.rows(), 40); ++row) {
    fmt::print("goroutine {} state {} [{}] {} ns, {} created by {} ({}:{}) proof {} object {}\n", table.goid[row],
               int(table.state[row]), heap.text(table.wait_reason[row]), table.wait_ns[row],
               heap.text(table.start_function[row]), heap.text(table.creator_function[row]),
               heap.text(table.creator_file[row]), table.creator_line[row], int(table.proof[row]),
               std::uint32_t(table.wait_object[row]));
    for (std::uint32_t f = table.first_frame[row]; f < table.first_frame[row] + table.frames[row]; ++f)
      fmt::print("    {} {}:{}\n", heap.text(heap.frames.function[f]), heap.text(heap.frames.file[f]),
                 heap.frames.line[f]);
  }
}

int run(pid_t pid, int captures, bool verbose) {
  std::uint64_t begun = monotonic_ns();
  auto target = LiveTarget::open(pid);
  if (!target) return fmt::print(stderr, "walkdump: {}\n", target.error().what), exit_status(target.error().cause);
  fmt::print("open_ms {}\n", (monotonic_ns() - begun) / 1000000);
  if (auto estimate = (*target)->estimate())
    fmt::print("estimate_pause_us {}\nestimate_copy_bytes {}\nestimate_our_bytes {}\n", estimate->pause.count() / 1000,
               estimate->copy_bytes, estimate->our_bytes);
  for (int i = 0; i < captures; ++i) {
    std::uint64_t phase_begun = monotonic_ns(), cpu = own_cpu_ns();
    std::string phase = "plan";
    auto step = [&](std::string_view next, std::uint64_t, std::uint64_t) {
      std::uint64_t now = monotonic_ns();
      if (verbose)
        fmt::print("phase {} {:.1f} ms, {:.1f} ms of CPU\n", phase, double(now - phase_begun) / 1e6,
                   double(own_cpu_ns() - cpu) / 1e6);
      phase = next, phase_begun = now, cpu = own_cpu_ns();
    };
    begun = monotonic_ns();
    auto heap = (*target)->capture({.max_pause = std::chrono::seconds(20)}, step);
    step("end", 0, 0);
    if (!heap) return fmt::print(stderr, "walkdump: {}\n", heap.error().what), exit_status(heap.error().cause);
    fmt::print("capture_ms {}\n", (monotonic_ns() - begun) / 1000000);
    for (std::size_t row = 0; row < heap->counters.rows(); ++row)
      fmt::print("{} {}\n", heap->text(heap->counters.name[row]), heap->counters.value[row]);
    fmt::print("goroutines {}\nproven {}\nvirtual_retained {}\n", heap->goroutines.rows(),
               std::ranges::count(heap->goroutines.proof, Proof::kNothingCanWake),
               std::accumulate(heap->roots.retained.begin(), heap->roots.retained.end(), std::uint64_t(0)));
    if (verbose) print_labels(*heap), print_unreached(*heap), print_goroutines(*heap);
  }
  fmt::print("peak_rss {}\n", own_peak_rss());
  return 0;
}

}  // namespace
}  // namespace memsnap

int main(int count, char** words) {
  bool verbose = count > 1 && std::string(words[count - 1]) == "-v";
  if (count < 2) return fmt::print(stderr, "usage: walkdump <pid> [captures] [-v]\n"), 2;
  int captures = count > 2 + int(verbose) ? std::atoi(words[2]) : 1;
  return memsnap::run(std::atoi(words[1]), std::max(captures, 1), verbose);
}
