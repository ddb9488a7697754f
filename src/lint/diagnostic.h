// What a rule of `memsnap check` says: which rule, where, in one sentence, what else to look at, and how to
// mend it. Files are named as they are shown to people: relative to the working folder when below it.
#pragma once

#include "findings/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// A piece of a file. Lines and columns are counted from 1, columns in bytes; the end is behind the last byte.
// Offsets are of the bytes that were analysed.
struct Span {
  std::string file;
  std::uint32_t from = 0, to = 0;
  int line = 0, column = 0, end_line = 0, end_column = 0;
};

// Another place that a reader has to see, and why.
struct Related {
  Span at;
  std::string words;  // "guarded here", "the second append"
};

// Bytes [from, to) of the file become `text`. The edits of one diagnostic do not overlap.
struct Edit {
  std::string file;
  std::uint32_t from = 0, to = 0;
  std::string text;
};

// Bytes that were alive when a program was looked at, and that the function of the finding had allocated.
struct LiveBytes {
  double bytes = 0, objects = 0;  // estimates when they come from samples
  double low = 0, high = 0;       // 95 % limits of bytes
  std::uint64_t samples = 0;      // 0: not sampled
};

struct Diagnostic {
  std::string rule;
  Severity severity = Severity::kMedium;  // high: error, medium: warning, low: note
  Confidence confidence = Confidence::kLikely;
  Span at;
  std::string message;           // one sentence without a full stop
  std::string function;          // import path and name, as a stack of Go prints it; "" at package level
  std::string subject;           // text of the expression, blanks folded: with rule and function its identity
  std::vector<Related> related;  // in an order that reads well
  bool related_is_path = false;  // the related places, in their order, are how it comes about
  std::string fix;               // one sentence; of the rule when empty
  std::vector<Edit> edits;       // the fix as a change of text, when it is safe
  std::optional<LiveBytes> live;  // with --runtime, when there are any
  std::string fingerprint;        // set by finish()
};

const char* level_word(Severity severity);  // error, warning, note

// In the order of files and places, each once, with fingerprints: a hash of rule, function, subject and the
// count of equal ones above it. No line and no file name, so that it survives edits elsewhere and moves.
void finish(std::vector<Diagnostic>& diagnostics);

// Text of one line, blanks folded to one: x[ i ] and x[i] differ, line breaks do not.
std::string folded(std::string_view text);

}  // namespace memsnap
