// The door: signals, terminal, output. All else is a verb.
#include "os/console.h"
#include "verbs/verbs.h"

#include <fmt/core.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace memsnap;

constexpr int kIn = 0, kOut = 1, kErr = 2;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// The first that is set decides (locale(7)).
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(environment(name));
    if (value.empty()) continue;
    std::ranges::transform(value, value.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

Style style_of_output() {
  bool terminal = is_terminal(kOut), no_colour = !environment("NO_COLOR").empty();
  Style style;
  style.ascii = no_colour || !locale_is_utf8();
  style.colour = terminal && !no_colour && environment("TERM") != "dumb";
  if (std::size_t wide = terminal_columns(kOut); terminal && wide > 0) {
    style.width = std::clamp<std::size_t>(wide, 60, 100);
    style.table = std::max<std::size_t>(wide, 60);
  } else if (auto asked = parse_number(environment("COLUMNS")); !terminal && asked && *asked > 0) {
    // Shells do not export it, so whoever did wants lines of this length in a pipe too.
    style.width = std::clamp<std::size_t>(*asked, 60, 100);
    style.table = std::max<std::size_t>(*asked, 60);
  }
  return style;
}

}  // namespace

int main(int count, char** words) {
  // Columns of a million rows go back to the kernel when they are freed. By itself malloc would keep them
  // from the second on, and the peak would be a tenth higher.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  end_without_memory();
  watch_signals();
  In in([](std::span<char> into) { return read_from(kIn, into); });
  Out out([](std::string_view text) { return write_to(kOut, text); });
  Out err([](std::string_view text) { return write_to(kErr, text); });
  Io io{.out = out,
        .err = err,
        .style = style_of_output(),
        .progress = is_terminal(kErr),
        .err_ascii = !locale_is_utf8(),
        .typed = is_terminal(kIn) && !environment("TERM").empty() && environment("TERM") != "dumb",
        .out_terminal = is_terminal(kOut),
        .in = &in};
  std::vector<std::string> line(words + std::min(count, 1), words + count);
  int status = run_command(line, io);
  out.flush();
  // A reader that has seen enough (head, less) is no failure.
  if (out.error() != 0 && !is_broken_pipe(out.error())) {
    err.print("memsnap: standard output could not be written: {}\n", std::strerror(out.error()));
    status = exit_status(Cause::bad_output);
  }
  err.flush();
  return status;
}
