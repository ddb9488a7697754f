#include "os/permission.h"

#include "os/files.h"
#include "os/proc_text.h"

#include <fmt/core.h>
#include <linux/capability.h>
#include <unistd.h>

#include <optional>
#include <string_view>

namespace memsnap {
namespace {

constexpr std::string_view kInContainer =
    "in a container: docker run --cap-add=SYS_PTRACE, or securityContext.capabilities.add [SYS_PTRACE] in "
    "Kubernetes";

std::optional<std::uint64_t> hex_field(std::string_view text, std::string_view key) {
  std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(at + key.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return parse_number(rest.substr(0, rest.find_first_of(" \t\n")), 16);
}

int yama_scope() {
  auto text = read_small_file("/proc/sys/kernel/yama/ptrace_scope", 16);
  if (!text || text->empty() || (*text)[0] < '0' || (*text)[0] > '3') return 0;
  return (*text)[0] - '0';
}

}  // namespace

std::string why_no_access(pid_t pid) {
  auto own = read_small_file("/proc/self/status", 64 << 10);
  bool capable = own && (hex_field(*own, "\nCapEff:").value_or(0) >> CAP_SYS_PTRACE & 1) != 0;
  bool filtered = own && keyed_value(*own, "Seccomp").value_or(0) == 2;
  int yama = yama_scope();
  if (yama == 3)
    return "kernel.yama.ptrace_scope is 3: nobody may trace until the machine restarts with another value";
  auto status = read_status(pid);
  uid_t uid = geteuid();
  if (!capable && status && status->uid != uid)
    return fmt::format(
        "it belongs to uid {} and we are uid {}: run as that uid or as root, or give us CAP_SYS_PTRACE ({})",
        status->uid, uid, kInContainer);
  if (!capable && yama > 0)
    return fmt::format(
        "kernel.yama.ptrace_scope is {}: run as root or with CAP_SYS_PTRACE, or set it to 0 "
        "(sysctl kernel.yama.ptrace_scope=0; {})",
        yama, kInContainer);
  if (!capable)
    return fmt::format(
        "it is not dumpable, or lies in another user namespace: run as root or with CAP_SYS_PTRACE ({})",
        kInContainer);
  if (filtered)
    return fmt::format(
        "we have CAP_SYS_PTRACE, but a seccomp filter on us forbids it: allow ptrace and "
        "process_vm_readv in the profile ({})",
        kInContainer);
  return "we have CAP_SYS_PTRACE, but not in the user namespace of the process, or a security module forbids "
         "it";
}

}  // namespace memsnap
