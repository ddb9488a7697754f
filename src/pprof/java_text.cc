// Profiles of Java programs: samples with numbers for locations, then what each number stands for. Facts:
// profile/legacy_java_profile.go of google/pprof.
#include "pprof/text_formats.h"

#include <map>

namespace memsnap {
namespace {

bool is_attribute_char(char c) {
  return c == ' ' || c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct Attribute {
  std::string_view key, value;
};

bool find_attribute(std::string_view line, Attribute& out) {
  for (std::size_t at = 0; (at = line.find('=', at)) != std::string_view::npos; ++at) {
    std::size_t from = at;
    while (from > 0 && is_attribute_char(line[from - 1])) --from;
    std::string_view value = TextCursor(line, at + 1).run(is_attribute_char);
    if (from == at || value.empty()) continue;
    out = {trim(line.substr(from, at - from)), trim(value)};
    return true;
  }
  return false;
}

struct Row {
  std::string_view first, second, addresses;
};

bool find_row(std::string_view line, Row& out) {
  auto spaces = [](TextCursor& in) { return !in.run([](char c) { return c == ' '; }).empty(); };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_digit(line[at])) continue;
    TextCursor in(line, at);
    out.first = in.run(is_digit);
    at = in.at();
    if (!spaces(in)) continue;
    out.second = in.run(is_digit);
    if (out.second.empty() || !spaces(in) || !in.literal("@") || !spaces(in)) continue;
    out.addresses = in.run([](char c) { return c == ' ' || c == 'x' || is_lower_hex(c); });
    return true;
  }
  return false;
}

// Lines that end in \n; a last one that does not is not looked at.
class JavaLines {
 public:
  explicit JavaLines(std::string_view text) : rest_(text) {}
  bool has_next() const { return rest_.find('\n') != std::string_view::npos; }
  std::string_view peek() const { return trim(rest_.substr(0, rest_.find('\n'))); }
  void skip() { rest_.remove_prefix(rest_.find('\n') + 1); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

class JavaReader {
 public:
  JavaReader(std::string_view text, bool is_heap) : lines_(text), is_heap_(is_heap) {}
  Parsed read();

 private:
  enum class Is : std::uint8_t { kGood, kOtherFormat, kBroken };
  Is header();
  Is attribute(std::string_view line, const Attribute& attribute);
  bool samples();
  bool sample(std::string_view line, const Row& row);
  bool broken(std::string what) { return problem_ = std::move(what), false; }

  JavaLines lines_;
  bool is_heap_;
  std::string problem_;
  LegacyBuilder builder_{};
};

JavaReader::Is JavaReader::attribute(std::string_view line, const Attribute& attribute) {
  auto [key, value] = attribute;
  if (key == "format") return value == "java" ? Is::kGood : Is::kOtherFormat;
  std::string unit(value);
  if (key == "resolution") {
    if (is_heap_)
      builder_.set_types({{"inuse_objects", "count"}, {"inuse_space", unit.c_str()}});
    else
      builder_.set_types({{"contentions", "count"}, {"delay", unit.c_str()}});
    return Is::kGood;
  }
  if (is_heap_ || (key != "sampling period" && key != "ms since reset")) return Is::kOtherFormat;
  ParsedInt number = parse_go_int(value, 0);
  if (!number.problem.empty()) {
    broken(fmt::format("failed to parse attribute {}: {}", line, number.problem));
    return Is::kBroken;
  }
  if (key == "sampling period")
    builder_.set_period("contentions", "count", number.value);
  else
    builder_.profile().duration_nanos = std::int64_t(std::uint64_t(number.value) * 1'000'000);
  return Is::kGood;
}

JavaReader::Is JavaReader::header() {
  for (; lines_.has_next(); lines_.skip()) {
    std::string_view line = lines_.peek();
    Attribute found;
    if (line.empty()) continue;
    if (!find_attribute(line, found)) break;
    if (Is is = attribute(line, found); is != Is::kGood) return is;
  }
  return Is::kGood;
}

bool JavaReader::sample(std::string_view line, const Row& row) {
  constexpr std::int64_t kHeapRate = 524288;
  ParsedAddresses addresses = parse_addresses(row.addresses);
  if (!addresses.problem.empty())
    return broken(fmt::format("malformed sample: {}: {}", line, addresses.problem));
  ParsedInt count = parse_go_int(row.second, 0), size = parse_go_int(row.first, 0);
  for (const ParsedInt* each : {&count, &size})
    if (!each->problem.empty()) return broken(fmt::format("parsing sample {}: {}", line, each->problem));
  if (is_heap_ && count.value == 0)
    return broken(fmt::format("parsing sample {}: second value must be non-zero", line));
  std::vector<LocationId> frames;
  for (std::uint64_t address : addresses.values) frames.push_back(builder_.at(address));
  if (is_heap_) {
    ProfileLabel label = builder_.number_label("bytes", size.value / count.value);
    HeapCount scaled = scale_heap_count({count.value, size.value}, kHeapRate);
    builder_.sample(frames, std::vector<std::int64_t>{scaled.count, scaled.size}, std::span(&label, 1));
    return true;
  }
  auto times = [&](std::int64_t value) {
    std::uint64_t period = std::uint64_t(builder_.profile().period);
    return std::int64_t(std::uint64_t(value) * (period == 0 ? 1 : period));
  };
  builder_.sample(frames, std::vector<std::int64_t>{times(count.value), times(size.value)});
  return true;
}

bool JavaReader::samples() {
  for (; lines_.has_next(); lines_.skip()) {
    std::string_view line = lines_.peek();
    Row row;
    if (line.empty()) continue;
    if (!find_row(line, row)) break;
    if (!sample(line, row)) return false;
  }
  return true;
}

Parsed JavaReader::read() {
  Is is = header();
  if (is == Is::kOtherFormat) return std::nullopt;
  if (is == Is::kBroken || !samples()) return broken_text(problem_);
  if (builder_.profile().types() == 0 && !builder_.stacks().empty())
    return broken_text("missing sample type information");
  return finish_java(lines_.rest(), std::move(builder_));
}

// ---- Locations: `0x00000003 com.example.Foo.bar (Foo.java:12)`

struct JavaLine {
  std::string_view function, file;
  std::int64_t line = 0;
};

// The last "(" behind a space and before `end`.
std::size_t last_bracket(std::string_view text, std::size_t end) {
  for (std::size_t at = end; at-- > 1;)
    if (text[at] == '(' && is_blank(text[at - 1])) return at;
  return std::string_view::npos;
}

std::string_view base_name(std::string_view path) {
  if (path.empty()) return ".";
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || path.size() == 1 ? path : path.substr(slash + 1);
}

bool match_file_line(std::string_view text, JavaLine& out) {
  if (!text.ends_with(')')) return false;
  std::size_t digits = text.size() - 1;
  while (digits > 0 && is_digit(text[digits - 1])) --digits;
  if (digits == text.size() - 1) return false;
  std::size_t colon = digits - (digits > 0 && text[digits - 1] == '-');
  if (colon == 0 || text[--colon] != ':') return false;
  std::size_t bracket = colon < 2 ? std::string_view::npos : last_bracket(text, colon - 1);
  if (bracket == std::string_view::npos) return false;
  ParsedInt line = parse_go_int(text.substr(colon + 1, text.size() - colon - 2), 10);
  out = {text.substr(0, bracket - 1), text.substr(bracket + 1, colon - bracket - 1),
         line.problem.empty() && line.value > 0 ? line.value : 0};
  return true;
}

JavaLine parse_java_line(std::string_view text) {
  JavaLine out;
  if (match_file_line(text, out)) return out;
  std::size_t bracket = text.ends_with(')') ? last_bracket(text, text.size() - 1) : std::string_view::npos;
  if (bracket != std::string_view::npos)
    return {text.substr(0, bracket - 1), base_name(text.substr(bracket + 1, text.size() - bracket - 2))};
  if (text.find("generated stub/JIT") != std::string_view::npos) return {"STUB", ""};
  return {text, ""};
}

// Of functions with one name the first file counts.
class JavaFunctions {
 public:
  explicit JavaFunctions(LegacyBuilder& builder) : builder_(builder) {}
  FunctionId get(const JavaLine& line) {
    auto [place, fresh] = known_.try_emplace(std::string(line.function));
    if (fresh) place->second = builder_.function(line.function, line.file);
    return place->second;
  }

 private:
  LegacyBuilder& builder_;
  std::map<std::string, FunctionId> known_;
};

}  // namespace

Parsed finish_java(std::string_view locations, LegacyBuilder builder) {
  JavaFunctions functions(builder);
  Profile& profile = builder.profile();
  for (LineScanner lines(locations); lines.next();) {
    std::string_view line = trim(lines.line());
    TextCursor in(line);
    if (!in.literal("0x")) continue;
    std::string_view digits = in.run(is_hex), space = in.run(is_blank);
    if (digits.empty() || space.empty()) continue;
    auto address = parse_hex(digits);
    if (!address)
      return broken_text(fmt::format(
          "parsing sample {}: strconv.ParseUint: parsing \"{}\": value out of range", line, digits));
    LocationId id = builder.find(*address);
    if (id == LocationId{~0u}) continue;
    JavaLine found = parse_java_line(in.rest());
    ProfileLocation& location = profile.locations[std::size_t(id)];
    location.first_line = std::uint32_t(profile.lines.size());
    location.line_count = 1;
    location.address = 0;
    profile.lines.push_back({functions.get(found), found.line, 0});
  }
  TRY_VOID(builder.finish_without_map());
  for (ProfileLocation& location : profile.locations)
    location.address = 0;  // they are no addresses of a binary
  return builder.build();
}

Parsed read_java_text(FormatInput& input) {
  std::string_view text = text_of(input.bytes);
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view title = trim(text.substr(0, end));
  if (title != "--- heapz 1 ---" && title != "--- contentionz 1 ---") return std::nullopt;
  return JavaReader(text.substr(end + 1), title == "--- heapz 1 ---").read();
}

}  // namespace memsnap
