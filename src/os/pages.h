// Big pieces of zeroed memory that cost nothing until they are touched.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>

namespace memsnap {

// Address space without a claim on swap or memory (MAP_NORESERVE). With `huge_pages` the kernel is asked
// for 2 MiB pages, which makes the first touch several times cheaper.
class Pages {
 public:
  static Result<Pages> reserve(std::size_t size, bool huge_pages = false);
  Pages() = default;
  Pages(Pages&& other) noexcept : bytes_(other.bytes_) { other.bytes_ = {}; }
  Pages& operator=(Pages&& other) noexcept;
  ~Pages();

  std::byte* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  std::span<std::byte> bytes() const { return bytes_; }
  // Gives the memory of whole pages within [from, from + size) back; they read as zero again.
  void drop(std::size_t from, std::size_t size);

 private:
  explicit Pages(std::span<std::byte> bytes) : bytes_(bytes) {}
  std::span<std::byte> bytes_;
};

// For a run that allocates much and ends soon: malloc takes a good piece of memory at once, in 2 MiB pages
// where the kernel gives them, and keeps what is freed.
void allocate_in_bulk();

}  // namespace memsnap
