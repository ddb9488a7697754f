// How memsnap symbolize --source-mode=inline prints an address: each frame with its line of source and the
// variables in scope.
#pragma once

#include "render/json_writer.h"
#include "reports/source_files.h"
#include "symbols/demangle.h"
#include "symbols/symbolizer.h"

#include <map>
#include <span>
#include <string>

namespace memsnap {

// Whether a line of source has this name as a word, outside of comments and text. The mark & of Go's
// variables that live on the heap is passed over.
bool mentions(std::string_view line, std::string_view name);

class SourceFrames {
 public:
  // folder: where sources are looked for that are not where the paths say, nor in the module cache or GOROOT.
  SourceFrames(const std::string& folder, bool ascii, Out& out);

  void print(std::string_view head, std::span<const CodeFrame> frames,
             std::span<const ScopeVariable> variables);
  // Members of an open object: frames, each with source and variables.
  void write(std::span<const CodeFrame> frames, std::span<const ScopeVariable> variables, JsonWriter& json);

 private:
  std::string safe(std::string_view text) const;
  std::string shown(const std::string& source) const;
  const std::string* source_of(const CodeFrame& frame);
  void print_variables(std::size_t frame, const std::string* source,
                       std::span<const ScopeVariable> variables);
  void write_variables(std::size_t frame, const std::string* source, std::span<const ScopeVariable> variables,
                       JsonWriter& json);

  std::string folder_;
  SourceFiles files_;
  std::map<std::string, std::string> found_;  // where a file is, by its path in the program
  bool ascii_;
  Out& out_;
  Demangler demangle_;
};

}  // namespace memsnap
