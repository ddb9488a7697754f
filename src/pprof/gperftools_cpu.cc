// A CPU profile of gperftools: words of 4 or 8 bytes in the machine's order. A header 0 3 kind period 0, then
// a count, a number of frames and as many addresses for each stack, leaf first, up to the stack 0 1 0; then
// the memory map as text. Facts: parseCPU in profile/legacy_profile.go of google/pprof.
#include "pprof/text_formats.h"

#include <bit>
#include <unordered_map>

namespace memsnap {
namespace {

// Reads words; past the end they are 0 and nothing is left, as in the original.
class Words {
 public:
  Words(Bytes bytes, std::size_t size, bool big) : bytes_(bytes), size_(size), big_(big) {}
  std::uint64_t next() {
    if (bytes_.size() < size_) {
      bytes_ = {};
      short_ = true;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size_; ++i)
      value |= std::uint64_t(bytes_[big_ ? size_ - 1 - i : i]) << (8 * i);
    bytes_ = bytes_.subspan(size_);
    return value;
  }
  bool is_short() const { return short_; }  // a word was not there
  Bytes rest() const { return bytes_; }

 private:
  Bytes bytes_;
  std::size_t size_;
  bool big_, short_ = false;
};

// False when a stack cannot be as long as it says.
bool read_samples(Words& words, bool is_java, LegacyBuilder& builder) {
  std::vector<std::uint64_t> addresses;
  std::vector<LocationId> frames;
  auto period = std::uint64_t(builder.profile().period);
  while (!words.rest().empty()) {
    std::uint64_t count = words.next(), size = words.next();
    if (words.is_short() || size > words.rest().size() / 4) return false;
    addresses.clear();
    frames.clear();
    for (std::uint64_t i = 0; i < size; ++i) addresses.push_back(words.next());
    if (count == 0 && size == 1 && addresses[0] == 0) break;
    // An address is the one to return to, except that of the leaf: one less lies in the call.
    for (std::uint64_t i = 0; i < size; ++i) frames.push_back(builder.at(addresses[i] - (!is_java && i > 0)));
    builder.sample(frames, std::vector<std::int64_t>{std::int64_t(count), std::int64_t(count * period)});
  }
  return true;
}

// A second frame that all but a few stacks have is the signal handler's.
void drop_signal_handler(LegacyBuilder& builder) {
  constexpr std::size_t kOneOddIn = 32;
  auto& stacks = builder.stacks();
  auto second = [&](const std::vector<LocationId>& stack) { return builder.profile()[stack[1]].address; };
  for (int frames = 0; frames < 2; ++frames) {
    std::unordered_map<std::uint64_t, std::size_t> seen;
    for (const auto& stack : stacks)
      if (stack.size() > 1) ++seen[second(stack)];
    for (auto [address, count] : seen) {
      if (count < stacks.size() - stacks.size() / kOneOddIn) continue;
      for (auto& stack : stacks)
        if (stack.size() > 1 && second(stack) == address) stack.erase(stack.begin() + 1);
      break;
    }
  }
}

Parsed read_stacks(Words words, std::uint64_t microseconds, bool is_java, const FormatInput& input) {
  LegacyBuilder builder{{"samples", "count"}, {"cpu", "nanoseconds"}};
  builder.set_period("cpu", "nanoseconds", std::int64_t(microseconds * 1000));
  if (!read_samples(words, is_java, builder)) return std::nullopt;
  if (is_java) return finish_java(text_of(words.rest()), std::move(builder));
  drop_signal_handler(builder);
  FormatInput rest{words.rest(), input.options, {}};
  LineScanner lines = lines_of(rest);
  TRY_VOID(builder.finish_at_map(lines));
  builder.drop_doubled_leaves();
  return builder.build();
}

}  // namespace

Parsed read_gperftools_cpu(FormatInput& input) {
  for (std::size_t size : {4, 8})
    for (bool big : {false, true}) {
      Words words(input.bytes, size, big);
      std::uint64_t header[5];
      for (std::uint64_t& word : header) word = words.next();
      if (words.is_short() || header[0] != 0 || header[1] != 3 || header[2] > 1 || header[3] == 0 ||
          header[4] != 0)
        continue;
      return read_stacks(words, header[3], header[2] == 1, input);
    }
  return std::nullopt;
}

}  // namespace memsnap
