// Go source to a tree, for all of Go 1.27. Accepts and rejects what go/parser does (with AllErrors and
// without object resolution), apart from the depth of nesting (ast::kMaxDepth).
#pragma once

#include "gosrc/source_file.h"

#include <cstdint>
#include <string>

namespace memsnap {

enum class ParseMode : std::uint8_t {
  kAll,
  kDeclarations,  // function bodies are skipped, unchecked, at the speed of looking for their braces
  kImports,       // up to the last import declaration
};

// No Go file that people write or generate comes near; at worst, with a node for each byte, thirty times as
// much is made of it.
constexpr std::size_t kMaxSource = std::size_t(64) << 20;

// Never fails: what is wrong is in errors(), recovery goes on at the next statement or declaration. `names`
// must outlive the file and may be shared between threads. At most kMaxSource bytes of text; a longer
// one is an error at its first byte.
SourceFile parse_source(std::string path, std::string text, NameTable& names,
                        ParseMode mode = ParseMode::kAll);

// "path:line:column: what"
std::string to_text(const SourceFile& file, const SyntaxError& error);

}  // namespace memsnap
