#include "driver/settings.h"

#include "base/text.h"
#include "driver/config_fields.h"
#include "driver/go_text.h"
#include "os/files.h"
#include "os/folders.h"
#include "render/json_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>

namespace memsnap {
namespace {

using C = PprofConfig;
constexpr std::size_t kFileLimit = 4 << 20;  // bytes

// As a file has it that names nothing, which is not the standard: what is absent is zero.
PprofConfig empty_config(const PprofConfig& current) {
  PprofConfig config;
  config.unit.clear();
  config.sort.clear();
  config.trim = false;
  config.nodecount = 0;
  config.nodefraction = config.edgefraction = 0;
  for (const ConfigField& field : config_fields())
    if (!field.saved) std::visit([&](auto member) { config.*member = current.*member; }, field.member);
  return config;
}

// Bytes that are no UTF-8 become the sign for it, as Go's JSON reader has it.
std::string valid_text(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(first_code_point(text).bytes)) {
    CodePoint c = first_code_point(text);
    out += c.valid ? text.substr(0, c.bytes) : "\xef\xbf\xbd";
  }
  return out;
}

std::unexpected<Error> wrong_type(const char* name) {
  return fail(Cause::bad_input, "could not parse settings: {} has a value of another type", name);
}

Result<void> read_field(PprofConfig& config, const ConfigField& field, const JsonValue& value) {
  if (std::holds_alternative<std::nullptr_t>(value.is)) return {};
  if (auto text = std::get_if<std::string C::*>(&field.member)) {
    if (!value.text()) return wrong_type(field.name);
    config.*(*text) = valid_text(*value.text());
  } else if (auto flag = std::get_if<bool C::*>(&field.member)) {
    if (!std::holds_alternative<bool>(value.is)) return wrong_type(field.name);
    config.*(*flag) = std::get<bool>(value.is);
  } else if (auto real = std::get_if<double C::*>(&field.member)) {
    if (!value.number() || !std::isfinite(*value.number())) return wrong_type(field.name);
    config.*(*real) = *value.number() + 0.0;  // -0 is 0, which the file leaves out
  } else {
    constexpr double kMost = 9007199254740992;  // beyond it a double is no count
    if (!value.number() || std::trunc(*value.number()) != *value.number() ||
        std::abs(*value.number()) > kMost)
      return wrong_type(field.name);
    config.*std::get<std::int64_t C::*>(field.member) = std::int64_t(*value.number());
  }
  return {};
}

// Only what is not zero.
std::optional<std::string> json_of(const PprofConfig& config, const ConfigField& field) {
  if (auto text = std::get_if<std::string C::*>(&field.member))
    return (config.**text).empty() ? std::nullopt : std::optional(quote_json(config.**text));
  if (auto flag = std::get_if<bool C::*>(&field.member))
    return config.**flag ? std::optional<std::string>("true") : std::nullopt;
  if (auto real = std::get_if<double C::*>(&field.member))
    return config.**real == 0 ? std::nullopt : std::optional(fmt::format("{}", config.**real));
  std::int64_t number = config.*std::get<std::int64_t C::*>(field.member);
  return number == 0 ? std::nullopt : std::optional(std::to_string(number));
}

Result<void> write_settings(const std::string& file, const std::vector<NamedConfig>& configs) {
  std::string text = TRY(settings_text(configs));
  if (auto made = make_folders(file.substr(0, file.rfind('/')), 0700); !made)
    return fail(Cause::bad_output, "failed to create settings directory: {}", made.error().what);
  if (auto written = write_file(file, true, text); !written)
    return fail(Cause::bad_output, "failed to write settings: {}", written.error().what);
  return {};
}

}  // namespace

Result<std::string> settings_file(const std::function<std::string(const char*)>& environment) {
  std::string folder = environment("XDG_CONFIG_HOME"), home = environment("HOME");
  if (!folder.empty() && folder[0] != '/') return fail(Cause::usage, "path in $XDG_CONFIG_HOME is relative");
  if (folder.empty() && home.empty())
    return fail(Cause::usage, "neither $XDG_CONFIG_HOME nor $HOME are defined");
  return (folder.empty() ? home + "/.config" : folder) + "/pprof/settings.json";
}

