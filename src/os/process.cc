#include "os/process.h"

#include "os/clock.h"
#include "os/files.h"
#include "os/permission.h"
#include "os/proc_text.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace memsnap {
namespace {

constexpr std::uint64_t kKernelThread = 0x200000;  // PF_KTHREAD of field 9 of stat
constexpr std::size_t kMostMappings = 1 << 22;

std::string proc(pid_t pid, const char* file) { return fmt::format("/proc/{}/{}", pid, file); }

std::unexpected<Error> failed(pid_t pid, const char* file, int error) {
  if (error == ENOENT || error == ESRCH) return fail(Cause::bad_input, "there is no process {}", pid);
  if (error == EACCES || error == EPERM)
    return fail(Cause::refused, "process {} cannot be read: {}", pid, why_no_access(pid));
  return fail(Cause::bad_input, "/proc/{}/{} cannot be read: {}", pid, file, std::strerror(error));
}

struct File {
  int fd = -1;
  explicit File(const std::string& path) : fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (fd >= 0) close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

// All of a file of /proc in pieces; gives 0 or an errno.
template <class Visit>
int read_pieces(const std::string& path, std::span<char> buffer, Visit&& visit) {
  File file(path);
  if (file.fd < 0) return errno;
  for (;;) {
    ssize_t n = read(file.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return 0;
    if (!visit(std::string_view(buffer.data(), std::size_t(n)))) return 0;
  }
}

int read_whole(const std::string& path, std::string& out) {
  std::array<char, 4096> buffer;
  return read_pieces(path, buffer,
                     [&](std::string_view piece) { return out.append(piece), out.size() < (4 << 20); });
}

std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> found;
  DIR* dir = opendir(folder.c_str());
  if (!dir) return found;
  while (const dirent* entry = readdir(dir))
    if (auto number = parse_number(entry->d_name); number && *number > 0 && *number < (1u << 30))
      found.push_back(pid_t(*number));
  closedir(dir);
  return found;
}

Result<StatLine> read_stat(pid_t pid) {
  std::string text;
  if (int error = read_whole(proc(pid, "stat"), text)) return failed(pid, "stat", error);
  auto stat = parse_stat(text);
  if (!stat) return fail(Cause::bad_input, "/proc/{}/stat has no start time in its 22nd field", pid);
  return *stat;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs_of(std::string_view bytes) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    std::uint64_t pair[2];
    std::memcpy(pair, bytes.data(), 16);
    pairs.emplace_back(pair[0], pair[1]);
  }
  return pairs;
}

std::uint64_t number_in(const std::string& path) {
  std::string text;
  if (read_whole(path, text) != 0) return 0;
  return parse_limit(text).value_or(0);
}

// Folders of the cgroup from the process's own up to the mount; empty when they cannot be seen.
std::vector<std::string> cgroup_folders(pid_t pid, bool& unified) {
  std::string text, mounts;
  if (read_whole(proc(pid, "cgroup"), text) != 0 || read_whole("/proc/self/mountinfo", mounts) != 0)
    return {};
  auto path = parse_cgroup(text);
  if (!path) return {};
  auto mount = find_cgroup_mount(mounts, path->unified);
  if (!mount) return {};
  unified = path->unified;
  std::string below = path->path;
  if (mount->root != "/" && below.starts_with(mount->root)) below.erase(0, mount->root.size());
  std::vector<std::string> folders;
  while (!below.empty() && below != "/") {
    folders.push_back(mount->point + below);
    below.erase(std::min(below.rfind('/'), below.size()));
  }
  folders.push_back(mount->point);
  return folders;
}

}  // namespace

Result<ProcessIdentity> identify(pid_t pid) {
  ProcessStatus status = TRY(read_status(pid));
  StatLine stat = TRY(read_stat(pid));
  if (status.tgid != pid)
    return fail(Cause::bad_input, "{} is a thread of process {}: name the process", pid, status.tgid);
  if (stat.flags & kKernelThread)
    return fail(Cause::bad_input, "process {} ({}) is a thread of the kernel", pid, status.name);
  if ((stat.state == 'Z' || stat.state == 'X') && status.threads <= 1)
    return fail(Cause::bad_input, "process {} ({}) has ended: it is a zombie", pid, status.name);
  return ProcessIdentity{pid, stat.start_ticks};
}

