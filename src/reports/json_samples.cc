// traces, tags, raw and comments as JSON, written as they go.
#include "base/text.h"
#include "profile/paths.h"
#include "profile/units.h"
#include "reports/json_report.h"

#include <algorithm>
#include <map>

namespace memsnap {
namespace {

// Numbers for the frames of stacks: one for a node, another for the same node as an inlined call.
class FrameNumbers {
 public:
  FrameNumbers(const Profile& profile, std::size_t nodes) : profile_(profile), number_(nodes * 2, ~0u) {}

  // First the frames get their numbers, in the order of the stacks, then the stacks are written with them.
  void collect(const LocationNodes& of_location) {
    for (const PackedStack& stack : profile_.samples.stacks)
      each(stack, of_location, [&](std::uint32_t key) {
        if (number_[key] != ~0u) return;
        number_[key] = std::uint32_t(keys_.size());
        keys_.push_back(key);
      });
  }
  const std::vector<std::uint32_t>& keys() const { return keys_; }  // node * 2 + inlined
  std::uint32_t operator[](std::uint32_t key) const { return number_[key]; }

  template <class Visit>
  static void each(const PackedStack& stack, const LocationNodes& of_location, Visit&& visit) {
    stack.each([&](LocationId location) {
      std::span<const std::uint32_t> lines = of_location.of(location);
      for (std::size_t i = 0; i < lines.size(); ++i) visit(lines[i] * 2 + (i + 1 != lines.size()));
    });
  }

 private:
  const Profile& profile_;
  std::vector<std::uint32_t> number_, keys_;
};

void write_frames(JsonWriter& json, const ProfileReport& report, const std::vector<GraphNode>& nodes,
                  const FrameNumbers& numbers) {
  json.key("frames").open_array();
  for (std::uint32_t key : numbers.keys()) {
    json.open_object();
    json_node(json, report, nodes[key / 2].info);
    if (key % 2 != 0) json.member("inlined", true);
    json.close_object();
  }
  json.close_array();
}

void write_values(JsonWriter& json, std::span<const std::int64_t> values) {
  json.key("values").open_array();
  for (std::int64_t value : values) json.value(value);
  json.close_array();
}

}  // namespace

void json_traces(ProfileReport& report, Out& out) {
  const Profile& profile = report.profile;
  clean_files(report.profile);
  std::vector<GraphNode> nodes;
  LocationNodes of_location = make_nodes(profile, {}, nodes);
  FrameNumbers numbers(profile, nodes.size());
  numbers.collect(of_location);
  JsonWriter json(out);
  json_heading(json, report, "traces");
  json_types(json, profile);
  write_frames(json, report, nodes, numbers);
  GraphOptions options{.value = report.value, .divisor = report.divisor};
  json.key("traces").open_array();
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    if (profile.samples.stacks[row].size == 0) continue;
    SampleWeight weight = weight_of(profile, options, row);
    std::int64_t value = weight.divisor == 0 ? weight.value : wrap_divide(weight.value, weight.divisor);
    json.open_object();
    json.member("value", report.scaled_by_ratio(value));
    write_values(json, profile.values_of(row));
    if (auto labels = profile.samples.labels_of(row); !labels.empty()) {
      json.key("labels");
      json_labels(json, profile, labels, &report.label_units);
    }
    json.key("stack").open_array();
    FrameNumbers::each(profile.samples.stacks[row], of_location,
                       [&](std::uint32_t key) { json.value(numbers[key]); });
    json.close_array();
    json.close_object();
  }
  json.close_array();
  json_close(json);
}

namespace {

// The values of one label key: text by text, and numbers by unit and number.
struct LabelSums {
  std::map<std::string_view, std::int64_t> texts;
  std::map<std::pair<std::string_view, std::int64_t>, std::int64_t> numbers;
  std::int64_t total = 0;
};

struct LabelSum {
  const std::string_view* text = nullptr;  // null: a number
  std::int64_t number = 0;
  std::string_view unit;
  std::int64_t sum = 0;
};

// Heaviest first; texts before numbers and in their order where sums are equal.
std::vector<LabelSum> sorted(const LabelSums& sums) {
  std::vector<LabelSum> rows;
  for (const auto& [text, sum] : sums.texts) rows.push_back({.text = &text, .sum = sum});
  for (const auto& [number, sum] : sums.numbers)
    rows.push_back({.number = number.second, .unit = number.first, .sum = sum});
  std::ranges::stable_sort(
      rows, [](const LabelSum& a, const LabelSum& b) { return magnitude(a.sum) > magnitude(b.sum); });
  return rows;
}

std::map<std::string_view, LabelSums> sum_labels(const ProfileReport& report) {
  const Profile& profile = report.profile;
  std::map<std::string_view, LabelSums> keys;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    std::int64_t value = profile.values_of(row)[report.value];
    for (const ProfileLabel& label : profile.samples.labels_of(row)) {
      LabelSums& sums = keys[profile.text(label.key)];
      std::string_view unit = label.is_text() ? "" : profile.text(label.unit);
      if (unit.empty()) unit = report.label_units[label.key];
      std::int64_t& sum =
          label.is_text() ? sums.texts[profile.text(label.text())] : sums.numbers[{unit, label.value}];
      sum = wrap_add(sum, value);
      sums.total = wrap_add(sums.total, value);
    }
  }
  return keys;
}

}  // namespace

