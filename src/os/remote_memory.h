// The memory of another process, read without touching it: process_vm_readv, or /proc/PID/mem where a
// seccomp filter forbids the call.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace memsnap {

struct RemotePiece {
  std::uint64_t from = 0;  // in the other process
  std::size_t size = 0;
};

// May be used by several threads at once.
class RemoteMemory {
 public:
  explicit RemoteMemory(pid_t pid) : pid_(pid) {}
  ~RemoteMemory();
  RemoteMemory(const RemoteMemory&) = delete;
  RemoteMemory& operator=(const RemoteMemory&) = delete;

  // Bytes copied from the front of [from, from + out.size()).
  std::size_t read(std::uint64_t from, std::span<std::byte> out) const;
  // The pieces one behind the other into out, which holds their sum. What cannot be read is zero; true
  // when all of it was read.
  bool read(std::span<const RemotePiece> pieces, std::span<std::byte> out) const;

  int last_error() const { return last_error_; }  // errno of the last read that came short; 0: none did
  bool through_file() const { return file_ >= 0; }

 private:
  long one_call(const RemotePiece* pieces, std::size_t count, std::byte* out, std::size_t total) const;
  std::size_t from_file(std::uint64_t from, std::span<std::byte> out) const;

  pid_t pid_;
  mutable std::atomic<int> file_ = -1;
  mutable std::atomic<int> last_error_ = 0;
};

}  // namespace memsnap
