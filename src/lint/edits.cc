#include "lint/edits.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

bool overlap(const Edit& a, const Edit& b) {
  if (a.from == a.to && b.from == b.to) return a.from == b.from && a.text != b.text;
  return a.from < b.to && b.from < a.to;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end == text.npos ? end : end + 1));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

// Lines [from, from + gone) of the old text became lines [now, now + come) of the new one.
struct Hunk {
  std::size_t from = 0, gone = 0, now = 0, come = 0;
};

// Lines that both texts have in common are found greedily: after a difference, the nearest pair of equal
// lines that is followed by another equal pair. Edits of a fix are a few lines, so the search is short; it is
// bounded all the same, and what lies behind the bound is one large hunk.
std::vector<Hunk> hunks_of(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  constexpr std::size_t kFar = 200;
  std::vector<Hunk> hunks;
  std::size_t i = 0, j = 0;
  auto meet = [&](std::size_t x, std::size_t y) {
    if (x == a.size() || y == b.size()) return x == a.size() && y == b.size();
    return a[x] == b[y] && (x + 1 == a.size() || y + 1 == b.size() || a[x + 1] == b[y + 1]);
  };
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    Hunk hunk{.from = i, .gone = a.size() - i, .now = j, .come = b.size() - j};
    bool found = false;
    for (std::size_t sum = 1; sum < 2 * kFar && !found; ++sum)
      for (std::size_t x = 0; x <= sum && !found; ++x)
        if (std::size_t y = sum - x; i + x <= a.size() && j + y <= b.size() && meet(i + x, j + y))
          hunk.gone = x, hunk.come = y, found = true;
    hunks.push_back(hunk);
    i += hunk.gone, j += hunk.come;
  }
  return hunks;
}

void put_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

}  // namespace

Result<std::string> apply_edits(std::string_view text, const std::vector<const Diagnostic*>& diagnostics,
                                std::string_view file) {
  std::vector<Edit> taken;
  for (const Diagnostic* diagnostic : diagnostics) {
    bool free = std::ranges::none_of(diagnostic->edits, [&](const Edit& edit) {
      return std::ranges::any_of(taken, [&](const Edit& other) { return overlap(edit, other); });
    });
    if (!free) continue;
    for (const Edit& edit : diagnostic->edits) {
      if (edit.from > edit.to || edit.to > text.size())
        return fail(Cause::bad_input, "{}: a fix changes bytes {} to {} of {}", file, edit.from, edit.to,
                    text.size());
      bool again = std::ranges::any_of(taken, [&](const Edit& other) {
        return edit.from == other.from && edit.to == other.to && edit.text == other.text;
      });
      if (!again) taken.push_back(edit);
    }
  }
  // What is inserted in front of bytes that go away stands before what takes their place.
  std::ranges::stable_sort(
      taken, [](const Edit& a, const Edit& b) { return a.from != b.from ? a.from < b.from : a.to < b.to; });
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : taken) {
    if (edit.from < at)
      return fail(Cause::bad_input, "{}: a fix changes bytes {} to {} twice", file, edit.from, at);
    out += text.substr(at, edit.from - at);
    out += edit.text;
    at = edit.to;
  }
  out += text.substr(at);
  return out;
}

std::string unified_diff(std::string_view file, std::string_view before, std::string_view after) {
  if (before == after) return "";
  constexpr std::size_t kContext = 3;
  std::vector<std::string_view> a = lines_of(before), b = lines_of(after);
  std::vector<Hunk> hunks = hunks_of(a, b);
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", file);
  for (std::size_t first = 0; first < hunks.size();) {
    std::size_t last = first;
    while (last + 1 < hunks.size() &&
           hunks[last + 1].from - (hunks[last].from + hunks[last].gone) <= 2 * kContext)
      ++last;
    std::size_t lead = std::min(kContext, hunks[first].from);
    std::size_t from = hunks[first].from - lead, now = hunks[first].now - lead;
    std::size_t to = std::min(a.size(), hunks[last].from + hunks[last].gone + kContext);
    std::size_t till = hunks[last].now + hunks[last].come + (to - hunks[last].from - hunks[last].gone);
    out += fmt::format("@@ -{},{} +{},{} @@\n", from + (to > from ? 1 : 0), to - from,
                       now + (till > now ? 1 : 0), till - now);
    std::size_t at = from;
    for (std::size_t h = first; h <= last; ++h) {
      for (; at < hunks[h].from; ++at) put_line(out, ' ', a[at]);
      for (std::size_t k = 0; k < hunks[h].gone; ++k) put_line(out, '-', a[at++]);
      for (std::size_t k = 0; k < hunks[h].come; ++k) put_line(out, '+', b[hunks[h].now + k]);
    }
    for (; at < to; ++at) put_line(out, ' ', a[at]);
    first = last + 1;
  }
  return out;
}

}  // namespace memsnap
