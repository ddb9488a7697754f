#include "os/pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
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

}  // namespace memsnap
