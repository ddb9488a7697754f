#include "goheap/profile_stacks.h"

#include <algorithm>

namespace memsnap {
namespace {

// In front of a stack of which every inlined call has a word of its own (runtime/tracestack.go).
constexpr std::uint64_t kLogicalSentinel = ~std::uint64_t(0);

}  // namespace

ProfileStacks::Place ProfileStacks::resolve(std::uint64_t word) const {
  const Pclntab& table = heap_.pclntab();
  std::uint64_t pc = word - 1 - heap_.bias();
  auto function = word <= heap_.bias() ? std::nullopt : table.function_at(pc);
  // Code that is not Go's; runtime.CallersFrames leaves it out as well.
  if (!function || function->name == "runtime.goexit") return {};
  Bytes inlined;
  if (!heap_.modules().empty()) inlined = heap_.program().elf.from(heap_.modules()[0].gofunc - heap_.bias());
  Place place;
  std::vector<GoFrame> frames = table.frames(*function, pc, inlined);
  for (const GoFrame& frame : frames)
    place.lines.push_back({strings_.add(frame.function), strings_.add(frame.file), frame.line});
  // Where calls are inlined into a wrapper, frames() has left it out already.
  if (table.is_wrapper(*function) && !frames.empty() &&
      frames.back().function == table.entry_line(*function).function) {
    if (place.lines.size() > 1)
      place.lines.pop_back();
    else
      place.only_wrapper = true;
  }
  return place;
}

const ProfileStacks::Place& ProfileStacks::place(std::uint64_t word) {
  auto known = places_.find(word);
  return known != places_.end() ? known->second : places_.emplace(word, resolve(word)).first->second;
}

std::pair<std::uint32_t, std::uint32_t> ProfileStacks::add(std::span<const std::uint64_t> words) {
  std::uint32_t first = std::uint32_t(frames_.rows());
  if (!words.empty() && words[0] == kLogicalSentinel) words = words.subspan(1);
  std::uint64_t pc = 0;
  auto put = [&](const Line& line) {
    frames_.function.push_back(line.function);
    frames_.file.push_back(line.file);
    frames_.line.push_back(line.number);
    frames_.pc.push_back(pc);
  };
  bool within = false;  // a call that the word before this one is inlined in
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Place& here = place(words[i]);
    if (here.lines.empty() || (here.only_wrapper && i > 0)) continue;
    if (!within) pc = words[i] - 1;
    put(here.lines[0]);
    std::span<const Line> callers = std::span(here.lines).subspan(1);
    // When the next word is the place right outside of the inlined call, it stands for what is around it.
    // (unordered_map keeps its elements where they are.)
    within =
        !callers.empty() && i + 1 < words.size() && std::ranges::equal(place(words[i + 1]).lines, callers);
    if (within) continue;
    for (const Line& line : callers) put(line);
  }
  return {first, std::uint32_t(frames_.rows()) - first};
}

}  // namespace memsnap