Result<ProgramIdentity> identify_program(pid_t pid) {
  struct stat file{};
  if (stat(executable_door(pid).c_str(), &file) != 0) return failed(pid, "exe", errno);
  std::string aux;
  if (int error = read_whole(proc(pid, "auxv"), aux)) return failed(pid, "auxv", error);
  ProgramIdentity program{.device = file.st_dev, .inode = file.st_ino};
  for (auto [type, value] : pairs_of(aux)) {
    if (type == AT_ENTRY) program.entry = value;
    if (type == AT_RANDOM) program.random = value;
  }
  return program;
}

Result<ProcessStatus> read_status(pid_t pid) {
  std::string text;
  if (int error = read_whole(proc(pid, "status"), text)) return failed(pid, "status", error);
  return parse_status(text);
}

Result<std::vector<Mapping>> read_mappings(pid_t pid, bool with_sizes) {
  const char* file = with_sizes ? "smaps" : "maps";
  std::vector<Mapping> mappings;
  MappingParser parser(mappings);
  auto buffer = std::make_unique<std::array<char, 64 << 10>>();
  int error = read_pieces(proc(pid, file), *buffer, [&](std::string_view piece) {
    parser.feed(piece);
    return mappings.size() < kMostMappings;
  });
  if (error) return failed(pid, file, error);
  parser.finish();
  // The kernel shows a zombie, a kernel thread and a process that just went as one without memory.
  if (mappings.empty()) return fail(Cause::bad_input, "process {} has no memory: it has ended", pid);
  if (mappings.size() >= kMostMappings)
    return fail(Cause::bad_input, "process {} has more than {} mappings", pid, kMostMappings);
  return mappings;
}

Result<std::uint64_t> aux_value(pid_t pid, std::uint64_t type) {
  std::string text;
  if (int error = read_whole(proc(pid, "auxv"), text)) return failed(pid, "auxv", error);
  for (auto [key, value] : pairs_of(text))
    if (key == type) return value;
  return fail(Cause::bad_input, "process {} has no entry {} in its auxiliary vector", pid, type);
}

Result<std::string> executable_path(pid_t pid) {
  std::string path(4096, '\0');
  ssize_t n = readlink(executable_door(pid).c_str(), path.data(), path.size());
  if (n < 0) {
    int error = errno;
    // A kernel thread has the folder but not the link.
    if (error == ENOENT) TRY(identify(pid));
    return failed(pid, "exe", error);
  }
  path.resize(std::size_t(n));
  return path;
}

std::string executable_door(pid_t pid) { return proc(pid, "exe"); }

std::vector<pid_t> all_processes() { return numbers_in("/proc"); }
std::vector<pid_t> threads_of(pid_t pid) { return numbers_in(proc(pid, "task")); }
pid_t own_pid() { return getpid(); }

