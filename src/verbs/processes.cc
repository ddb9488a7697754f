#include "verbs/processes.h"

#include "base/text.h"
#include "elf/elf.h"
#include "os/files.h"
#include "os/permission.h"
#include "os/process.h"
#include "os/remote_memory.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace memsnap {
namespace {

constexpr int kOldestMinor = 24;  // go1.24 is the first release whose layouts are known

std::string name_of(const std::string& path) {
  std::string_view name = path;
  if (name.ends_with(" (deleted)")) name.remove_suffix(10);
  if (std::size_t slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return std::string(name);
}

bool has_debug_info(const ElfFile& elf) { return elf.section(".debug_info") || elf.section(".zdebug_info"); }

// Whether its memory may be read, by reading a few bytes of it: no stop, no signal.
bool may_read(pid_t pid, std::uint64_t entry) {
  RemoteMemory memory(pid);
  std::array<std::byte, 4> bytes;
  return memory.read(entry, bytes) == bytes.size();
}

std::string obstacle_of(pid_t pid, const ElfFile& elf, const BuildInfo& build) {
  if (build.minor > 0 && build.minor < kOldestMinor) return fmt::format("older than go1.{}", kOldestMinor);
  if (!has_debug_info(elf)) return "no debug information (go run, -ldflags=-s or -w, or stripped)";
  if (auto status = read_status(pid); status && status->tracer != 0)
    return fmt::format("traced by process {}", status->tracer);
  constexpr std::uint64_t kEntry = 9;  // AT_ENTRY
  auto entry = aux_value(pid, kEntry);
  if (!entry || !may_read(pid, *entry)) return why_no_access(pid);
  return {};
}

std::optional<GoProcess> look_at(pid_t pid) {
  auto path = executable_path(pid);
  if (!path) return std::nullopt;
  auto file = MappedFile::open(executable_door(pid));
  if (!file) return std::nullopt;
  auto elf = ElfFile::open(file->bytes());
  if (!elf || !elf->section(".go.buildinfo")) return std::nullopt;
  auto build = read_build_info(*elf);
  if (!build) return std::nullopt;
  GoProcess found{.pid = pid, .exe = name_of(*path), .go = build->go, .rss = 0, .obstacle = {}};
  if (auto status = read_status(pid)) found.rss = status->rss;
  found.obstacle = obstacle_of(pid, *elf, *build);
  return found;
}

}  // namespace

std::vector<GoProcess> go_processes() {
  std::vector<GoProcess> all;
  for (pid_t pid : all_processes())
    if (auto found = look_at(pid)) all.push_back(std::move(*found));
  std::ranges::stable_sort(all, std::ranges::greater{}, &GoProcess::rss);
  return all;
}

Table process_table(const std::vector<GoProcess>& processes) {
  Table table{.name = "processes",
              .columns = {{"pid", "PID", As::kId},
                          {"exe", "executable"},
                          {"go", "Go"},
                          {"rss", "memory", As::kBytes},
                          {"readable", "", As::kFlag},
                          {"obstacle", "readable"}}};
  for (const GoProcess& one : processes)
    table.add(std::uint64_t(one.pid), one.exe, one.go, one.rss, one.obstacle.empty(),
              one.obstacle.empty() ? std::string("yes") : "no: " + one.obstacle);
  return table;
}

}  // namespace memsnap
