#include "image/address_space.h"

#include <algorithm>
#include <cstring>
#include <list>
#include <memory>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::uint64_t kWindow = 64 << 10, kPage = 4096, kPages = kWindow / kPage;

}  // namespace

bool AddressSpace::read_ranges(std::span<const Range> ranges, std::span<std::byte> out) const {
  bool whole = true;
  std::size_t at = 0;
  for (const Range& range : ranges) {
    std::size_t size = std::size_t(range.to - range.from), got = read(range.from, out.subspan(at, size));
    std::memset(out.data() + at + got, 0, size - got);
    whole &= got == size;
    at += size;
  }
  return whole;
}

struct WindowCache::Impl {
  struct Window {
    std::uint64_t number = 0;
    std::uint32_t readable = 0;  // one bit per page
    std::unique_ptr<std::byte[]> bytes;
  };
  using Order = std::list<Window>;  // most recently used first

  const AddressSpace& space;
  std::size_t most;
  Order order;
  std::unordered_map<std::uint64_t, Order::iterator> windows;
  std::uint64_t failures = 0;

  Impl(const AddressSpace& behind, std::size_t budget)
      : space(behind), most(std::max<std::size_t>(budget / kWindow, 2)) {}

  Window& window(std::uint64_t number) {
    if (!order.empty() && order.front().number == number) return order.front();
    if (auto known = windows.find(number); known != windows.end()) {
      order.splice(order.begin(), order, known->second);
      return order.front();
    }
    if (order.size() >= most) {
      windows.erase(order.back().number);
      order.splice(order.begin(), order, std::prev(order.end()));
    } else {
      order.push_front({.number = 0, .readable = 0, .bytes = std::make_unique<std::byte[]>(kWindow)});
    }
    fill(order.front(), number);
    windows[number] = order.begin();
    return order.front();
  }

  // A window may hold several mappings with holes between them.
  void fill(Window& window, std::uint64_t number) {
    window.number = number;
    window.readable = 0;
    for (std::uint64_t page = 0; page < kPages;) {
      std::span<std::byte> rest(window.bytes.get() + page * kPage, (kPages - page) * kPage);
      std::uint64_t got = space.read(number * kWindow + page * kPage, rest) / kPage;
      for (std::uint64_t i = 0; i < got; ++i) window.readable |= 1u << (page + i);
      page += got;
      if (page < kPages) std::memset(window.bytes.get() + page++ * kPage, 0, kPage);
    }
  }
};

WindowCache::WindowCache(const AddressSpace& space, std::size_t budget_bytes)
    : impl_(new Impl(space, budget_bytes)) {}
WindowCache::~WindowCache() { delete impl_; }

bool WindowCache::get(std::uint64_t addr, void* out, std::size_t size) {
  auto* to = static_cast<std::byte*>(out);
  bool whole = true;
  while (size > 0) {
    std::uint64_t within = addr % kWindow;
    std::size_t part = std::size_t(std::min<std::uint64_t>(size, kWindow - within));
    Impl::Window& window = impl_->window(addr / kWindow);
    std::memcpy(to, window.bytes.get() + within, part);
    std::uint64_t first = within / kPage, last = (within + part - 1) / kPage;
    std::uint32_t needed = std::uint32_t((std::uint64_t(2) << last) - (std::uint64_t(1) << first));
    whole &= (window.readable & needed) == needed;
    addr += part;
    to += part;
    size -= part;
  }
  if (!whole) ++impl_->failures;
  return whole;
}

std::uint64_t WindowCache::failures() const { return impl_->failures; }

void WindowCache::clear() {
  impl_->order.clear();
  impl_->windows.clear();
}

}  // namespace memsnap
