#include "golog/text_reader.h"

#include "golog/log_words.h"

#include <cstring>

namespace memsnap {
namespace {

constexpr std::string_view kEscapes = " escapes to heap", kInside = " escapes to heap in ",
                           kLeaks = " leaks to ", kMoved = "moved to heap: ", kParameter = "parameter ",
                           kDerefs = " with derefs=", kContinued = "   ", kStays = " does not escape";

bool opens_block(std::string_view line) {
  if (!line.ends_with(':')) return false;
  return line.find(kEscapes) != line.npos || line.find(kLeaks) != line.npos;
}

bool continues(std::string_view line, std::string_view prefix) {
  return line.size() > prefix.size() + kContinued.size() &&
         std::memcmp(line.data(), prefix.data(), prefix.size()) == 0 &&
         line.substr(prefix.size()).starts_with(kContinued);
}

bool may_outgrow_stack(std::string_view what) {
  return what.ends_with(kStays) &&
         (what.starts_with("make(") || what.starts_with("map[") || what.starts_with("append"));
}

// Lines of -m and -m=2 that say nothing of what we keep.
bool is_other_remark(std::string_view what) {
  return what.ends_with(" does not escape") || what.starts_with("leaking param") ||
         what.find(" capturing by ") != what.npos || what.starts_with("zero-copy ") ||
         what.find("ignoring self-assignment") != what.npos || what.find(" does not escape") != what.npos ||
         what.find("devirtualizing ") != what.npos || what == "imprecise interface call" ||
         what.find(" considered 'big'") != what.npos || what.ends_with(" check elided") ||
         what.starts_with("mark ");
}

}  // namespace

void TextLogReader::feed(std::string_view piece) {
  log_.bytes += piece.size();
  if (skipping_) {
    std::size_t end = piece.find('\n');
    if (end == piece.npos) return;
    piece.remove_prefix(end + 1);
    skipping_ = false;
  }
  pending_.append(piece);
  pending_.erase(0, take_lines(pending_));
  if (pending_.size() <= kLongestLine) return;
  ++log_.unreadable;
  skipping_ = pending_.back() != '\n';
  pending_.clear();
}

void TextLogReader::finish() {
  if (!pending_.empty() && !pending_.ends_with('\n')) pending_ += '\n';
  // A line that is none ends the last explanation.
  std::uint64_t lines = log_.lines;
  pending_ += "\n";
  take_lines(pending_);
  if (log_.lines > lines) --log_.lines;
  pending_.clear();
}

std::size_t TextLogReader::take_lines(std::string_view text) {
  std::size_t at = 0, block = text.npos, block_lines = 0;
  std::string_view prefix;  // of the open block: main.go:16:36:
  for (;;) {
    const void* end = at < text.size() ? std::memchr(text.data() + at, '\n', text.size() - at) : nullptr;
    if (!end) break;
    std::size_t next = std::size_t(static_cast<const char*>(end) - text.data()) + 1;
    std::string_view line = text.substr(at, next - 1 - at);
    if (block != text.npos) {
      if (continues(line, prefix) && next - block <= kLongestBlock) {
        at = next, ++block_lines;
        continue;
      }
      take_block(text.substr(block, at - block));
      log_.lines += block_lines;
      block = text.npos;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (opens_block(line)) {
      block = at, block_lines = 1;
      prefix = line.substr(0, split_place(line).size() + 1);
    } else {
      ++log_.lines;
      take_line(line);
    }
    at = next;
  }
  return block != text.npos ? block : at;
}

LogPlace TextLogReader::place_of(std::string_view text) {
  if (text.empty() || text == kUnknownPlace) return {};
  PlaceWords words = place_words(text);
  if (words.file != last_file_ || last_file_.empty()) {
    last_file_id_ = add(words.file);
    last_file_ = log_.text(last_file_id_);
  }
  return {last_file_id_, words.line, words.column};
}

bool TextLogReader::is_new(std::string_view text) {
  if (seen_.size() < LineSet::kMost) return seen_.add(text);
  log_.left_out += !seen_.contains(text);
  return false;
}

void TextLogReader::complain(std::string_view line) {
  constexpr std::size_t kShown = 400;
  if (log_.complaints.size() < kMostComplaints) log_.complaints.emplace_back(line.substr(0, kShown));
}

void TextLogReader::take_line(std::string_view line) {
  if (line.empty()) return;
  if (line.starts_with("# ")) {
    package_ = add(line.substr(2, line.find_first_of(" [", 2) - 2));  // "# pkg [pkg.test]"
    log_.packages.push_back(package_);
    return;
  }
  // What the compiler made itself, such as the #next of a loop over a function, has no place.
  std::string_view place = split_place(line), what = place.empty() ? line : line.substr(place.size() + 2);
  if (what.ends_with(kEscapes)) {
    what.remove_suffix(kEscapes.size());
    return take_escape(line, place, what, false);
  }
  if (what.starts_with(kMoved)) return take_escape(line, place, what.substr(kMoved.size()), true);
  if (place.empty() && !is_other_remark(line)) return complain(line);
  constexpr std::string_view kInlining = "inlining call to ", kCan = "can inline ",
                             kCannot = "cannot inline ";
  if (what.starts_with(kInlining)) {
    if (is_new(line)) log_.inlinings.push_back({place_of(place), add(what.substr(kInlining.size()))});
  } else if (what.starts_with(kCan)) {
    if (is_new(line)) {
      std::string_view name = what.substr(kCan.size());
      if (std::size_t end = name.find(" with cost "); end != name.npos) name = name.substr(0, end);
      log_.functions.push_back({place_of(place), add(name), package_});
    }
  } else if (what.starts_with(kCannot)) {
    if (is_new(line)) {
      std::string_view name = what.substr(kCannot.size());
      log_.functions.push_back({place_of(place), add(name.substr(0, name.find(": "))), package_});
    }
  } else if (may_outgrow_stack(what)) {
    if (is_new(line))
      log_.stays.push_back({place_of(place), add(what.substr(0, what.size() - kStays.size()))});
  } else if (!is_other_remark(what)) {
    complain(line);
  }
}

void TextLogReader::take_escape(std::string_view line, std::string_view place, std::string_view name,
                                bool is_moved) {
  ++log_.raw_escapes;
  if (!is_new(line)) return;
  log_.escapes.push_back({.at = place_of(place),
                          .name = add(name),
                          .package = package_,
                          .is_moved = is_moved,
                          .is_own_line = true});
}

bool TextLogReader::take_head(std::string_view line, FlowChain& chain) {
  std::string_view place = split_place(line);
  if (place.empty()) return false;
  std::string_view what = line.substr(place.size() + 2);
  what.remove_suffix(1);  // the colon
  chain.at = place_of(place);
  chain.package = package_;
  std::size_t leaks = what.find(kLeaks), derefs = what.rfind(kDerefs);
  bool is_leak = leaks != what.npos && derefs != what.npos && derefs >= leaks + kLeaks.size();
  if (is_leak && what.starts_with(kParameter)) {  // and not a variable called parameter
    chain.is_parameter = true;
    chain.name = add(what.substr(kParameter.size(), leaks - kParameter.size()));
    chain.derefs = std::int32_t(number_at(what.substr(derefs + kDerefs.size())));
    std::string_view rest = what.substr(leaks + kLeaks.size(), derefs - leaks - kLeaks.size());
    std::size_t sink = location_size(rest);
    chain.sink = add(rest.substr(0, sink));
    constexpr std::string_view kFor = " for ";
    if (rest.substr(sink).starts_with(kFor)) chain.function = add(rest.substr(sink + kFor.size()));
    return true;
  }
  std::size_t at = what.rfind(kEscapes);
  if (at == what.npos) return false;
  chain.name = add(what.substr(0, at));
  if (what.substr(at).starts_with(kInside)) chain.function = add(what.substr(at + kInside.size()));
  return true;
}

void TextLogReader::take_flow(std::string_view text, FlowChain& chain) {
  FlowWords words = flow_words(text);
  if (words.to.empty()) {
    ++log_.unreadable;
    return;
  }
  log_.flows.push_back({.to = add(words.to),
                        .from = add(words.from),
                        .derefs = words.derefs,
                        .first_step = std::uint32_t(log_.steps.size())});
  ++chain.flows;
}

// "from EXPRESSION (reason) at main.go:22:7"
void TextLogReader::take_step(std::string_view text, FlowChain& chain) {
  std::size_t at = text.rfind(" at ");
  StepWords words = step_words(text.substr(0, at));
  if (chain.flows == 0 || at == text.npos || words.reason.empty()) {
    ++log_.unreadable;
    return;
  }
  log_.steps.push_back({add(words.expression), add(words.reason), place_of(text.substr(at + 4))});
  ++log_.flows.back().steps;
}

void TextLogReader::take_block(std::string_view block) {
  if (!is_new(block)) return;
  FlowChain chain{.first_flow = std::uint32_t(log_.flows.size())};
  std::size_t at = 0;
  std::string_view head = next_line(block, at);
  if (!take_head(head, chain)) {
    ++log_.unreadable;
    return;
  }
  std::size_t prefix = split_place(head).size() + 1;
  while (at < block.size()) {
    std::string_view line = next_line(block, at).substr(prefix);
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
    if (line.starts_with("flow: "))
      take_flow(line.substr(6), chain);
    else if (line.starts_with("from "))
      take_step(line.substr(5), chain);
    else if (line.starts_with("warning: truncated"))
      chain.is_cut = true;
    else
      ++log_.unreadable;
  }
  log_.chains.push_back(chain);
}

}  // namespace memsnap
