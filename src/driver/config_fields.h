// The fields of a report's configuration as the command line, the shell, the settings file and URLs name
// them, with Go's rules for their values. Facts: internal/driver/config.go of google/pprof.
#pragma once

#include "base/result.h"
#include "profile/config.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace memsnap {

struct ConfigField {
  using Member = std::variant<std::string PprofConfig::*, bool PprofConfig::*, std::int64_t PprofConfig::*,
                              double PprofConfig::*>;
  const char* name;
  const char* url;  // the parameter in a URL; "" when there is none
  bool saved;       // in the settings file
  Member member;
  std::span<const char* const> choices = {};  // the only values, each of them a switch of its own

  bool is_switch() const { return std::holds_alternative<bool PprofConfig::*>(member); }
};

std::span<const ConfigField> config_fields();
// The field of that name, or the one that has it as a choice; null when there is none.
const ConfigField* find_config_field(std::string_view name);
// A name that needs no value: of a switch or of a choice.
bool is_config_switch(std::string_view name);
// All names of fields and choices that begin so, in the order of the table.
std::vector<std::string_view> config_names(std::string_view begin);

std::string config_value(const PprofConfig& config, const ConfigField& field);
const std::string& config_standard(const ConfigField& field);
// Errors are Cause::usage with Go's texts.
Result<void> set_config(PprofConfig& config, const ConfigField& field, std::string_view value);
// The same by name; the name of a choice takes a switch's value that has to be true.
Result<void> set_config(PprofConfig& config, std::string_view name, std::string_view value);

}  // namespace memsnap
