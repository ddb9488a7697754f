// Go's stacks of all goroutines, as a goroutine profile with debug=2 or a crash prints them:
//   goroutine 18 [chan receive, 5 minutes]:
//   main.(*pool).run(0xc000010000, {0x1, 0x2})
//           /src/pool.go:31 +0x1d
//   created by main.start in goroutine 1
//           /src/pool.go:12 +0x45
// Equal goroutines are one sample with their number. What the header says becomes labels: state, wait in
// minutes, thread, the labels of the goroutine; and who created it: created_by. Facts: goroutineheader and
// traceback of runtime/traceback.go, go1.24 to go1.27.
#include "pprof/go_labels.h"
#include "pprof/text_formats.h"

#include <map>

namespace memsnap {
namespace {

class StacksReader {
 public:
  explicit StacksReader(LineScanner lines) : lines_(lines) {}
  Parsed read();

 private:
  bool header(std::string_view line);  // begins a goroutine; false when the line is no header
  void status(std::string_view text);
  void frame(std::string_view call);
  void end();

  struct Place {
    std::string_view file;
    std::int64_t line = 0;
  };
  bool place(Place& out);

  LineScanner lines_;
  bool has_line_ = false;  // lines_.line() is still to be looked at
  LegacyBuilder builder_{{"goroutine", "count"}};
  std::map<std::string, LocationId> locations_;
  std::map<std::string, std::size_t> samples_;  // by content: where the count is
  bool inside_ = false;
  std::vector<LocationId> frames_;
  std::vector<ProfileLabel> labels_;
};

// `chan receive, 5 minutes, locked to thread`
void StacksReader::status(std::string_view text) {
  for (bool first = true; !text.empty(); first = false) {
    std::size_t end = std::min(text.find(", "), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    constexpr std::string_view kMinutes = " minutes", kBubble = "synctest bubble ";
    ParsedInt minutes =
        parse_go_int(part.substr(0, part.size() - std::min(part.size(), kMinutes.size())), 10);
    if (first)
      labels_.push_back(builder_.text_label("state", part));
    else if (part.ends_with(kMinutes) && minutes.problem.empty())
      labels_.push_back(builder_.number_label("wait", minutes.value, "minutes"));
    else if (part == "locked to thread")
      labels_.push_back(builder_.text_label("thread", "locked"));
    else if (part.starts_with(kBubble))
      labels_.push_back(builder_.text_label("bubble", part.substr(kBubble.size())));
  }
}

// `goroutine 18 [running]:`, with gp=… m=… before the bracket of a crash and {key: value} or labels:{…}
// behind it.
bool StacksReader::header(std::string_view line) {
  TextCursor in(line);
  if (!in.literal("goroutine ") || in.run(is_digit).empty() || !line.ends_with(':')) return false;
  std::size_t open = line.find(" ["), close = line.find(']', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return false;
  end();
  inside_ = true;
  status(line.substr(open + 2, close - open - 2));
  if (std::size_t brace = line.find('{', close); brace != std::string_view::npos)
    for (const auto& [key, value] : parse_go_labels(line.substr(brace + 1)))
      labels_.push_back(builder_.text_label(key, value));
  return true;
}

// `	/src/pool.go:31 +0x1d` below a call; takes the line when it is one.
bool StacksReader::place(Place& out) {
  if (!lines_.next()) return false;
  std::string_view line = lines_.line();
  has_line_ = !line.starts_with('\t');
  if (has_line_) return false;
  line = trim(line);
  std::size_t offset = line.rfind(" +0x");
  if (offset != std::string_view::npos) line = line.substr(0, offset);
  std::size_t colon = line.rfind(':');
  if (colon == std::string_view::npos) return false;
  ParsedInt number = parse_go_int(line.substr(colon + 1), 10);
  if (!number.problem.empty()) return false;
  out = {line.substr(0, colon), number.value};
  return true;
}

void StacksReader::frame(std::string_view call) {
  constexpr std::string_view kCreated = "created by ", kIn = " in goroutine ";
  bool is_creator = call.starts_with(kCreated);
  std::string_view name = call;
  if (is_creator) {
    name = call.substr(kCreated.size());
    name = name.substr(0, name.rfind(kIn));
  } else if (call.ends_with(')')) {
    name = call.substr(0, call.rfind('('));
  }
  Place at;
  if (!place(at) || name.empty()) return;
  if (is_creator) return labels_.push_back(builder_.text_label("created_by", name));
  std::string key = fmt::format("{}\n{}\n{}", name, at.file, at.line);
  auto [known, fresh] = locations_.try_emplace(key);
  if (fresh) {
    Profile& profile = builder_.profile();
    auto first = std::uint32_t(profile.lines.size());
    profile.lines.push_back({builder_.function(name, at.file), at.line, 0});
    known->second = builder_.add_location({.mapping = MappingId{0}, .first_line = first, .line_count = 1});
  }
  frames_.push_back(known->second);
}

void StacksReader::end() {
  if (!inside_) return;
  std::string key;
  for (LocationId frame : frames_) key += fmt::format("{} ", std::uint32_t(frame));
  for (const ProfileLabel& label : labels_)
    key += fmt::format("{}/{}/{} ", std::uint32_t(label.key), std::uint32_t(label.unit), label.value);
  std::vector<std::int64_t>& counts = builder_.profile().samples.values;
  auto [known, fresh] = samples_.try_emplace(std::move(key), counts.size());
  if (fresh)
    builder_.sample(frames_, std::vector<std::int64_t>{1}, labels_);
  else
    ++counts[known->second];
  inside_ = false;
  frames_.clear();
  labels_.clear();
}

Parsed StacksReader::read() {
  builder_.set_period("goroutine", "count", 1);
  builder_.profile().mappings.push_back({.id = 1,
                                         .has_functions = true,
                                         .has_filenames = true,
                                         .has_line_numbers = true,
                                         .has_inline_frames = true});
  bool any = false;
  while (has_line_ || lines_.next()) {
    std::string_view line = lines_.line();
    has_line_ = false;
    if (header(line))
      any = true;
    else if (line.empty())
      end();
    else if (inside_ && !line.starts_with('\t'))
      frame(line);
  }
  end();
  if (!any) return std::nullopt;
  if (lines_.too_long()) return line_too_long();
  TRY_VOID(builder_.finish_without_map());
  return builder_.build();
}

}  // namespace

Parsed read_goroutine_stacks(FormatInput& input) {
  if (input.options.go_compat) return std::nullopt;
  // A crash has its message first, so the first goroutine need not be at the beginning.
  std::string_view text = text_of(input.bytes);
  bool likely = text.starts_with("goroutine ") || text.find("\ngoroutine ") != std::string_view::npos;
  if (!likely || text.find('\0') != std::string_view::npos) return std::nullopt;
  return StacksReader(lines_of(input)).read();
}

}  // namespace memsnap
