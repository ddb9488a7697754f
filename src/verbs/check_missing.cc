#include "verbs/check_missing.h"

#include "gomod/modules.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

// a; a and b; a, b and 3 more
std::string some_of(const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0];
  if (names.size() == 2) return names[0] + " and " + names[1];
  return fmt::format("{}, {} and {} more", names[0], names[1], names.size() - 2);
}

}  // namespace

std::vector<std::string> missing_lines(const std::vector<std::string>& lines, std::size_t unknown) {
  std::vector<std::string> found, modules, packages;
  std::string package_line;
  for (const std::string& line : lines) {
    if (std::string_view module = module_not_in_cache(line); !module.empty()) {
      modules.emplace_back(module);
    } else if (std::string_view package = package_of_no_module(line); !package.empty()) {
      packages.emplace_back(package), package_line = line;
    } else {
      found.push_back(line);
    }
  }
  if (packages.size() == 1) found.push_back(package_line);
  if (packages.size() > 1)
    found.push_back(fmt::format("no module has the packages {}: run go mod tidy", some_of(packages)));
  std::string silent = unknown == 0
                           ? ""
                           : fmt::format("{} {} a type that is not known: the rules are silent there",
                                         unknown, unknown == 1 ? "place has" : "places have");
  if (!modules.empty())
    found.push_back(fmt::format("{} {} not in the module cache: run go mod download{}{}", some_of(modules),
                                modules.size() == 1 ? "is" : "are", silent.empty() ? "" : "; ", silent));
  else if (!silent.empty())
    found.push_back(silent);
  return found;
}

}  // namespace memsnap
