// What /proc says of a process. Nothing here stops or changes it.
#pragma once

#include "base/result.h"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

struct Mapping {  // of /proc/PID/smaps; sizes in bytes
  std::uint64_t from = 0, to = 0;
  std::string permissions;  // rw-p
  std::uint64_t file_offset = 0;
  std::uint64_t inode = 0;  // 0: no file
  std::string name;         // path, [heap], [stack], [anon: Go: heap], "" for anonymous
  std::uint64_t rss = 0, pss = 0, anonymous = 0, swap = 0, shared_clean = 0, private_clean = 0,
                private_dirty = 0;
  std::uint64_t lazy_free = 0;
};

struct ProcessStatus {
  std::string name;  // of status: at most 15 bytes
  char state = '?';
  std::uint64_t rss = 0, swap = 0, vm_size = 0, page_tables = 0;
  std::uint32_t threads = 0;
  pid_t tgid = 0;  // pid of the process when asked about one of its threads
  pid_t parent = 0;
  pid_t tracer = 0;
  uid_t uid = 0;
  std::vector<pid_t> ns_pid;  // pid in each nested namespace, ours first
};

struct ProcessIdentity {  // tells a process from a later one with the same pid
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  // field 22 of stat
  bool operator==(const ProcessIdentity&) const = default;
};

struct ProgramIdentity {  // tells a program from the one that the same process runs after an exec
  std::uint64_t device = 0, inode = 0;  // of the executable
  std::uint64_t entry = 0, random = 0;  // AT_ENTRY and AT_RANDOM: new places at each exec
  bool operator==(const ProgramIdentity&) const = default;
};

// A process that is gone, a zombie, a kernel thread or a mere thread of a process is bad_input.
Result<ProcessIdentity> identify(pid_t pid);
Result<ProgramIdentity> identify_program(pid_t pid);
Result<ProcessStatus> read_status(pid_t pid);
Result<std::vector<Mapping>> read_mappings(pid_t pid, bool with_sizes);
Result<std::uint64_t> aux_value(pid_t pid, std::uint64_t type);  // AT_ENTRY = 9; bad_input when not there
Result<std::string> executable_path(pid_t pid);                  // as the link says, " (deleted)" kept
std::string executable_door(pid_t pid);  // /proc/PID/exe: opens the file even when it was replaced
std::vector<pid_t> all_processes();
std::vector<pid_t> threads_of(pid_t pid);  // empty when it went
pid_t own_pid();
std::uint64_t uptime_ns(pid_t pid);  // since its start; 0 when not known

// One bit per 4 KiB page of [from, to), lowest first: the page is in memory. Refused when the kernel does
// not show /proc/PID/pagemap. Pages of zeros are shown as present, but not counted as resident; they are told
// from others by belonging to nobody alone. `resident` is what smaps says, and decides in doubt.
struct Residency {
  std::uint64_t from = 0;
  std::vector<std::uint64_t> bits;
  std::uint64_t pages = 0;
  bool at(std::uint64_t page) const { return page < pages && (bits[page / 64] >> (page % 64) & 1) != 0; }
};
Result<Residency> read_residency(pid_t pid, std::uint64_t from, std::uint64_t to, std::uint64_t resident);

struct MemoryLimit {
  std::uint64_t limit = 0;  // memory.max of the innermost limited cgroup; 0: none
  std::uint64_t used = 0;
};
MemoryLimit cgroup_memory(pid_t pid);
// Bytes that the cgroup of this folder leaves; nothing when it has no limit.
std::optional<std::uint64_t> cgroup_headroom(const std::string& folder, bool unified);
// Bytes that we may take, and which of the limits is the narrowest: MemAvailable, one of our own cgroup or of
// one above it, or a ulimit.
struct Headroom {
  std::uint64_t bytes = 0;
  std::string limit;
};
Headroom memory_headroom();

}  // namespace memsnap
