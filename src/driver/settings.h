// Configurations that a user has given names: settings.json in the folder of the user's configuration, shared
// with go tool pprof; and configurations as parameters of a URL.
// Facts: internal/driver/settings.go and config.go of google/pprof.
#pragma once

#include "base/result.h"
#include "http/url.h"
#include "profile/config.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

struct NamedConfig {
  std::string name;
  PprofConfig config;
};

// $XDG_CONFIG_HOME/pprof/settings.json, or below $HOME/.config.
Result<std::string> settings_file(const std::function<std::string(const char*)>& environment);

// None when the file is not there. What the file does not keep is taken from `current`: output, source_path,
// trim_path, divide_by, sample_index.
Result<std::vector<NamedConfig>> read_settings(const std::string& file, const PprofConfig& current);
Result<std::vector<NamedConfig>> parse_settings(std::string_view text, const PprofConfig& current);
Result<std::string> settings_text(const std::vector<NamedConfig>& configs);

// Both write the file anew, whole or not at all.
Result<void> save_config(const std::string& file, const std::string& name, const PprofConfig& config);
Result<void> delete_config(const std::string& file, const std::string& name);

// ---- Parameters of a URL: f for focus, n for nodecount …
Result<void> apply_query(PprofConfig& config, const UrlQuery& query);
// The query with the parameters of this configuration in place of others; true when one of them changed. The
// standard value of a field is no parameter.
std::pair<UrlQuery, bool> with_config(const UrlQuery& query, const PprofConfig& config);

struct ConfigChoice {
  std::string name;
  std::string query;     // ?f=…
  bool current = false;  // what the query shows now
  bool own = false;      // of the user, may be deleted
};
// The standard configuration and those of the file; only the first when the file cannot be read.
std::vector<ConfigChoice> config_choices(const std::string& file, const UrlQuery& query);

}  // namespace memsnap
