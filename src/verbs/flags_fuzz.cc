// Whatever the words, the parser answers, and a value it accepts is one that its flag's kind allows.
#include "verbs/verbs.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace memsnap;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words;
  while (!text.empty()) {
    std::size_t end = text.find('\0');
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  for (const Verb* verb : verbs()) {
    std::vector<Flag> known = flags_of(*verb);
    Result<Flags> flags = Flags::parse(words, known);
    if (!flags) {
      CHECK(flags.error().cause == Cause::usage && !flags.error().what.empty());
      continue;
    }
    CHECK(flags->targets().size() <= words.size());
    for (const Flag& flag : known) {
      // A flag without a standard value that nobody gave has no number.
      if (flag.kind == FlagKind::kNumber && !flags->text(flag.name).empty())
        CHECK(flags->number(flag.name) >= flag.least);
      if (flag.kind == FlagKind::kDuration) CHECK(flags->duration(flag.name).count() >= 0);
    }
  }
  return 0;
}
