#include "driver/config_fields.h"

#include "driver/go_text.h"

#include <algorithm>
#include <array>
#include <type_traits>

namespace memsnap {
namespace {

using C = PprofConfig;

constexpr const char* kSorts[] = {"cum", "flat"};
constexpr const char* kGranularities[] = {"functions", "filefunctions", "files", "lines", "addresses"};

// In the order in which go tool pprof declares them: URLs and listings keep it.
constexpr ConfigField kFields[] = {
    {"output", "", false, &C::output},
    {"call_tree", "calltree", true, &C::call_tree},
    {"relative_percentages", "rel", true, &C::relative_percentages},
    {"unit", "unit", true, &C::unit},
    {"compact_labels", "compact", true, &C::compact_labels},
    {"source_path", "", false, &C::source_path},
    {"trim_path", "", false, &C::trim_path},
    {"intel_syntax", "intel", true, &C::intel_syntax},
    {"mean", "mean", true, &C::mean},
    {"sample_index", "si", false, &C::sample_index},
    {"divide_by", "", false, &C::divide_by},
    {"normalize", "norm", true, &C::normalize},
    {"sort", "sort", true, &C::sort, kSorts},
    {"tagroot", "", true, &C::tagroot},
    {"tagleaf", "", true, &C::tagleaf},
    {"drop_negative", "dropneg", true, &C::drop_negative},
    {"nodecount", "n", true, &C::nodecount},
    {"nodefraction", "nf", true, &C::nodefraction},
    {"edgefraction", "ef", true, &C::edgefraction},
    {"trim", "trim", true, &C::trim},
    {"focus", "f", true, &C::focus},
    {"ignore", "i", true, &C::ignore},
    {"prune_from", "prunefrom", true, &C::prune_from},
    {"hide", "h", true, &C::hide},
    {"show", "s", true, &C::show},
    {"show_from", "sf", true, &C::show_from},
    {"tagfocus", "tf", true, &C::tagfocus},
    {"tagignore", "ti", true, &C::tagignore},
    {"tagshow", "ts", true, &C::tagshow},
    {"taghide", "th", true, &C::taghide},
    {"noinlines", "noinlines", true, &C::noinlines},
    {"showcolumns", "showcolumns", true, &C::showcolumns},
    {"granularity", "g", true, &C::granularity, kGranularities},
};

bool has_choice(const ConfigField& field, std::string_view name) {
  return std::ranges::find(field.choices, name) != field.choices.end();
}

}  // namespace

std::span<const ConfigField> config_fields() { return kFields; }

const ConfigField* find_config_field(std::string_view name) {
  for (const ConfigField& field : kFields)
    if (name == field.name || has_choice(field, name)) return &field;
  return nullptr;
}

bool is_config_switch(std::string_view name) {
  const ConfigField* field = find_config_field(name);
  return field && (name != field->name || field->is_switch());
}

std::vector<std::string_view> config_names(std::string_view begin) {
  std::vector<std::string_view> names;
  auto add = [&](std::string_view name) {
    if (name.starts_with(begin)) names.push_back(name);
  };
  for (const ConfigField& field : kFields) {
    add(field.name);
    for (const char* choice : field.choices) add(choice);
  }
  return names;
}

std::string config_value(const PprofConfig& config, const ConfigField& field) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = config.*member;
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) return value;
        if constexpr (std::is_same_v<Value, bool>) return value ? "true" : "false";
        if constexpr (std::is_same_v<Value, std::int64_t>) return std::to_string(value);
        if constexpr (std::is_same_v<Value, double>) return go_float(value);
      },
      field.member);
}

const std::string& config_standard(const ConfigField& field) {
  static const std::array values = [] {
    std::array<std::string, std::size(kFields)> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = config_value(PprofConfig{}, kFields[i]);
    return all;
  }();
  return values[std::size_t(&field - kFields)];
}

Result<void> set_config(PprofConfig& config, const ConfigField& field, std::string_view value) {
  if (!field.choices.empty() && !has_choice(field, value))
    return fail(Cause::usage, "invalid {} value {}", go_quote(field.name), go_quote(value));
  if (auto text = std::get_if<std::string C::*>(&field.member)) {
    config.*(*text) = value;
  } else if (auto number = std::get_if<std::int64_t C::*>(&field.member)) {
    config.*(*number) = TRY(go_atoi(value));
  } else if (auto real = std::get_if<double C::*>(&field.member)) {
    config.*(*real) = TRY(go_parse_float(value));
  } else {
    std::optional<bool> on = pprof_parse_bool(value);
    if (!on) return fail(Cause::usage, "illegal value \"{}\" for bool variable", value);
    config.*std::get<bool C::*>(field.member) = *on;
  }
  return {};
}

Result<void> set_config(PprofConfig& config, std::string_view name, std::string_view value) {
  const ConfigField* field = find_config_field(name);
  if (field && name == field->name) return set_config(config, *field, value);
  if (field && go_parse_bool(value).value_or(false)) return set_config(config, *field, name);
  return fail(Cause::usage, "unknown config field {}", go_quote(name));
}

}  // namespace memsnap
