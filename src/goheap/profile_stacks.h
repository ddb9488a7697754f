// Stacks of profile records as frames.
#pragma once

#include "goheap/raw_heap.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace memsnap {

// Appends the frames of stacks to a table. The words are return addresses, as runtime.Callers gives them: a
// call that was inlined may have a word of its own, or be part of the word of the function it ended up in.
class ProfileStacks {
 public:
  ProfileStacks(const RawHeap& heap, FrameTable& frames, StringPool& strings)
      : heap_(heap), frames_(frames), strings_(strings) {}

  // Gives the first row and the number of rows.
  std::pair<std::uint32_t, std::uint32_t> add(std::span<const std::uint64_t> words);

 private:
  struct Line {
    StringId function{}, file{};
    std::uint32_t number = 0;
    bool operator==(const Line&) const = default;
  };
  struct Place {
    std::vector<Line> lines;    // of one word, innermost first
    bool only_wrapper = false;  // nothing but a function that the compiler made around another
  };
  const Place& place(std::uint64_t word);
  Place resolve(std::uint64_t word) const;

  const RawHeap& heap_;
  FrameTable& frames_;
  StringPool& strings_;
  std::unordered_map<std::uint64_t, Place> places_;
};

}  // namespace memsnap