void json_tags(const ProfileReport& report, Out& out) {
  JsonWriter json(out);
  json_heading(json, report, "tags");
  json.key("tags").open_array();
  for (const auto& [key, sums] : sum_labels(report)) {
    json.open_object();
    json.member("key", key);
    json.member("total", report.scaled_by_ratio(sums.total));
    json.member("share", json_share(report, sums.total));
    json.key("values").open_array();
    for (const LabelSum& row : sorted(sums)) {
      json.open_object();
      if (row.text) {
        json.member("text", *row.text);
      } else {
        json.member("number", row.number);
        json.member("unit", row.unit);
      }
      json.member("sum", report.scaled_by_ratio(row.sum));
      json.member("share", json_share(report, row.sum));
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  json.close_array();
  json_close(json);
}

namespace {

void write_samples(JsonWriter& json, const Profile& profile) {
  json.key("samples").open_array();
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    json.open_object();
    write_values(json, profile.values_of(row));
    json.key("locations").open_array();
    profile.samples.stacks[row].each([&](LocationId id) { json.value(profile[id].id); });
    json.close_array();
    if (auto labels = profile.samples.labels_of(row); !labels.empty()) {
      json.key("labels");
      json_labels(json, profile, labels, nullptr);
    }
    json.close_object();
  }
  json.close_array();
}

void write_locations(JsonWriter& json, const Profile& profile) {
  json.key("locations").open_array();
  for (const ProfileLocation& location : profile.locations) {
    json.open_object();
    json.member("id", location.id);
    json.member("mapping", location.mapping == kNoMapping ? 0 : profile[location.mapping].id);
    json.member("address", hex(location.address));
    if (location.folded) json.member("folded", true);
    json.key("lines").open_array();
    for (const ProfileLine& line : profile.lines_of(location)) {
      json.open_object();
      json.member("function", line.function == kNoFunction ? 0 : profile[line.function].id);
      json.member("line", line.line);
      json.member("column", line.column);
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  json.close_array();
}

void write_functions(JsonWriter& json, const Profile& profile) {
  json.key("functions").open_array();
  for (const ProfileFunction& function : profile.functions) {
    json.open_object();
    json.member("id", function.id);
    json.member("name", profile.text(function.name));
    json.member("system_name", profile.text(function.system_name));
    json.member("file", profile.text(function.file));
    json.member("start_line", function.start_line);
    json.close_object();
  }
  json.close_array();
}

void write_mappings(JsonWriter& json, const Profile& profile) {
  json.key("mappings").open_array();
  for (const ProfileMapping& mapping : profile.mappings) {
    json.open_object();
    json.member("id", mapping.id);
    json.member("start", hex(mapping.start));
    json.member("limit", hex(mapping.limit));
    json.member("offset", hex(mapping.offset));
    json.member("file", profile.text(mapping.file));
    json.member("build_id", profile.text(mapping.build_id));
    json.member("has_functions", mapping.has_functions);
    json.member("has_filenames", mapping.has_filenames);
    json.member("has_line_numbers", mapping.has_line_numbers);
    json.member("has_inline_frames", mapping.has_inline_frames);
    json.close_object();
  }
  json.close_array();
}

}  // namespace

void json_raw(const ProfileReport& report, Out& out) {
  const Profile& profile = report.profile;
  JsonWriter json(out);
  json_heading(json, report, "raw");
  json_types(json, profile);
  json.member("default_sample_type", profile.text(profile.default_sample_type));
  json.member("drop_frames", profile.text(profile.drop_frames));
  json.member("keep_frames", profile.text(profile.keep_frames));
  write_mappings(json, profile);
  write_functions(json, profile);
  write_locations(json, profile);
  write_samples(json, profile);
  json_close(json);
}

void json_comments(const ProfileReport& report, Out& out) {
  JsonWriter json(out);
  json_heading(json, report, "comments");
  json_close(json);
}

}  // namespace memsnap
