// The Go processes on this machine, and whether they can be looked at.
#pragma once

#include "render/table.h"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace memsnap {

struct GoProcess {
  pid_t pid = 0;
  std::string exe;  // name without its folder
  std::string go;   // go1.26.8
  std::uint64_t rss = 0;
  std::string obstacle;  // why it cannot be read; "" when it can
};

// Largest first. Nothing is stopped.
std::vector<GoProcess> go_processes();
Table process_table(const std::vector<GoProcess>& processes);

}  // namespace memsnap
