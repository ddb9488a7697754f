// One line on standard error that is written over while a step takes long: phase, share, rate, time left.
#pragma once

#include "verbs/io.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

class ProgressLine {
 public:
  explicit ProgressLine(Io& io) : io_(io) {}
  ~ProgressLine() { clear(); }

  // Stands before the phase: "capture 2 of 6".
  void of(std::string_view what) { what_ = what; }
  void step(std::string_view phase, std::uint64_t done, std::uint64_t total);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  Io& io_;
  std::string what_, phase_;
  Clock::time_point begun_{}, drawn_{};
  bool visible_ = false;
};

// The line itself, without the controls that place it.
std::string progress_words(std::string_view what, std::string_view phase, std::uint64_t done,
                           std::uint64_t total, double seconds);

}  // namespace memsnap
