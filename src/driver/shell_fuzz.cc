// Whatever is typed, a line is understood or refused in words, and a completed line is stable.
#include "driver/config_fields.h"
#include "driver/go_text.h"
#include "driver/shell_words.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace memsnap;
  std::string text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view functions[] = {"main.main", "runtime.mallocgc", "foo.(*T).Bar", ""};
  PprofConfig config;
  for (std::string_view left = text; !left.empty();) {
    std::string line(left.substr(0, left.find('\n')));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    Assignment assignment = split_assignment(line);
    if (const ConfigField* field = find_config_field(assignment.name)) {
      auto set = set_config(config, assignment.name, assignment.value);
      CHECK(set ? set_config(config, *field, config_value(config, *field)).has_value()
                : !set.error().what.empty());
    }
    std::vector<std::string_view> words = go_fields(line);
    if (!words.empty()) {
      auto command = parse_shell_command(words, config);
      CHECK(command ? command->command != nullptr : !command.error().what.empty());
    }
    std::string completed = complete_line(line, functions);
    CHECK(complete_line(completed, functions).size() >= completed.size() || words.size() > 1);
  }
  return 0;
}
