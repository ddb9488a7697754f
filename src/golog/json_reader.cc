#include "golog/json_reader.h"

#include "golog/log_words.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kFlow = "escflow:    flow: ", kStep = "escflow:      from ",
                           kInlined = "inlineLoc", kEscapes = " escapes to heap", kParameter = "parameter ",
                           kLeaks = " leaks to ", kDerefs = " with derefs=";

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && name.find_first_of(" .(){}[]&*+-\"'~") == name.npos;
}

// Most records are about inlining and bounds; their code stands in front of all that is long.
bool is_of_escapes(std::string_view line) {
  constexpr std::string_view kCode = "\"code\":\"";
  std::size_t at = line.find(kCode);
  if (at == line.npos) return true;  // of a form that we do not know: read in full
  std::string_view code = line.substr(at + kCode.size());
  return code.starts_with("escape\"") || code.starts_with("escapes\"") || code.starts_with("leak\"");
}

}  // namespace

bool is_json_log(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  return text.starts_with("{\"version\":");
}

bool JsonLogReader::is_new(std::string_view line) {
  std::uint64_t context = std::uint64_t(file_);
  if (seen_.size() < LineSet::kMost) return seen_.add(line, context);
  log_.left_out += !seen_.contains(line, context);
  return false;
}

bool JsonLogReader::take_header(std::string_view line, bool& is_known) {
  JsonScan scan(line);
  std::string_view key;
  bool has_file = false;
  scan.enter('{');
  while (scan.next_member(key)) {
    if (key == "version") {
      is_known = scan.number() == 0;
    } else if (key == "package") {
      package_ = add(scan.string(scratch_));
    } else if (key == "gc_version") {
      log_.go_version = scan.string(scratch_);
    } else if (key == "file") {
      file_ = add(scan.string(scratch_));
      has_file = true;
    } else {
      scan.skip_value();
    }
  }
  return scan.ok() && has_file;
}

bool JsonLogReader::read_file(std::string_view text) {
  std::size_t at = 0;
  std::string_view head = next_line(text, at);
  bool is_known = false;
  if (head.size() > kLongestRecord || !is_json_log(head) || !take_header(head, is_known) || !is_known)
    return false;
  log_.bytes += text.size();
  ++log_.lines;
  if (log_.packages.empty() || log_.packages.back() != package_) log_.packages.push_back(package_);
  while (at < text.size()) {
    std::string_view line = next_line(text, at);
    ++log_.lines;
    if (line.size() <= kLongestRecord && (line.empty() || !is_of_escapes(line))) continue;
    if (line.size() > kLongestRecord || !line.ends_with('}')) {
      ++log_.unreadable;
      continue;
    }
    if (line.find("\"message\":\"\"") != line.npos) ++log_.raw_escapes;
    if (!is_new(line)) continue;
    if (scan_record(line))
      take_record();
    else
      ++log_.unreadable;
  }
  return true;
}

bool JsonLogReader::scan_record(std::string_view line) {
  record_.at = {.file = file_};
  record_.code.clear();
  record_.message.clear();
  record_.related_count = 0;
  JsonScan scan(line);
  std::string_view key;
  scan.enter('{');
  while (scan.next_member(key)) {
    if (key == "range")
      scan_range(scan, record_.at);
    else if (key == "code")
      record_.code = scan.string(scratch_);
    else if (key == "message")
      record_.message = scan.string(scratch_);
    else if (key == "relatedInformation")
      scan_related(scan);
    else
      scan.skip_value();
  }
  return scan.ok() && record_.at.line > 0;
}

void JsonLogReader::scan_range(JsonScan& scan, LogPlace& at) {
  std::string_view key;
  scan.enter('{');
  while (scan.next_member(key)) {
    if (key != "start") {
      scan.skip_value();
      continue;
    }
    std::string_view part;
    scan.enter('{');
    while (scan.next_member(part)) {
      if (part == "line")
        at.line = scan.number();
      else if (part == "character")
        at.column = scan.number();
      else
        scan.skip_value();
    }
  }
}

void JsonLogReader::scan_related(JsonScan& scan) {
  scan.enter('[');
  while (scan.next_element()) {
    if (record_.related_count == record_.related.size()) record_.related.emplace_back();
    Related& one = record_.related[record_.related_count++];
    one.message.clear();
    one.at = {};
    std::string_view key;
    scan.enter('{');
    while (scan.next_member(key)) {
      if (key == "message") {
        one.message = scan.string(scratch_);
      } else if (key == "location") {
        std::string_view part;
        scan.enter('{');
        while (scan.next_member(part)) {
          if (part == "uri")
            one.at.file = file_of_uri(scan.string(scratch_));
          else if (part == "range")
            scan_range(scan, one.at);
          else
            scan.skip_value();
        }
      } else {
        scan.skip_value();
      }
    }
  }
}

