#include "os/pages.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace memsnap {

Result<Pages> Pages::reserve(std::size_t size, bool huge_pages) {
  if (size == 0) return Pages();
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED)
    return fail(Cause::refused, "{} bytes of address space could not be reserved: {}", size,
                std::strerror(errno));
  // Advice only: where huge pages are off, nothing is lost.
  if (huge_pages) madvise(at, size, MADV_HUGEPAGE);
  return Pages(std::span(static_cast<std::byte*>(at), size));
}

Pages& Pages::operator=(Pages&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Pages::~Pages() {
  if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
}

void Pages::drop(std::size_t from, std::size_t size) {
  CHECK(from <= bytes_.size() && size <= bytes_.size() - from);
  const std::size_t page = std::size_t(sysconf(_SC_PAGESIZE));
  std::size_t first = (from + page - 1) / page * page, last = (from + size) / page * page;
  if (first < last) madvise(bytes_.data() + first, last - first, MADV_DONTNEED);
}

void allocate_in_bulk() {
  constexpr int kAtOnce = 256 << 20, kOwnPages = 32 << 20, kLater = 1 << 20;
  constexpr std::uintptr_t kHuge = 2 << 20;
  std::uintptr_t from = reinterpret_cast<std::uintptr_t>(sbrk(0));
  mallopt(M_MMAP_THRESHOLD, kOwnPages);
  mallopt(M_TRIM_THRESHOLD, 2 * kAtOnce);
  mallopt(M_TOP_PAD, kAtOnce);
  // More than what is left of the piece that malloc has, so that it asks for the next one.
  void* volatile more = std::malloc(kLater);
  std::free(more);
  mallopt(M_TOP_PAD, kLater);
  std::uintptr_t to = reinterpret_cast<std::uintptr_t>(sbrk(0));
  from = (from + kHuge - 1) / kHuge * kHuge;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
}

}  // namespace memsnap
