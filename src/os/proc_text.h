// The text formats of /proc and of control groups. Names in them are chosen by the target.
#pragma once

#include "os/process.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// /proc/PID/maps and smaps in pieces of any size, since smaps of a large process is tens of megabytes.
class MappingParser {
 public:
  explicit MappingParser(std::vector<Mapping>& out) : out_(out) {}
  void feed(std::string_view piece);
  void finish();  // the last line may lack its newline
  std::uint64_t bad_lines() const { return bad_lines_; }

 private:
  void line(std::string_view text);
  std::vector<Mapping>& out_;
  std::string rest_;       // of a line that the next piece ends
  bool skipping_ = false;  // within a line longer than any that the kernel writes
  std::uint64_t bad_lines_ = 0;
};

// One line of maps; nullopt when it is none. Escapes of the kernel (\012 for a newline) are undone.
std::optional<Mapping> parse_mapping(std::string_view line);

ProcessStatus parse_status(std::string_view text);

struct StatLine {  // /proc/PID/stat
  char state = '?';
  std::uint64_t flags = 0, start_ticks = 0;
};
std::optional<StatLine> parse_stat(std::string_view text);

// Value of "Key:  123 kB" in bytes, or without a unit as it is; nullopt when there is no such line.
std::optional<std::uint64_t> keyed_value(std::string_view text, std::string_view key);

// Path of /proc/PID/cgroup in the unified hierarchy (or that of the memory controller of version 1);
// nullopt when there is none or it lies outside of what we can see.
struct CgroupPath {
  std::string path;
  bool unified = true;
  bool operator==(const CgroupPath&) const = default;
};
std::optional<CgroupPath> parse_cgroup(std::string_view text);

// Where that hierarchy is mounted, of /proc/self/mountinfo; `root` is what of it lies at `point`.
struct CgroupMount {
  std::string point, root;
};
std::optional<CgroupMount> find_cgroup_mount(std::string_view mountinfo, bool unified);

// memory.max and its kin: nullopt for "max", for a number that is none, and for what version 1 means by no
// limit.
std::optional<std::uint64_t> parse_limit(std::string_view text);

// Tasks that want a processor now, of /proc/loadavg ("1.74 3.33 5.37 3/135 16367": 3); 0 when it is cut.
std::uint64_t parse_runnable(std::string_view text);

std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10);

}  // namespace memsnap
