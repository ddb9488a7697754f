#include "verbs/addr2line_words.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace memsnap {
namespace {

constexpr std::string_view kSwitches = "afipsC";

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kLongNames = {{
    {"addresses", "a"},
    {"functions", "f"},
    {"inlines", "i"},
    {"inlining", "i"},
    {"basenames", "s"},
    {"demangle", "C"},
    {"exe", "e"},
    {"obj", "e"},
    {"print-address", "a"},
    {"pretty", "pretty-print"},
}};

// Letters behind one dash: switches, and at their end perhaps e, whose value is the next word.
bool is_bundle(std::string_view word) {
  if (word.size() < 3 || word[0] != '-' || word[1] == '-') return false;
  std::string_view letters = word.substr(1);
  if (letters.back() == 'e') letters.remove_suffix(1);
  return letters.find_first_not_of(kSwitches) == letters.npos;
}

bool names_executable(std::string_view word) {
  if (is_bundle(word)) return word.back() == 'e';
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  std::string_view name = word.substr(0, word.find('='));
  return name == "e" || name == "exe" || name == "obj";
}

std::string long_name(const std::string& word) {
  std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());
  std::string_view rest = std::string_view(word).substr(dashes);
  std::size_t equals = rest.find('=');
  std::string_view name = rest.substr(0, equals);
  auto known = std::ranges::find(kLongNames, name, &std::pair<std::string_view, std::string_view>::first);
  if (known == kLongNames.end()) return word;
  std::string_view value = equals == rest.npos ? std::string_view() : rest.substr(equals);
  if (name == "demangle" && value == "=none") value = "=false";
  // A style of mangling: ours are told by the names themselves.
  if (name == "demangle" && value != "=false" && value != "=true") value = {};
  return "--" + std::string(known->second) + std::string(value);
}

}  // namespace

std::vector<std::string> addr2line_words(std::span<const std::string> words) {
  std::vector<std::string> spelt;
  auto end = std::ranges::find(words, "--");
  bool named = std::any_of(words.begin(), end,
                           [](const std::string& w) { return w.starts_with('-') && names_executable(w); });
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (word >= end || !word->starts_with('-')) {
      spelt.push_back(*word);
    } else if (*word == "-p" && named) {
      spelt.emplace_back("--pretty-print");
    } else if (is_bundle(*word)) {
      for (char letter : std::string_view(*word).substr(1))
        spelt.push_back(letter == 'p' ? "--pretty-print" : std::string("-") + letter);
    } else {
      spelt.push_back(long_name(*word));
    }
  }
  return spelt;
}

}  // namespace memsnap
