#include "os/remote_memory.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

namespace memsnap {
namespace {

// Larger calls are no faster, and a call cannot be interrupted while it copies.
constexpr std::size_t kChunk = std::size_t(1) << 20;
constexpr std::size_t kPieces = 512;

// The call itself is not to be had, other than the memory.
bool call_forbidden(int error) { return error == ENOSYS || error == EPERM; }

}  // namespace

RemoteMemory::~RemoteMemory() {
  if (file_ >= 0) close(file_);
}

std::size_t RemoteMemory::from_file(std::uint64_t from, std::span<std::byte> out) const {
  if (file_ < 0) {
    std::string path = "/proc/" + std::to_string(pid_) + "/mem";
    int opened = open(path.c_str(), O_RDONLY | O_CLOEXEC), none = -1;
    if (opened < 0) return last_error_ = errno, 0;
    if (!file_.compare_exchange_strong(none, opened)) close(opened);
  }
  std::size_t done = 0;
  while (done < out.size()) {
    ssize_t n = pread(file_, out.data() + done, std::min(out.size() - done, kChunk), off_t(from + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return last_error_ = n == 0 ? ESRCH : errno, done;
    done += std::size_t(n);
  }
  return done;
}

// Bytes copied in one call, -1 and last_error_ when none.
long RemoteMemory::one_call(const RemotePiece* pieces, std::size_t count, std::byte* out,
                            std::size_t total) const {
  std::array<iovec, kPieces> remote;
  for (std::size_t i = 0; i < count; ++i)
    remote[i] = {reinterpret_cast<void*>(pieces[i].from), pieces[i].size};
  iovec local{out, total};
  ssize_t n = process_vm_readv(pid_, &local, 1, remote.data(), count, 0);
  if (n < 0) last_error_ = errno;
  return n;
}

std::size_t RemoteMemory::read(std::uint64_t from, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    if (file_ >= 0) return done + from_file(from + done, out.subspan(done));
    RemotePiece piece{from + done, std::min(out.size() - done, kChunk)};
    if (piece.from + piece.size < piece.from) return last_error_ = EFAULT, done;
    long n = one_call(&piece, 1, out.data() + done, piece.size);
    if (n < 0 && call_forbidden(last_error_)) return done + from_file(from + done, out.subspan(done));
    if (n <= 0) return done;
    done += std::size_t(n);
    // The kernel stops at the first page that is not there; the next call says why.
  }
  return done;
}

bool RemoteMemory::read(std::span<const RemotePiece> pieces, std::span<std::byte> out) const {
  bool whole = true;
  std::size_t at = 0;
  auto alone = [&](const RemotePiece& piece) {
    std::size_t got = read(piece.from, out.subspan(at, piece.size));
    std::memset(out.data() + at + got, 0, piece.size - got);
    whole &= got == piece.size;
    at += piece.size;
  };
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t count = 0, total = 0;
    while (i + count < pieces.size() && count < kPieces && total + pieces[i + count].size <= kChunk)
      total += pieces[i + count++].size;
    if (count < 2 || file_ >= 0) {
      alone(pieces[i++]);
      continue;
    }
    long n = one_call(pieces.data() + i, count, out.data() + at, total);
    if (n == long(total)) {
      at += total;
      i += count;
      continue;
    }
    for (std::size_t end = i + count; i < end; ++i) alone(pieces[i]);
  }
  return whole;
}

}  // namespace memsnap
