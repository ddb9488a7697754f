#include "reports/safe_text.h"

#include "base/text.h"

namespace memsnap {
namespace {

// Most text is plain, and of plain text nothing is copied.
bool is_plain(std::string_view text) {
  for (char c : text)
    if (c < 0x20 || c == 0x7f) return false;  // and all that is beyond ASCII
  return true;
}

// Escapes between the characters of `keep`.
std::string escape_but(std::string_view text, std::string_view keep) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_of(keep, at), text.size());
    out += escape_terminal(text.substr(at, end - at));
    if (end < text.size()) out += text[end++];
    at = end;
  }
  return out;
}

}  // namespace

std::string escape_text(std::string_view text) {
  return is_plain(text) ? std::string(text) : escape_but(text, "\n\t");
}

void escape_names(Profile& profile) {
  std::vector<bool> is_comment(profile.strings.rows());
  for (StringId comment : profile.comments) is_comment[std::size_t(comment)] = true;
  for (std::size_t row = 0; row < is_comment.size(); ++row) {
    std::string_view text = profile.text(StringId(std::uint32_t(row)));
    if (is_plain(text)) continue;
    std::string safe = is_comment[row] ? escape_text(text) : escape_but(text, "");
    if (safe != text) profile.strings.replace(StringId(std::uint32_t(row)), std::move(safe));
  }
}

}  // namespace memsnap
