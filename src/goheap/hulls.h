// What slices and strings show of an array, put together: from the first byte that one of them shows to the
// last.
#pragma once

#include "tables/ids.h"

#include <algorithm>
#include <cstdint>

namespace memsnap {

// One slice or string header that leads into an object. Offsets are bytes from the start of the object.
struct View {
  std::uint64_t from = 0, to = 0;  // ptr, ptr + len
  std::uint64_t reach = 0;         // ptr + cap
};

// A header as memory has it, made to fit the object: a running target may be between two of its words.
inline View clipped_view(std::uint64_t offset, std::uint64_t len, std::uint64_t cap, std::uint64_t elem,
                         std::uint64_t size) {
  std::uint64_t room = elem == 0 || offset > size ? 0 : (size - offset) / elem;
  cap = std::min(cap, room);
  len = std::min(len, cap);
  return {.from = offset, .to = offset + len * elem, .reach = offset + cap * elem};
}

struct Hull {
  std::uint64_t from = ~std::uint64_t{0}, to = 0, reach = 0;
  std::uint64_t empty_at = ~std::uint64_t{0};  // smallest ptr of views that show nothing
  std::uint32_t views = 0;
  std::uint64_t longest = 0;  // bytes of the longest view

  // True when it is the longest so far, so that its holder is worth keeping.
  bool add(const View& view) {
    ++views;
    reach = std::max(reach, view.reach);
    if (view.to > view.from) {
      from = std::min(from, view.from);
      to = std::max(to, view.to);
    } else {
      empty_at = std::min(empty_at, view.from);
    }
    bool longer = views == 1 || view.to - view.from > longest;
    longest = std::max(longest, view.to - view.from);
    return longer;
  }
  // The part shown; empty at the smallest ptr when nothing is.
  std::uint64_t shown_from() const {
    return to > 0 && from < to ? from : empty_at == ~std::uint64_t{0} ? 0 : empty_at;
  }
  std::uint64_t shown_to() const { return to > 0 && from < to ? to : shown_from(); }
};

// Whether so much of an object is not shown that it is worth a row: an eighth, which rounding up to a size
// class never reaches, and 32 bytes.
inline bool much_hidden(std::uint64_t size, std::uint64_t shown) {
  std::uint64_t hidden = size - std::min(shown, size);
  return hidden >= 32 && hidden >= size / 8;
}

}  // namespace memsnap
