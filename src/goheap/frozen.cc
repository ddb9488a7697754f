#include "goheap/frozen.h"

#include "base/parallel.h"

#include <algorithm>
#include <cstring>

namespace memsnap {
namespace {

constexpr std::uint64_t kChunk = 1 << 20;  // one read; the speed of copying is flat from 64 KiB on

}  // namespace

bool FrozenMemory::prepare(std::uint64_t bytes) {
  auto memory = Pages::reserve(std::size_t(bytes), true);
  if (!memory) return false;
  std::span<std::byte> all = memory->bytes();
  parallel_for(threads_, std::size_t((bytes + kChunk - 1) / kChunk), [&](std::size_t i) {
    std::size_t end = std::min<std::size_t>(all.size(), (i + 1) * kChunk);
    for (std::size_t at = i * kChunk; at < end; at += kPage) all[at] = std::byte{0};
  });
  stretches_.push_back({std::move(*memory), 0});
  return true;
}

std::byte* FrozenMemory::take_memory(std::uint64_t bytes) {
  for (Stretch& stretch : stretches_) {
    if (stretch.memory.size() - stretch.used < bytes) continue;
    std::byte* memory = stretch.memory.data() + stretch.used;
    stretch.used =
        std::min<std::uint64_t>(stretch.memory.size(), stretch.used + ((bytes + 63) & ~std::uint64_t(63)));
    return memory;
  }
  auto memory = Pages::reserve(std::size_t(bytes), true);
  if (!memory) return nullptr;
  stretches_.push_back({std::move(*memory), bytes});
  return stretches_.back().memory.data();
}

Result<void> FrozenMemory::copy(std::span<const Range> wanted) {
  std::vector<Range> ranges;
  ranges.reserve(wanted.size());
  std::uint64_t bytes = 0;
  for (const Range& range : wanted) {
    if (range.to <= range.from) continue;
    ranges.push_back(range);
    bytes += range.to - range.from;
  }
  if (bytes == 0) return {};
  std::ranges::sort(ranges, {}, &Range::from);
  for (std::size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].from < ranges[i - 1].to)
      return fail(Cause::bad_input, "memory at {:#x} belongs to two things at once", ranges[i].from);
  std::byte* memory = take_memory(bytes);
  if (!memory) return fail(Cause::refused, "there is no memory for a copy of {} bytes", bytes);
  if (!read_parts(ranges, memory)) return fail(Cause::bad_input, "memory of the process could not be read");
  add_pieces(std::move(ranges), memory);
  copied_ += bytes;
  return {};
}

// Cuts the ranges into reads of about a megabyte each and shares them among the threads.
bool FrozenMemory::read_parts(std::span<const Range> ranges, std::byte* out) const {
  struct Part {
    std::vector<Range> ranges;
    std::byte* out;
    std::uint64_t bytes = 0;
  };
  std::vector<Part> parts;
  for (Range range : ranges) {
    while (range.from < range.to) {
      if (parts.empty() || parts.back().bytes >= kChunk || parts.back().ranges.size() >= 512)
        parts.push_back({.ranges = {}, .out = out});
      std::uint64_t size = std::min(range.to - range.from, kChunk);
      parts.back().ranges.push_back({range.from, range.from + size});
      parts.back().bytes += size;
      range.from += size;
      out += size;
    }
  }
  std::atomic<bool> good{true};
  parallel_for(threads_, parts.size(), [&](std::size_t i) {
    if (!behind_.read_ranges(parts[i].ranges, {parts[i].out, std::size_t(parts[i].bytes)})) good = false;
  });
  return good;
}

void FrozenMemory::add_pieces(std::vector<Range> ranges, std::byte* memory) {
  std::size_t old = pieces_.size();
  for (const Range& range : ranges) {
    bool joins = pieces_.size() > old && pieces_.back().to == range.from;
    if (joins)
      pieces_.back().to = range.to;
    else
      pieces_.push_back({range.from, range.to, memory});
    memory += range.to - range.from;
  }
  std::ranges::inplace_merge(pieces_, pieces_.begin() + std::ptrdiff_t(old), {}, &Piece::from);
}