Result<std::vector<NamedConfig>> parse_settings(std::string_view text, const PprofConfig& current) {
  auto root = read_json(text);
  if (!root) return fail(Cause::bad_input, "could not parse settings: {}", root.error().what);
  if (!root->object()) return fail(Cause::bad_input, "could not parse settings: no object, expected one");
  std::vector<NamedConfig> configs;
  const JsonValue* list = root->member("configs");
  if (!list || std::holds_alternative<std::nullptr_t>(list->is)) return configs;
  if (!list->array()) return wrong_type("configs");
  for (const JsonValue& one : *list->array()) {
    if (!one.object()) return wrong_type("configs");
    NamedConfig named{.name = {}, .config = empty_config(current)};
    if (const JsonValue* name = one.member("name")) {
      if (!name->text()) return wrong_type("name");
      named.name = valid_text(*name->text());
    }
    for (const ConfigField& field : config_fields()) {
      const JsonValue* value = field.saved ? one.member(field.name) : nullptr;
      if (value) TRY_VOID(read_field(named.config, field, *value));
    }
    configs.push_back(std::move(named));
  }
  return configs;
}

Result<std::vector<NamedConfig>> read_settings(const std::string& file, const PprofConfig& current) {
  if (!is_there(file)) return std::vector<NamedConfig>{};
  auto text = read_small_file(file, kFileLimit);
  if (!text) return fail(text.error().cause, "could not read settings: {}", text.error().what);
  auto configs = parse_settings(*text, current);
  if (!configs) return fail(configs.error().cause, "{}: {}", file, configs.error().what);
  return configs;
}

Result<std::string> settings_text(const std::vector<NamedConfig>& configs) {
  std::string text = "{\n  \"configs\": [";
  for (const NamedConfig& named : configs) {
    text += fmt::format("{}\n    {{\n      \"name\": {}", &named == configs.data() ? "" : ",",
                        quote_json(named.name));
    for (const ConfigField& field : config_fields()) {
      if (!field.saved) continue;
      if (auto real = std::get_if<double C::*>(&field.member); real && !std::isfinite(named.config.**real))
        return fail(Cause::usage, "could not encode settings: {} is no number", field.name);
      if (auto value = json_of(named.config, field))
        text += fmt::format(",\n      \"{}\": {}", field.name, *value);
    }
    text += "\n    }";
  }
  return text + (configs.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

Result<void> save_config(const std::string& file, const std::string& name, const PprofConfig& config) {
  if (name.empty()) return fail(Cause::usage, "invalid config name");
  std::vector<NamedConfig> configs = TRY(read_settings(file, config));
  auto at = std::ranges::find(configs, name, &NamedConfig::name);
  if (at == configs.end())
    configs.push_back({name, config});
  else
    at->config = config;
  return write_settings(file, configs);
}

Result<void> delete_config(const std::string& file, const std::string& name) {
  std::vector<NamedConfig> configs = TRY(read_settings(file, {}));
  auto at = std::ranges::find(configs, name, &NamedConfig::name);
  if (at == configs.end()) return fail(Cause::usage, "config {} not found", name);
  configs.erase(at);
  return write_settings(file, configs);
}

Result<void> apply_query(PprofConfig& config, const UrlQuery& query) {
  for (const ConfigField& field : config_fields()) {
    std::string value = *field.url ? query.get(field.url) : "";
    if (value.empty()) continue;
    if (auto set = set_config(config, field, value); !set)
      return fail(Cause::usage, "error setting config field {}: {}", field.name, set.error().what);
  }
  return {};
}

std::pair<UrlQuery, bool> with_config(const UrlQuery& query, const PprofConfig& config) {
  UrlQuery to = query;
  bool changed = false;
  for (const ConfigField& field : config_fields()) {
    if (!*field.url || !field.saved) continue;
    std::string value = config_value(config, field);
    if (value == config_standard(field))
      value.clear();
    else if (field.is_switch())
      value.resize(1);  // t or f
    if (query.get(field.url) == value) continue;
    changed = true;
    if (value.empty())
      to.remove(field.url);
    else
      to.set(field.url, value);
  }
  return {std::move(to), changed};
}

std::vector<ConfigChoice> config_choices(const std::string& file, const UrlQuery& query) {
  std::vector<NamedConfig> configs = {{"Default", {}}};
  if (auto own = read_settings(file, {})) std::ranges::move(*own, std::back_inserter(configs));
  std::vector<ConfigChoice> choices;
  std::optional<std::size_t> shown;
  for (const NamedConfig& named : configs) {
    auto [to, changed] = with_config(query, named.config);
    if (!changed) shown = choices.size();
    choices.push_back({.name = named.name, .query = "?" + to.encode(), .own = !choices.empty()});
  }
  if (shown) choices[*shown].current = true;
  return choices;
}

}  // namespace memsnap
