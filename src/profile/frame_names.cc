#include "profile/frame_names.h"

#include "profile/regex.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

Regex known_regex(const char* text) { return std::move(*Regex::compile(text)); }

}  // namespace

std::string short_function_name(std::string_view name) {
  static const Regex kModuleVersion = known_regex(R"(^(.*?)/v(?:[2-9]|[1-9][0-9]+)([./].*)$)");
  static const Regex kShort[] = {
      known_regex(R"(^(?:[\w\-\.]+\/)+([^.]+\..+))"),
      known_regex(R"(^(?:[a-z]\w*\.)*([A-Z][\w\$]*\.(?:<init>|[a-z][\w\$]*(?:\$\d+)?))(?:(?:\()|$))"),
      known_regex(R"(^(?:[_a-zA-Z]\w*::)+(_*[A-Z]\w*::~?[_a-zA-Z]\w*(?:<.*>)?))"),
  };
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  if (name.starts_with(kAnonymous)) name.remove_prefix(kAnonymous.size());
  std::string text(name);
  if (auto parts = kModuleVersion.groups(text); !parts.empty())
    text = fmt::format("{}{}", parts[0], parts[1]);
  for (const Regex& regex : kShort)
    if (auto parts = regex.groups(text); !parts.empty()) return std::string(parts[0]);
  return text;
}

}  // namespace memsnap
