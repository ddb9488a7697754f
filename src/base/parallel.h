// Work on several threads at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace memsnap {

// Calls work(i) for each i below count, on up to `threads` threads, the caller's among them. In no order.
// Threads that the system does not give are done without.
template <class Work>
void parallel_for(int threads, std::size_t count, Work&& work) {
  std::atomic<std::size_t> next{0};
  auto run = [&] {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) work(i);
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1; i < threads && std::size_t(i) < count; ++i) helpers.emplace_back(run);
  } catch (const std::system_error&) {
  }
  run();
}

}  // namespace memsnap
