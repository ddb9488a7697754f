// Comments by place: of a declaration, on a line, and the directives among them.
#pragma once

#include "gosrc/source_file.h"

#include <span>
#include <string_view>

namespace memsnap {

// The group of comments that ends on the line above the node, with no blank line between or in it, as
// go/ast's Doc.
std::span<const Comment> doc_comments(const SourceFile& file, ast::NodeId node);

// The comments that begin behind the node on the line where it ends: go/ast's Comment of a field or spec.
std::span<const Comment> line_comments(const SourceFile& file, ast::NodeId node);

// Those that begin at or behind `from` and before `to`.
std::span<const Comment> comments_between(const SourceFile& file, std::uint32_t from, std::uint32_t to);

// What is said without // or /* */, without the carriage return, blanks on both ends cut off.
std::string_view comment_text(const SourceFile& file, const Comment& comment);

// //go:build and the like: the words behind `//name` where the comment begins with exactly that ("go:build",
// "memsnap:ignore", "nolint"); the name ends at a blank, a colon or the end. Null data() when it is another.
std::string_view directive(const SourceFile& file, const Comment& comment, std::string_view name);

// `// Code generated ... DO NOT EDIT.` above the package clause, as https://go.dev/s/generatedcode has it.
bool is_generated(const SourceFile& file);

}  // namespace memsnap
