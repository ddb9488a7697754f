#include "driver/shell_words.h"

#include "driver/config_fields.h"
#include "driver/go_text.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace memsnap {
namespace {

constexpr std::string_view kComment = "//:";

std::optional<std::int64_t> small_number(std::string_view word) {
  auto number = go_atoi(word);
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (!number || *number > kMost || *number < -kMost - 1) return std::nullopt;
  return *number;
}

void add_alternative(std::string& regex, std::string_view more) {
  if (!regex.empty() && !more.empty()) regex += "|";
  regex += more;
}

// The words behind a command's name and symbol.
struct Words {
  std::string focus, ignore;

  Result<void> take(std::span<const std::string_view> words, PprofConfig& config) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::string_view word = words[i];
      if (auto number = small_number(word)) {
        config.nodecount = *number;
      } else if (word[0] == '>') {
        std::string_view file = word.substr(1);
        if (file.empty() && ++i == words.size()) return fail(Cause::usage, "unexpected end of line after >");
        config.output = file.empty() ? words[i] : file;
      } else if (word == "-cum" || word == "--cum") {
        config.sort = "cum";
      } else if (word[0] == '-') {
        add_alternative(ignore, word.substr(1));
      } else {
        add_alternative(focus, word);
      }
    }
    return {};
  }
};

std::unexpected<Error> unknown_command(std::string_view name, std::span<const std::string_view> words) {
  if (config_help(name))
    return fail(Cause::usage, "did you mean: {}={}", name, words.empty() ? "<val>" : words[0]);
  return fail(Cause::usage, "unrecognized command: {}", go_quote(name));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

// The only command or field that begins so; "" when there is none or several.
std::string only_name(std::string_view word) {
  std::string begin = lower(word);
  std::vector<std::string_view> names = config_names(begin);
  for (std::span<const PprofCommand> commands : {pprof_commands(), own_commands()})
    for (const PprofCommand& command : commands)
      if (std::string_view(command.name).starts_with(begin)) names.push_back(command.name);
  return names.size() == 1 ? std::string(names[0]) : "";
}

// The only function that has this in its name, else the word itself.
std::string only_function(std::string_view word, std::span<const std::string_view> functions) {
  std::string_view found;
  for (std::string_view function : functions) {
    if (function.find(word) == std::string_view::npos) continue;
    if (!found.empty()) return std::string(word);
    found = function;
  }
  return std::string(found.empty() ? word : found);
}

}  // namespace

Assignment split_assignment(std::string_view line) {
  std::size_t equals = line.find('=');
  Assignment assignment{.name = std::string(go_trim_space(line.substr(0, equals))), .value = {}};
  if (equals == std::string_view::npos) return assignment;
  std::string_view value = line.substr(equals + 1);
  if (std::size_t comment = value.rfind(kComment); comment != std::string_view::npos)
    value = value.substr(0, comment);
  assignment.value = go_trim_space(value);
  assignment.has_value = true;
  return assignment;
}

Result<ShellCommand> parse_shell_command(std::span<const std::string_view> words, const PprofConfig& current,
                                         bool own) {
  CHECK(!words.empty());
  std::string_view name = words[0];
  std::vector<std::string_view> rest(words.begin() + 1, words.end());
  ShellCommand parsed{.command = find_command(name, own), .symbol = {}, .config = current};
  if (!parsed.command) {  // top10
    std::size_t digits = name.find_last_not_of("0123456789") + 1;
    if (digits > 0 && digits < name.size()) {
      rest.insert(rest.begin(), name.substr(digits));
      name = name.substr(0, digits);
      parsed.command = find_command(name, own);
    }
  }
  if (!parsed.command) return unknown_command(name, rest);
  if (parsed.command->has_symbol) {
    if (rest.empty()) return fail(Cause::usage, "command {} requires an argument", name);
    parsed.symbol = rest[0];
    rest.erase(rest.begin());
  }
  Words filters;
  TRY_VOID(filters.take(rest, parsed.config));
  bool tags = parsed.command->kind == ReportKind::kTags;
  std::string& focus = tags ? parsed.config.tagfocus : parsed.config.focus;
  std::string& ignore = tags ? parsed.config.tagignore : parsed.config.ignore;
  if (!filters.focus.empty()) focus = filters.focus;
  if (!filters.ignore.empty()) ignore = filters.ignore;
  if (parsed.config.nodecount == -1 && parsed.command->kind == ReportKind::kTop) parsed.config.nodecount = 10;
  return parsed;
}

std::string complete_line(const std::string& line, std::span<const std::string_view> functions) {
  std::vector<std::string_view> words = go_fields(line);
  if (words.empty()) return line;
  if (words.size() == 1) {
    std::string name = only_name(words[0]);
    return name.empty() ? line : name;
  }
  if (words.size() == 2 && words[0] == "help") {
    std::string name = only_name(words[1]);
    return name.empty() ? line : "help " + name;
  }
  if (!find_command(words[0]) || words[0] == "tags") return line;
  std::string_view last = words.back();
  std::string minus = last.starts_with('-') ? "-" : "";
  words.pop_back();
  return fmt::format("{} {}{}", fmt::join(words, " "), minus,
                     only_function(last.substr(minus.size()), functions));
}

}  // namespace memsnap
