// Why the kernel does not let us look into a process, and what to add so that it does.
#pragma once

#include <sys/types.h>

#include <string>

namespace memsnap {

// A sentence part for "process 12 cannot be read: …": names what was found (uid, capability, the value of
// kernel.yama.ptrace_scope, a seccomp filter) and what changes it.
std::string why_no_access(pid_t pid);

}  // namespace memsnap
