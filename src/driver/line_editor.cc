#include "driver/line_editor.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr unsigned char control_key(char letter) { return static_cast<unsigned char>(letter - '@'); }
constexpr unsigned char kEscape = 27, kDelete = 127;
constexpr std::size_t kLongest = 64 << 10;  // bytes of a line
constexpr std::size_t kHistory = 1000;      // lines

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string LineEditor::begin(std::string_view prompt, std::size_t columns) {
  prompt_ = prompt;
  columns_ = std::max<std::size_t>(columns, 20);
  line_.clear();
  pending_.clear();
  at_ = 0;
  recalled_ = history_.size();
  return redraw();
}

LineEditor::Event LineEditor::type(unsigned char byte, std::string& shown) {
  if (!pending_.empty() && pending_[0] == char(kEscape)) {
    escape(byte, shown);
    return Event::kGoesOn;
  }
  if (byte == kEscape) {
    pending_ = char(kEscape);
    return Event::kGoesOn;
  }
  if (byte < 0x20 || byte == kDelete) {
    pending_.clear();
    return control(byte, shown);
  }
  pending_.push_back(char(byte));
  insert(shown);
  return Event::kGoesOn;
}

LineEditor::Event LineEditor::control(unsigned char byte, std::string& shown) {
  switch (byte) {
    case '\r':
    case '\n':
      if (!line_.empty() && (history_.empty() || history_.back() != line_)) history_.push_back(line_);
      if (history_.size() > kHistory) history_.erase(history_.begin());
      shown += "\r\n";
      return Event::kLine;
    case control_key('C'):
      shown += "^C\r\n";
      if (line_.empty()) return Event::kEnd;
      line_.clear(), at_ = 0;
      break;
    case control_key('D'):
      if (line_.empty()) {
        shown += "\r\n";
        return Event::kEnd;
      }
      erase(at_, after(at_));
      break;
    case control_key('A'): at_ = 0; break;
    case control_key('E'): at_ = line_.size(); break;
    case control_key('B'): at_ = before(at_); break;
    case control_key('F'): at_ = after(at_); break;
    case control_key('H'):
    case kDelete: erase(before(at_), at_); break;
    case control_key('K'): kept_ = line_.substr(at_), erase(at_, line_.size()); break;
    case control_key('U'): kept_ = line_.substr(0, at_), erase(0, at_); break;
    case control_key('W'):
      kept_ = line_.substr(word_before(at_), at_ - word_before(at_)), erase(word_before(at_), at_);
      break;
    case control_key('Y'): pending_ = kept_, insert(shown); break;
    case control_key('L'): shown += "\x1b[H\x1b[2J"; break;
    case control_key('P'): recall(true); break;
    case control_key('N'): recall(false); break;
    case '\t':
      if (pasting_ || !complete) return Event::kGoesOn;
      line_ = complete(line_).substr(0, kLongest), at_ = line_.size();
      break;
    default: return Event::kGoesOn;
  }
  shown += redraw();
  return Event::kGoesOn;
}

// ESC [ numbers letter, ESC O letter, or ESC letter.
void LineEditor::escape(unsigned char byte, std::string& shown) {
  pending_.push_back(char(byte));
  bool longer = pending_.size() == 2 ? byte == '[' || byte == 'O' : byte < 0x40 && pending_.size() < 16;
  if (longer) return;
  sequence(byte, shown);
  pending_.clear();
  shown += redraw();
}

void LineEditor::sequence(unsigned char last, std::string&) {
  if (pending_.size() == 2) {  // Alt
    if (last == 'b') at_ = word_before(at_);
    if (last == 'f') at_ = word_after(at_);
    if (last == 'd') erase(at_, word_after(at_));
    if (last == kDelete) erase(word_before(at_), at_);
    return;
  }
  std::string_view numbers = std::string_view(pending_).substr(2, pending_.size() - 3);
  bool by_word = numbers.ends_with(";5") || numbers.ends_with(";3");
  switch (last) {
    case 'A': recall(true); break;
    case 'B': recall(false); break;
    case 'C': at_ = by_word ? word_after(at_) : after(at_); break;
    case 'D': at_ = by_word ? word_before(at_) : before(at_); break;
    case 'H': at_ = 0; break;
    case 'F': at_ = line_.size(); break;
    case '~':
      if (numbers == "1" || numbers == "7") at_ = 0;
      if (numbers == "4" || numbers == "8") at_ = line_.size();
      if (numbers == "3") erase(at_, after(at_));
      if (numbers == "200") pasting_ = true;
      if (numbers == "201") pasting_ = false;
      break;
    default: break;
  }
}

// Takes whole characters only; bytes that can become none are dropped.
void LineEditor::insert(std::string& shown) {
  CodePoint first = pending_.empty() ? CodePoint{} : first_code_point(pending_);
  if (pending_.empty()) return;
  if (!first.valid) {
    auto lead = static_cast<unsigned char>(pending_[0]);
    std::size_t want = lead > 0xf4 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    if (pending_.size() >= want) pending_.clear();
    return;
  }
  if (line_.size() + pending_.size() <= kLongest) {
    line_.insert(at_, pending_);
    at_ += pending_.size();
  }
  pending_.clear();
  shown += redraw();
}

void LineEditor::erase(std::size_t from, std::size_t to) {
  line_.erase(from, to - from);
  at_ = from;
}

void LineEditor::recall(bool older) {
  if (older ? recalled_ == 0 : recalled_ >= history_.size()) return;
  if (recalled_ == history_.size()) fresh_ = line_;
  recalled_ += older ? std::size_t(-1) : 1;
  line_ = recalled_ == history_.size() ? fresh_ : history_[recalled_];
  at_ = line_.size();
}

// One row of the terminal: what does not fit is scrolled out to the left.
std::string LineEditor::redraw() const {
  std::size_t room = columns_ - std::min(columns_ - 10, columns(prompt_)) - 1;
  std::size_t from = 0;
  while (columns(escape_terminal(std::string_view(line_).substr(from, at_ - from))) > room)
    from = after(from);
  std::string left = escape_terminal(std::string_view(line_).substr(from, at_ - from));
  std::string right = escape_terminal(std::string_view(line_).substr(at_));
  right = fit(right, room - columns(left));
  std::string out = "\r" + prompt_ + left + right + "\x1b[K";
  if (std::size_t back = columns(right)) out += fmt::format("\x1b[{}D", back);
  return out;
}

std::size_t LineEditor::before(std::size_t at) const {
  if (at == 0) return 0;
  do --at;
  while (at > 0 && continues(line_[at]));
  return at;
}

std::size_t LineEditor::after(std::size_t at) const {
  if (at >= line_.size()) return line_.size();
  do ++at;
  while (at < line_.size() && continues(line_[at]));
  return at;
}

std::size_t LineEditor::word_before(std::size_t at) const {
  while (at > 0 && line_[at - 1] == ' ') --at;
  while (at > 0 && line_[at - 1] != ' ') --at;
  return at;
}

std::size_t LineEditor::word_after(std::size_t at) const {
  while (at < line_.size() && line_[at] == ' ') ++at;
  while (at < line_.size() && line_[at] != ' ') ++at;
  return at;
}

}  // namespace memsnap
