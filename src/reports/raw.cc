// -raw and -comments: the profile as it is.
#include "reports/report.h"

#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {
namespace {

// Labels by key: text or numbers, as Go prints a map of lists; "" when there are none.
std::string labels_text(const Profile& profile, std::span<const ProfileLabel> labels, bool text) {
  struct Row {
    std::vector<std::string> values, units;
    bool any_unit = false;
  };
  std::vector<std::pair<StringId, Row>> rows;
  for (const ProfileLabel& label : labels) {
    if (label.is_text() != text) continue;
    auto at = std::ranges::find(rows, label.key, &std::pair<StringId, Row>::first);
    if (at == rows.end()) at = rows.insert(rows.end(), {label.key, {}});
    Row& row = at->second;
    row.values.push_back(text ? std::string(profile.text(label.text())) : fmt::format("{}", label.value));
    row.units.emplace_back(text ? std::string_view() : profile.text(label.unit));
    row.any_unit |= !row.units.back().empty();
  }
  std::vector<std::string> parts;
  for (auto& [key, row] : rows) {
    if (row.any_unit)
      for (std::size_t i = 0; i < row.values.size(); ++i) row.values[i] += " " + row.units[i];
    parts.push_back(fmt::format("{}:[{}]", profile.text(key), fmt::join(row.values, " ")));
  }
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, " "));
}

void print_sample(const Profile& profile, std::size_t row, Out& out) {
  std::string values;
  for (std::int64_t value : profile.values_of(row)) values += fmt::format(" {:10}", value);
  out.put(values);
  out.put(": ");
  profile.samples.stacks[row].each([&](LocationId id) { out.print("{} ", profile[id].id); });
  out.put("\n");
  for (bool text : {true, false}) {
    std::string labels = labels_text(profile, profile.samples.labels_of(row), text);
    if (!labels.empty()) out.print("                {}\n", labels);
  }
}

std::string line_text(const Profile& profile, const ProfileLine& line) {
  if (line.function == kNoFunction) return "??";
  const ProfileFunction& function = profile[line.function];
  std::string text = fmt::format("{} {}:{}:{} s={}", profile.text(function.name), profile.text(function.file),
                                 line.line, line.column, function.start_line);
  if (function.name != function.system_name) text += fmt::format("({})", profile.text(function.system_name));
  return text;
}

void print_location(const Profile& profile, const ProfileLocation& location, Out& out) {
  std::string head = fmt::format("{:6}: {:#x} ", location.id, location.address);
  if (location.mapping != kNoMapping) head += fmt::format("M={} ", profile[location.mapping].id);
  if (location.folded) head += "[F] ";
  if (location.line_count == 0) out.print("{}\n", head);
  for (const ProfileLine& line : profile.lines_of(location)) {
    out.print("{}{}\n", head, line_text(profile, line));
    head.assign(13, ' ');
  }
}

void print_mapping(const Profile& profile, const ProfileMapping& mapping, Out& out) {
  out.print("{}: {:#x}/{:#x}/{:#x} {} {} {}{}{}{}\n", mapping.id, mapping.start, mapping.limit,
            mapping.offset, profile.text(mapping.file), profile.text(mapping.build_id),
            mapping.has_functions ? "[FN]" : "", mapping.has_filenames ? "[FL]" : "",
            mapping.has_line_numbers ? "[LN]" : "", mapping.has_inline_frames ? "[IN]" : "");
}

// 2006-01-02 15:04:05.999999999 -0700 MST
std::string full_time(std::int64_t nanoseconds) {
  std::int64_t part = nanoseconds % 1'000'000'000;
  if (part < 0) part += 1'000'000'000;
  std::string fraction;
  if (part != 0) {
    fraction = fmt::format(".{:09}", part);
    fraction.resize(fraction.find_last_not_of('0') + 1);
  }
  return local_time(nanoseconds, "%Y-%m-%d %H:%M:%S") + fraction + local_time(nanoseconds, " %z %Z");
}

// The first four characters, as Go cuts "%.4v".
std::string four_characters(const std::string& text) {
  std::size_t at = 0;
  for (int i = 0; i < 4 && at < text.size(); ++i)
    at += first_code_point(std::string_view(text).substr(at)).bytes;
  return text.substr(0, at);
}

void print_head(const Profile& profile, Out& out) {
  for (StringId comment : profile.comments) out.print("Comment: {}\n", profile.text(comment));
  if (profile.doc_url != StringId{}) out.print("Doc: {}\n", profile.text(profile.doc_url));
  out.print("PeriodType: {} {}\n", profile.text(profile.period_type.type),
            profile.text(profile.period_type.unit));
  out.print("Period: {}\n", profile.period);
  if (profile.time_nanos != 0) out.print("Time: {}\n", full_time(profile.time_nanos));
  if (profile.duration_nanos != 0)
    out.print("Duration: {}\n", four_characters(go_duration(profile.duration_nanos)));
  std::string types;
  for (const ValueType& type : profile.sample_types)
    types += fmt::format("{}/{}{} ", profile.text(type.type), profile.text(type.unit),
                         type.type == profile.default_sample_type ? "[dflt]" : "");
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  std::size_t from = types.find_first_not_of(kBlank), to = types.find_last_not_of(kBlank);
  out.print("Samples:\n{}\n", from == types.npos ? "" : types.substr(from, to - from + 1));
}

}  // namespace

void print_raw(const ProfileReport& report, Out& out) {
  const Profile& profile = report.profile;
  print_head(profile, out);
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) print_sample(profile, row, out);
  out.put("Locations\n");
  for (const ProfileLocation& location : profile.locations) print_location(profile, location, out);
  out.put("Mappings\n");
  for (const ProfileMapping& mapping : profile.mappings) print_mapping(profile, mapping, out);
}

void print_comments(const ProfileReport& report, Out& out) {
  for (StringId comment : report.profile.comments) out.print("{}\n", report.profile.text(comment));
}

}  // namespace memsnap