void FrozenMemory::thaw() {
  thawed_ = true;
  for (Stretch& stretch : stretches_)
    stretch.memory.drop(std::size_t(stretch.used), stretch.memory.size() - std::size_t(stretch.used));
}

void FrozenMemory::drop_copies() {
  pieces_.clear();
  windows_.clear();
  stretches_.clear();
}

// Reads a window; when it is not mapped whole, page by page.
void FrozenMemory::load(std::uint64_t window) {
  if (thawed_ || windows_.contains(window)) return;
  Window fresh{.memory = std::make_unique_for_overwrite<std::byte[]>(kWindow), .readable = {}};
  std::span<std::byte> all(fresh.memory.get(), kWindow);
  if (behind_.read(window, all) == kWindow)
    fresh.readable.set();
  else
    for (std::size_t page = 0; page < fresh.readable.size(); ++page) {
      auto part = all.subspan(page * kPage, kPage);
      fresh.readable[page] = behind_.read(window + page * kPage, part) == kPage;
    }
  copied_ += fresh.readable.count() * kPage;
  windows_.emplace(window, std::move(fresh));
}

bool FrozenMemory::fetch(std::uint64_t addr, std::span<std::byte> out) {
  std::uint64_t end = addr + out.size();
  if (end < addr) return false;
  const std::byte* there = look(addr, out.size());
  if (!there) {
    for (std::uint64_t window = addr & ~(kWindow - 1); window < end; window += kWindow) load(window);
    there = look(addr, out.size());
  }
  if (there) std::memcpy(out.data(), there, out.size());
  return there || read(addr, out) == out.size();
}

const FrozenMemory::Piece* FrozenMemory::piece_of(std::uint64_t addr) const {
  auto after = std::ranges::upper_bound(pieces_, addr, {}, &Piece::from);
  if (after == pieces_.begin()) return nullptr;
  const Piece& piece = *std::prev(after);
  return addr < piece.to ? &piece : nullptr;
}

const std::byte* FrozenMemory::look(std::uint64_t addr, std::uint64_t size) const {
  if (addr + size < addr) return nullptr;
  if (const Piece* piece = piece_of(addr))
    return addr + size <= piece->to ? piece->memory + (addr - piece->from) : nullptr;
  std::uint64_t offset = addr % kWindow;
  if (offset + size > kWindow) return nullptr;
  auto window = windows_.find(addr - offset);
  if (window == windows_.end()) return nullptr;
  for (std::uint64_t page = offset / kPage; page * kPage < offset + size; ++page)
    if (!window->second.readable[page]) return nullptr;
  return window->second.memory.get() + offset;
}

// Copies what is known from the front and gives its length; 0 when the first byte is not copied.
std::size_t FrozenMemory::known(std::uint64_t addr, std::span<std::byte> out) const {
  const std::byte* from = nullptr;
  std::uint64_t size = 0;
  if (const Piece* piece = piece_of(addr)) {
    from = piece->memory + (addr - piece->from);
    size = piece->to - addr;
  } else {
    size = kPage - addr % kPage;
    from = look(addr, 1);
    auto next = std::ranges::upper_bound(pieces_, addr, {}, &Piece::from);
    if (next != pieces_.end()) size = std::min(size, next->from - addr);
  }
  if (!from) return 0;
  size = std::min<std::uint64_t>(size, out.size());
  std::memcpy(out.data(), from, std::size_t(size));
  return std::size_t(size);
}

std::size_t FrozenMemory::read(std::uint64_t addr, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    std::uint64_t at = addr + done;
    auto rest = out.subspan(done);
    std::size_t got = known(at, rest);
    if (got == 0) {
      // Up to the next copy, or to the end of the page when windows may lie ahead.
      std::uint64_t most = windows_.empty() ? rest.size() : kPage - at % kPage;
      auto next = std::ranges::upper_bound(pieces_, at, {}, &Piece::from);
      if (next != pieces_.end()) most = std::min(most, next->from - at);
      auto part = rest.first(std::size_t(std::min<std::uint64_t>(most, rest.size())));
      got = behind_.read(at, part);
      if (got < part.size()) return done + got;
    }
    done += got;
  }
  return done;
}

}  // namespace memsnap