StringId JsonLogReader::file_of_uri(std::string_view uri) {
  if (uri == last_uri_ && !uri.empty()) return last_uri_file_;
  last_uri_ = log_.text(add(uri));
  constexpr std::string_view kScheme = "file://";
  if (uri.starts_with(kScheme)) uri.remove_prefix(kScheme.size());
  uri_.clear();
  for (std::size_t i = 0; i < uri.size(); ++i) {
    bool escaped = uri[i] == '%' && i + 2 < uri.size() && digit(uri[i + 1]) >= 0 && digit(uri[i + 2]) >= 0;
    uri_ += escaped ? char(digit(uri[i + 1]) * 16 + digit(uri[i + 2])) : uri[i];
    if (escaped) i += 2;
  }
  // url.URL puts ./ before a relative path whose first part has a colon, and nothing else that we would undo.
  return last_uri_file_ = add(uri_);
}

void JsonLogReader::take_record() {
  std::uint32_t first = std::uint32_t(log_.inlined_places.size());
  std::size_t flows_from = 0;
  while (flows_from < record_.related_count && record_.related[flows_from].message == kInlined)
    log_.inlined_places.push_back(record_.related[flows_from++].at);
  std::uint32_t inlined = std::uint32_t(log_.inlined_places.size()) - first;
  if (record_.message.empty()) {
    log_.escapes.push_back({.at = record_.at,
                            .package = package_,
                            .is_own_line = true,
                            .first_inlined = first,
                            .inlined = inlined});
    return;
  }
  bool is_parameter = record_.code == "leak";
  if (!is_parameter) {
    // A variable has no record of its own; finish() drops this one where there is another.
    log_.escapes.push_back(
        {.at = record_.at, .package = package_, .first_inlined = first, .inlined = inlined});
  }
  take_chain(is_parameter, flows_from);
  if (!is_parameter) log_.escapes.back().name = log_.chains.back().name;
}

void JsonLogReader::take_chain(bool is_parameter, std::size_t first_related) {
  FlowChain chain{.at = record_.at,
                  .package = package_,
                  .is_parameter = is_parameter,
                  .first_flow = std::uint32_t(log_.flows.size())};
  std::string_view what = record_.message;
  std::size_t leaks = what.find(kLeaks), derefs = what.rfind(kDerefs);
  if (is_parameter && what.starts_with(kParameter) && leaks != what.npos && derefs != what.npos &&
      derefs > leaks) {
    chain.name = add(what.substr(kParameter.size(), leaks - kParameter.size()));
    chain.sink = add(what.substr(leaks + kLeaks.size(), derefs - leaks - kLeaks.size()));
    chain.derefs = std::int32_t(number_at(what.substr(derefs + kDerefs.size())));
  } else {
    if (what.ends_with(kEscapes)) what.remove_suffix(kEscapes.size());
    chain.name = add(what);
  }
  for (std::size_t i = first_related; i < record_.related_count; ++i) {
    const Related& one = record_.related[i];
    std::string_view message = one.message;
    if (message.starts_with(kFlow)) {
      FlowWords words = flow_words(message.substr(kFlow.size()));
      if (words.to.empty()) {
        ++log_.unreadable;
        continue;
      }
      log_.flows.push_back({.to = add(words.to),
                            .from = add(words.from),
                            .derefs = words.derefs,
                            .first_step = std::uint32_t(log_.steps.size())});
      ++chain.flows;
    } else if (message.starts_with(kStep) && chain.flows > 0) {
      StepWords words = step_words(message.substr(kStep.size()));
      log_.steps.push_back({add(words.expression), add(words.reason), one.at});
      ++log_.flows.back().steps;
    }
  }
  log_.chains.push_back(chain);
}

// The rows at one place become one per name. A value that is no variable has a record without a message
// beside those with its flows; of a variable there are only the latter. Records of instances of generic code
// are equal, so they are no count of the values.
void JsonLogReader::take_place(std::span<const LoggedEscape> rows, std::vector<LoggedEscape>& kept) {
  std::size_t records = std::size_t(std::ranges::count_if(rows, &LoggedEscape::is_own_line)),
              from = kept.size();
  for (const LoggedEscape& row : rows) {
    bool is_known =
        row.is_own_line || std::any_of(kept.begin() + std::ptrdiff_t(from), kept.end(),
                                       [&](const LoggedEscape& one) { return one.name == row.name; });
    if (!is_known) kept.push_back(row);
  }
  if (kept.size() == from) kept.push_back(rows.back());  // not explained
  std::size_t values = 0;
  for (std::size_t i = from; i < kept.size(); ++i) values += !is_identifier(log_.text(kept[i].name));
  for (std::size_t i = from; i < kept.size(); ++i) {
    bool may_be_variable = values >= records && is_identifier(log_.text(kept[i].name));
    kept[i].is_moved = records == 0 || may_be_variable;
    kept[i].is_own_line = !kept[i].is_moved;
  }
}

void JsonLogReader::finish() {
  std::ranges::stable_sort(log_.escapes, {}, &LoggedEscape::at);
  std::vector<LoggedEscape> kept;
  for (std::size_t from = 0, to; from < log_.escapes.size(); from = to) {
    for (to = from + 1; to < log_.escapes.size() && log_.escapes[to].at == log_.escapes[from].at;) ++to;
    take_place(std::span(log_.escapes).subspan(from, to - from), kept);
  }
  log_.escapes = std::move(kept);
}

}  // namespace memsnap
