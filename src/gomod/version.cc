#include "gomod/version.h"

#include <array>
#include <charconv>

namespace memsnap {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && digit(text[n])) ++n;
  std::string_view number = text.substr(0, n);
  text.remove_prefix(n);
  return number;
}

int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

struct Semver {
  bool valid = false;
  std::array<std::string_view, 3> number{"0", "0", "0"};
  std::string_view pre;  // without its dash
};

Semver parse_semver(std::string_view text) {
  Semver version;
  if (!text.starts_with('v')) return version;
  text.remove_prefix(1);
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) break;
      text.remove_prefix(1);
    }
    version.number[i] = take_digits(text);
    if (version.number[i].empty()) return version;
  }
  text = text.substr(0, text.find('+'));
  if (text.starts_with('-')) {
    version.pre = text.substr(1);
    text = {};
  }
  version.valid = text.empty();
  return version;
}

int compare_identifiers(std::string_view a, std::string_view b) {
  auto numeric = [](std::string_view s) {
    return s.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (numeric(a) && numeric(b)) return compare_numbers(a, b);
  if (numeric(a) != numeric(b)) return numeric(a) ? -1 : 1;
  return a.compare(b);
}

int compare_pre(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty() || b.empty()) return a.empty() ? 1 : -1;
  while (!a.empty() && !b.empty()) {
    std::size_t in_a = a.find('.'), in_b = b.find('.');
    if (int order = compare_identifiers(a.substr(0, in_a), b.substr(0, in_b))) return order;
    a = in_a == std::string_view::npos ? "" : a.substr(in_a + 1);
    b = in_b == std::string_view::npos ? "" : b.substr(in_b + 1);
  }
  return a.empty() && b.empty() ? 0 : a.empty() ? -1 : 1;
}

int number_of(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

int compare_semver(std::string_view a, std::string_view b) {
  Semver one = parse_semver(a), other = parse_semver(b);
  if (!one.valid || !other.valid) return int(one.valid) - int(other.valid);
  for (std::size_t i = 0; i < 3; ++i)
    if (int order = compare_numbers(one.number[i], other.number[i])) return order;
  return compare_pre(one.pre, other.pre);
}

GoVersion parse_go_version(std::string_view text) {
  if (text.starts_with("go")) text.remove_prefix(2);
  GoVersion version;
  std::string_view major = take_digits(text);
  if (major.empty()) return {};
  version.major = number_of(major);
  if (text.empty()) return version;
  if (!text.starts_with('.')) return {};
  text.remove_prefix(1);
  std::string_view minor = take_digits(text);
  if (minor.empty()) return {};
  version.minor = number_of(minor);
  if (text.starts_with("beta") || text.starts_with("rc")) {
    version.stage = text.starts_with("beta") ? 1 : 2;
    text.remove_prefix(version.stage == 1 ? 4 : 2);
    version.patch = number_of(take_digits(text));
  } else if (text.starts_with('.')) {
    text.remove_prefix(1);
    version.stage = 3;
    version.patch = number_of(take_digits(text));
  }
  return version;
}

std::string escape_module_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool upper = c >= 'A' && c <= 'Z';
    if (upper) out.push_back('!');
    out.push_back(upper ? char(c + ('a' - 'A')) : c);
  }
  return out;
}

}  // namespace memsnap
