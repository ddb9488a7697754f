#include "gosrc/comments.h"

#include <algorithm>

namespace memsnap {

namespace {

// How many lines end between the two places; 2 stands for more.
int lines_between(const SourceFile& file, std::uint32_t from, std::uint32_t to) {
  std::string_view gap = file.bytes().substr(from, to - from);
  return int(std::min<std::ptrdiff_t>(std::ranges::count(gap, '\n'), 2));
}

bool is_blank(const SourceFile& file, std::uint32_t from, std::uint32_t to) {
  return file.bytes().substr(from, to - from).find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Whether nothing but blanks stands before the place on its line.
bool begins_line(const SourceFile& file, std::uint32_t at) {
  std::size_t from = at ? file.bytes().rfind('\n', at - 1) : std::string_view::npos;
  return is_blank(file, from == std::string_view::npos ? 0 : std::uint32_t(from), at);
}

const Comment* first_at(const SourceFile& file, std::uint32_t from) {
  return std::ranges::lower_bound(file.comments(), from, {}, &Comment::pos).base();
}

}  // namespace

std::span<const Comment> comments_between(const SourceFile& file, std::uint32_t from, std::uint32_t to) {
  const Comment *first = first_at(file, from), *last = first_at(file, std::max(from, to));
  return {first, last};
}

std::span<const Comment> doc_comments(const SourceFile& file, ast::NodeId node) {
  const Comment* begin = file.comments().data();
  const Comment* last = first_at(file, file.pos(node));
  const Comment* first = last;
  std::uint32_t below = file.pos(node);
  while (first != begin) {
    const Comment& c = first[-1];
    if (!is_blank(file, c.end, below) || lines_between(file, c.end, below) != 1 || !begins_line(file, c.pos))
      break;
    below = c.pos;
    --first;
  }
  return {first, last};
}

std::span<const Comment> line_comments(const SourceFile& file, ast::NodeId node) {
  std::uint32_t from = file.end(node);
  const Comment* first = first_at(file, from);
  const Comment* last = first;
  const Comment* end = file.comments().data() + file.comments().size();
  for (std::uint32_t at = from; last != end && !lines_between(file, at, last->pos); ++last) {
    std::string_view gap = file.bytes().substr(at, last->pos - at);
    if (gap.find_first_not_of(" \t\r;,") != std::string_view::npos) break;
    at = last->end;
  }
  return {first, last};
}

std::string_view comment_text(const SourceFile& file, const Comment& comment) {
  std::string_view text = file.text(comment);
  bool block = text.starts_with("/*");
  text.remove_prefix(std::min<std::size_t>(2, text.size()));
  if (block && text.ends_with("*/")) text.remove_suffix(2);
  constexpr std::string_view kBlanks = " \t\r\n";
  std::size_t from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return text.substr(0, 0);
  return text.substr(from, text.find_last_not_of(kBlanks) + 1 - from);
}

std::string_view directive(const SourceFile& file, const Comment& comment, std::string_view name) {
  std::string_view text = file.text(comment);
  if (!text.starts_with("//") || !text.substr(2).starts_with(name)) return {};
  text.remove_prefix(2 + name.size());
  if (!text.empty() && text[0] != ' ' && text[0] != '\t' && text[0] != ':' && text[0] != '\r') return {};
  if (text.starts_with(':')) text.remove_prefix(1);
  std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return text.substr(0, 0);
  return text.substr(from, text.find_last_not_of(" \t\r") + 1 - from);
}

bool is_generated(const SourceFile& file) {
  constexpr std::string_view kFront = "// Code generated ", kBack = " DO NOT EDIT.";
  std::uint32_t package = file.pos(file.root());
  for (const Comment& c : comments_between(file, 0, package)) {
    std::string_view text = file.text(c);
    while (text.ends_with('\r')) text.remove_suffix(1);
    if (text.size() >= kFront.size() + kBack.size() - 1 && text.starts_with(kFront) && text.ends_with(kBack))
      return true;
  }
  return false;
}

}  // namespace memsnap
