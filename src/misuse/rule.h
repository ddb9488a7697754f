// A rule: a function over one file, or over what all files said.
#pragma once

#include "misuse/code.h"
#include "misuse/locks.h"

#include <span>
#include <string>
#include <vector>

namespace memsnap::misuse {

class Module;

class Report {
 public:
  Report(const char* rule, Severity severity, std::vector<Diagnostic>& all)
      : rule_(rule), severity_(severity), all_(all) {}

  // Valid until the next one.
  Diagnostic& at(const Code& code, NodeId node, std::string message);
  Diagnostic& at(Span span, std::string_view function, std::string subject, std::string message);
  Severity severity() const { return severity_; }

 private:
  const char* rule_;
  Severity severity_;
  std::vector<Diagnostic>& all_;
};

// Another place to look at.
void relate(Diagnostic& diagnostic, const Code& code, NodeId node, std::string words);
// A place that control passes on its way to the finding: all related places of a diagnostic are such, or
// none.
void lead(Diagnostic& diagnostic, const Code& code, NodeId node, std::string words);

struct FileFacts {
  const Code& code;
  const Locks& locks;
};

struct Rule {
  const char* name;  // key of data/rules
  Severity severity;
  void (*file)(const FileFacts& facts, Report& report) = nullptr;
  void (*module)(Module& module, Report& report) = nullptr;  // after all files
};

// In the order of their names.
std::span<const Rule* const> rules();
const Rule* find_rule(std::string_view name);

}  // namespace memsnap::misuse
