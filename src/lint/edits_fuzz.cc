// Whatever the changes: the text is as long as they promise, nothing outside them is touched, and the
// difference leads from the old text to the new one. Changes that lie outside the text are refused.
#include "lint/edits.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <sstream>

namespace {

using memsnap::Diagnostic;
using memsnap::Edit;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = std::min(text.find('\n', from), text.size() - 1) + 1;
    lines.push_back(text.substr(from, end - from));
    from = end;
  }
  return lines;
}

// The lines that a difference shows of one side: mark is - for the old one, + for the new one.
void hold_to_side(const std::string& diff, char mark, const std::string& text) {
  std::vector<std::string> lines = lines_of(text), shown = lines_of(diff);
  std::size_t at = 0;
  for (std::size_t i = 2; i < shown.size(); ++i) {
    const std::string& line = shown[i];
    if (line.starts_with("@@ ")) {
      std::size_t from = std::stoul(line.substr(line.find(mark == '-' ? " -" : " +") + 2));
      std::size_t place = line.find(',', line.find(mark == '-' ? " -" : " +"));
      at = from - (std::stoul(line.substr(place + 1)) > 0 ? 1 : 0);
    } else if (line.front() == mark || line.front() == ' ') {
      std::string body = line.substr(1);
      if (i + 1 < shown.size() && shown[i + 1].front() == '\\') body.pop_back();
      if (at >= lines.size() || lines[at++] != body) __builtin_trap();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  std::vector<Diagnostic> all(in.ConsumeIntegralInRange<std::size_t>(0, 4));
  for (Diagnostic& one : all)
    for (int n = in.ConsumeIntegralInRange(0, 3); n > 0; --n)
      one.edits.push_back({.file = "a.go",
                           .from = in.ConsumeIntegral<std::uint8_t>(),
                           .to = in.ConsumeIntegral<std::uint8_t>(),
                           .text = in.ConsumeRandomLengthString(8)});
  std::string text = in.ConsumeRemainingBytesAsString();
  std::vector<const Diagnostic*> given;
  for (const Diagnostic& one : all) given.push_back(&one);
  auto mended = memsnap::apply_edits(text, given, "a.go");
  if (!mended) return 0;

  std::size_t first = text.size(), last = 0, most = text.size(), least = text.size();
  for (const Diagnostic& one : all)
    for (const Edit& edit : one.edits) {
      first = std::min<std::size_t>(first, edit.from);
      last = std::max<std::size_t>(last, edit.to);
      most += edit.text.size();
      least -= std::min<std::size_t>(least, edit.to > edit.from ? edit.to - edit.from : 0);
    }
  if (mended->size() > most || mended->size() < least) __builtin_trap();
  if (mended->substr(0, first) != text.substr(0, first)) __builtin_trap();
  if (last <= text.size() && !mended->ends_with(text.substr(last))) __builtin_trap();
  if (given.size() == 1 && given[0]->edits.size() == 1) {
    const Edit& edit = given[0]->edits[0];
    if (*mended != text.substr(0, edit.from) + edit.text + text.substr(edit.to)) __builtin_trap();
  }
  std::string diff = memsnap::unified_diff("a.go", text, *mended);
  if (diff.empty() != (text == *mended)) __builtin_trap();
  if (diff.empty()) return 0;
  hold_to_side(diff, '-', text);
  hold_to_side(diff, '+', *mended);
  return 0;
}
