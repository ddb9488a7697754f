// Flags as Go's flag package takes them, with its texts (flag/flag.go).
#include "driver/go_text.h"
#include "verbs/flags.h"

#include <algorithm>
#include <utility>

namespace memsnap {
namespace {

// The package keeps of a number's error only which of two it is.
const char* brief(const Error& error) {
  return error.what.ends_with("value out of range") ? "value out of range" : "parse error";
}

Result<void> check_as_go(const Flag& flag, std::string_view value, bool attached) {
  auto invalid = [&](const char* why) {
    return fail(Cause::usage, "invalid value {} for flag -{}: {}", go_quote(value), flag.name, why);
  };
  switch (flag.kind) {
    case FlagKind::kSwitch:
      if (attached && !go_parse_bool(value))
        return fail(Cause::usage, "invalid boolean value {} for -{}: parse error", go_quote(value),
                    flag.name);
      break;
    case FlagKind::kInteger:
      if (auto number = go_parse_int(value); !number) return invalid(brief(number.error()));
      break;
    case FlagKind::kReal:
      if (auto number = go_parse_float(value); !number) return invalid(brief(number.error()));
      break;
    case FlagKind::kNumber:
      if (auto number = parse_number(value); !number || *number < flag.least) return invalid("parse error");
      break;
    case FlagKind::kDuration:
      if (!parse_duration(value)) return invalid("parse error");
      break;
    default: break;
  }
  return {};
}

}  // namespace

Result<std::optional<Flags>> Flags::parse_as_go(std::span<const std::string> words,
                                                std::span<const Flag> known) {
  Flags flags(known);
  std::size_t at = 0;
  while (at < words.size()) {
    std::string_view word = words[at];
    if (word.size() < 2 || word[0] != '-') break;
    ++at;
    if (word == "--") break;
    std::string_view name = word.substr(word[1] == '-' ? 2 : 1);
    if (name.empty() || name[0] == '-' || name[0] == '=')
      return fail(Cause::usage, "bad flag syntax: {}", word);
    std::optional<std::string> value;
    if (std::size_t equals = name.find('='); equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    auto flag = std::ranges::find_if(known, [&](const Flag& f) { return name == f.name; });
    if (flag == known.end()) {
      if (name == "help" || name == "h") return std::nullopt;
      return fail(Cause::usage, "flag provided but not defined: -{}", name);
    }
    bool attached = value.has_value();
    if (!value && flag->kind == FlagKind::kSwitch) value = "true";
    if (!value && at < words.size()) value = words[at++];
    if (!value) return fail(Cause::usage, "flag needs an argument: -{}", name);
    TRY_VOID(check_as_go(*flag, *value, attached));
    flags.values_[flag->name] = std::move(*value);
    flags.given_[flag->name] = true;
  }
  flags.targets_.assign(words.begin() + std::ptrdiff_t(at), words.end());
  return flags;
}

}  // namespace memsnap
