#include "verbs/progress.h"

#include "base/text.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

constexpr std::chrono::milliseconds kQuiet(500);  // a step that is over by then shows nothing
constexpr std::chrono::milliseconds kAgain(100);

}  // namespace

std::string progress_words(std::string_view what, std::string_view phase, std::uint64_t done,
                           std::uint64_t total, double seconds) {
  std::string words = fmt::format("{}{}{}", what, what.empty() ? "" : ": ", phase);
  if (total == 0 || done > total) return words;
  double share = double(done) / double(total);
  words += fmt::format("  {}/{} {}", human_count(done), human_count(total), human_share(share));
  if (seconds <= 0 || done == 0) return words;
  words += fmt::format("  {}/s", human_count(std::uint64_t(double(done) / seconds)));
  if (done < total)
    words += fmt::format("  {} left", human_duration(std::uint64_t(seconds * (1 - share) / share * 1e9)));
  return words;
}

void ProgressLine::step(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  if (!io_.progress) return;
  auto now = Clock::now();
  if (phase != phase_) phase_ = phase, begun_ = now;
  if (now - begun_ < kQuiet || (visible_ && now - drawn_ < kAgain)) return;
  drawn_ = now;
  visible_ = true;
  double seconds = std::chrono::duration<double>(now - begun_).count();
  io_.err.put("\r\x1b[K" + fit(escape_ascii(progress_words(what_, phase_, done, total, seconds)), 79));
  io_.err.flush();
}

void ProgressLine::clear() {
  if (!visible_) return;
  visible_ = false;
  io_.err.put("\r\x1b[K");
  io_.err.flush();
}

}  // namespace memsnap
