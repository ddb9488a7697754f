#include "driver/simple_names.h"

#include "symbols/plain_name.h"

#include <algorithm>

namespace memsnap {
namespace {

// Not names of Java (class.<init>) and of methods of Go's generic types (foo.(*Bar[...]).Method).
bool looks_like_cplusplus(std::string_view name) {
  if (name.find(".<") != std::string_view::npos || name.find("]).") != std::string_view::npos) return false;
  return name.find_first_of("<>[]") != std::string_view::npos || name.find("::") != std::string_view::npos;
}

// Cuts everything from each outermost `open` to its `close`; stops where they do not match.
std::string without_pairs(std::string_view name, char open, char close) {
  std::string out;
  std::size_t depth = 0, from = 0;  // from: of the text that is not yet in out
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == open && depth++ == 0) {
      out += name.substr(from, i - from);
      from = i;
    } else if (name[i] == close) {
      if (depth == 0) break;
      if (--depth == 0) from = i + 1;
    }
  }
  return out.append(name.substr(from));
}

NameDetail detail_of(DemangleMode mode) {
  if (mode == DemangleMode::kFull) return NameDetail::kFull;
  return mode == DemangleMode::kTemplates ? NameDetail::kTemplates : NameDetail::kSimple;
}

}  // namespace

std::string simple_name(std::string_view linker_name, DemangleMode mode) {
  std::string name(linker_name);
  if (mode == DemangleMode::kNone) return name;
  if (std::string plain = plain_name(name, detail_of(mode)); !plain.empty()) return plain;
  // Linkers of some systems put one more _ in front.
  if (name.starts_with('_'))
    if (std::string plain = plain_name(name.substr(1), detail_of(mode)); !plain.empty()) return plain;
  if (mode == DemangleMode::kFull || !looks_like_cplusplus(name)) return name;
  name = without_pairs(name, '(', ')');
  return mode == DemangleMode::kSimple ? without_pairs(name, '<', '>') : name;
}

void simplify_names(Profile& profile, DemangleMode mode, bool again) {
  for (ProfileFunction& function : profile.functions) {
    std::string_view name = profile.text(function.name), linker = profile.text(function.system_name);
    if (again && !name.empty() && !linker.empty()) function.name = function.system_name, name = linker;
    if (mode == DemangleMode::kNone || (!name.empty() && name != linker)) continue;
    std::string simple = simple_name(linker, mode);
    if (simple != name) function.name = profile.strings.add(simple);
  }
}

}  // namespace memsnap
