// What the driver has of the world outside: a test hands in its own.
#pragma once

#include "base/result.h"
#include "render/out.h"
#include "reports/generate.h"
#include "reports/safe_text.h"
#include "tables/profile.h"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace memsnap {

struct PprofJob;

// Where the shell gets its lines from.
class LineReader {
 public:
  virtual ~LineReader() = default;
  // Without its end; nothing at the end of the input. What `complete` gives for a line stands in its place
  // when the user asks for it.
  virtual std::optional<std::string> read(std::string_view prompt) = 0;
  virtual void complete_with(std::function<std::string(const std::string&)> complete) { (void)complete; }
};

struct PprofWorld {
  Out& out;                                             // reports
  Out& err;                                             // everything else
  std::function<std::string(const char*)> environment;  // "" for what is not set
  bool go_compat = false;
  bool json = false;            // reports of the command line are JSON
  bool precision = false;       // reports say what the sampling leaves open
  bool spare_terminal = false;  // standard output is a terminal: no binary data there
  LineReader* lines = nullptr;
  BinaryTool* binaries = nullptr;
  // Whether a word names a process or a snapshot, and the profile of it.
  std::function<bool(const std::string& source)> is_target;
  std::function<Result<Profile>(const std::string& source)> open_target;
  // Shows the profile on web pages until it is stopped, and gives the exit status; null where there are none.
  std::function<Result<int>(Profile profile, const PprofJob& job)> serve;

  // A line for standard error, at once, from any thread. What it quotes was chosen by others.
  void say(std::string_view line) const {
    static std::mutex one_at_a_time;
    std::lock_guard held(one_at_a_time);
    err.put(go_compat ? std::string(line) : escape_text(line));
    if (!line.ends_with('\n')) err.put("\n");
    err.flush();
  }
};

}  // namespace memsnap