std::uint64_t uptime_ns(pid_t pid) {
  auto stat = read_stat(pid);
  long ticks = sysconf(_SC_CLK_TCK);
  if (!stat || ticks <= 0 || stat->start_ticks > (~0ull / 1'000'000'000)) return 0;
  std::uint64_t started = stat->start_ticks * (1'000'000'000 / std::uint64_t(ticks)), now = boot_ns();
  return now > started ? now - started : 0;
}

Result<Residency> read_residency(pid_t pid, std::uint64_t from, std::uint64_t to, std::uint64_t resident) {
  // Documentation/admin-guide/mm/pagemap.rst
  constexpr std::uint64_t kPage = 4096, kPresent = std::uint64_t(1) << 63, kOurs = std::uint64_t(1) << 56,
                          kShared = std::uint64_t(1) << 61;
  CHECK(from % kPage == 0 && to % kPage == 0 && from <= to);
  File file(proc(pid, "pagemap"));
  if (file.fd < 0) return failed(pid, "pagemap", errno);
  Residency out{.from = from, .bits = {}, .pages = (to - from) / kPage};
  out.bits.resize((out.pages + 63) / 64);
  std::vector<std::uint64_t> sure(out.bits.size());
  std::uint64_t present = 0, certain = 0;
  std::vector<std::uint64_t> entries(std::min<std::uint64_t>(out.pages, 64 << 10));
  for (std::uint64_t page = 0; page < out.pages;) {
    std::size_t want = std::min<std::uint64_t>(entries.size(), out.pages - page) * 8;
    ssize_t n = pread(file.fd, entries.data(), want, off_t((from / kPage + page) * 8));
    if (n < 0 && errno == EINTR) continue;
    if (n < 8) return failed(pid, "pagemap", n < 0 ? errno : ESRCH);
    for (std::size_t i = 0; i < std::size_t(n) / 8; ++i, ++page) {
      if (!(entries[i] & kPresent)) continue;
      std::uint64_t bit = std::uint64_t(1) << (page % 64);
      out.bits[page / 64] |= bit;
      ++present;
      if (!(entries[i] & (kOurs | kShared))) continue;
      sure[page / 64] |= bit;
      ++certain;
    }
  }
  auto off = [&](std::uint64_t pages) {
    return std::max(pages * kPage, resident) - std::min(pages * kPage, resident);
  };
  if (off(certain) < off(present)) out.bits = std::move(sure);
  return out;
}

MemoryLimit cgroup_memory(pid_t pid) {
  bool unified = true;
  for (const std::string& folder : cgroup_folders(pid, unified)) {
    std::uint64_t limit = number_in(folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"));
    if (limit == 0) continue;
    return {limit, number_in(folder + (unified ? "/memory.current" : "/memory.usage_in_bytes"))};
  }
  return {};
}

std::optional<std::uint64_t> cgroup_headroom(const std::string& folder, bool unified) {
  std::uint64_t limit = number_in(folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"));
  if (limit == 0) return std::nullopt;
  std::uint64_t used = number_in(folder + (unified ? "/memory.current" : "/memory.usage_in_bytes"));
  std::string stat;
  read_whole(folder + "/memory.stat", stat);
  // Pages of files that nobody uses now are given up before anything is killed.
  std::size_t at = stat.find(unified ? "inactive_file " : "total_inactive_file ");
  if (at != std::string::npos && (at == 0 || stat[at - 1] == '\n')) {
    std::string_view line = std::string_view(stat).substr(at, stat.find('\n', at) - at);
    used -= std::min(used, parse_number(line.substr(line.find(' ') + 1)).value_or(0));
  }
  return limit > used ? limit - used : 0;
}

Headroom memory_headroom() {
  std::string text;
  if (read_whole("/proc/meminfo", text) != 0) return {0, "/proc/meminfo"};
  Headroom room{keyed_value(text, "MemAvailable").value_or(0), "MemAvailable"};
  auto limit = [&](std::uint64_t left, std::string what) {
    if (left < room.bytes) room = {left, std::move(what)};
  };
  bool unified = true;
  for (const std::string& folder : cgroup_folders(getpid(), unified))
    if (auto left = cgroup_headroom(folder, unified))
      limit(*left, folder + (unified ? "/memory.max" : "/memory.limit_in_bytes"));
  std::string own;
  read_whole(proc(getpid(), "status"), own);
  auto ulimit = [&](auto resource, std::string_view taken, const char* what) {
    rlimit most{};
    if (getrlimit(resource, &most) != 0 || most.rlim_cur == RLIM_INFINITY) return;
    std::uint64_t used = keyed_value(own, taken).value_or(0);
    limit(most.rlim_cur > used ? most.rlim_cur - used : 0, what);
  };
  ulimit(RLIMIT_AS, "VmSize", "ulimit -v");
  ulimit(RLIMIT_DATA, "VmData", "ulimit -d");
  return room;
}

}  // namespace memsnap
