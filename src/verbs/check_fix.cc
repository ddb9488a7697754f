#include "verbs/check_fix.h"

#include "gosrc/parse.h"
#include "lint/edits.h"
#include "os/files.h"

#include <filesystem>
#include <map>

namespace memsnap {
namespace {

using ByFile = std::map<std::string, std::vector<const Diagnostic*>>;

ByFile with_edits(const LintReport& report) {
  ByFile files;
  for (const Diagnostic& one : report.diagnostics) {
    bool here = !one.edits.empty();
    for (const Edit& edit : one.edits) here = here && edit.file == one.at.file;
    if (here) files[one.at.file].push_back(&one);
  }
  return files;
}

// nullopt: the file is left alone, and why has been said.
Result<std::optional<std::string>> fixed_text(const std::string& name,
                                              const std::vector<const Diagnostic*>& which, CheckedTree& tree,
                                              Io& io) {
  const SourceFile* source = tree.file(name);
  if (!source || name.starts_with('/')) {
    io.err.print("memsnap check: {} is outside: left alone\n", io.style.safe(name));
    return std::optional<std::string>();
  }
  if (tree.is_generated(name)) {
    io.err.print("memsnap check: {} is generated: left alone\n", io.style.safe(name));
    return std::optional<std::string>();
  }
  std::string text = TRY(apply_edits(source->bytes(), which, name));
  NameTable names;
  SourceFile again = parse_source(name, text, names);
  if (!again.errors().empty() && source->errors().empty()) {
    io.err.print("memsnap check: {} would not parse after its fixes: left alone\n", io.style.safe(name));
    return std::optional<std::string>();
  }
  return std::optional<std::string>(std::move(text));
}

}  // namespace

Result<void> show_fixes(const LintReport& report, CheckedTree& tree, Io& io) {
  for (const auto& [name, which] : with_edits(report)) {
    std::optional<std::string> text = TRY(fixed_text(name, which, tree, io));
    if (text) io.out.put(unified_diff(name, tree.file(name)->bytes(), *text));
  }
  return {};
}

Result<void> write_fixes(const LintReport& report, CheckedTree& tree, Io& io) {
  for (const auto& [name, which] : with_edits(report)) {
    std::optional<std::string> text = TRY(fixed_text(name, which, tree, io));
    if (!text) continue;
    const std::string& path = tree.file(name)->path();
    std::string now = TRY(read_small_file(path, 1 << 30));
    if (now != tree.file(name)->bytes())
      return fail(Cause::bad_input, "{} changed while it was checked: nothing is written to it", name);
    std::error_code error;
    std::filesystem::perms mode = std::filesystem::status(path, error).permissions();
    TRY_VOID(write_file(path, true, *text));
    if (!error) std::filesystem::permissions(path, mode, error);
    if (error) return fail(Cause::bad_output, "{}: its mode could not be kept: {}", name, error.message());
    io.err.print("memsnap check: {} mended\n", io.style.safe(name));
  }
  return {};
}

}  // namespace memsnap
