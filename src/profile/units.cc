#include "profile/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>

namespace memsnap {
namespace {

struct Unit {
  const char* name;
  std::array<std::string_view, 3> aliases;
  double factor;
};
struct UnitKind {
  std::span<const Unit> units;
  const char* standard;  // what a value smaller than every unit, or with an unknown goal, is given in
  double standard_factor;
};

constexpr Unit kMemory[] = {
    {"B", {"b", "byte"}, 1},
    {"kB", {"kb", "kbyte", "kilobyte"}, 0x1p10},
    {"MB", {"mb", "mbyte", "megabyte"}, 0x1p20},
    {"GB", {"gb", "gbyte", "gigabyte"}, 0x1p30},
    {"TB", {"tb", "tbyte", "terabyte"}, 0x1p40},
    {"PB", {"pb", "pbyte", "petabyte"}, 0x1p50},
};
constexpr Unit kTime[] = {
    {"ns", {"ns", "nanosecond"}, 1},    {"us", {"\u03bcs", "us", "microsecond"}, 1e3},
    {"ms", {"ms", "millisecond"}, 1e6}, {"s", {"s", "sec", "second"}, 1e9},
    {"hrs", {"hour", "hr"}, 3600e9},
};
constexpr Unit kCompute[] = {
    {"n*GCU", {"nanogcu"}, 1e-9}, {"u*GCU", {"microgcu"}, 1e-6}, {"m*GCU", {"milligcu"}, 1e-3},
    {"GCU", {"gcu"}, 1},          {"k*GCU", {"kilogcu"}, 1e3},   {"M*GCU", {"megagcu"}, 1e6},
    {"G*GCU", {"gigagcu"}, 1e9},  {"T*GCU", {"teragcu"}, 1e12},  {"P*GCU", {"petagcu"}, 1e15},
};
constexpr UnitKind kKinds[] = {
    {kMemory, "B", 1},
    {kTime, "s", 1e9},
    {kCompute, "GCU", 1},
};

const Unit* find_unit(const UnitKind& kind, std::string_view name) {
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = char(c + 32);
  if (lower.size() > 2 && lower.ends_with('s')) lower.pop_back();
  for (const Unit& unit : kind.units)
    for (std::string_view alias : unit.aliases)
      if (!alias.empty() && alias == lower) return &unit;
  return nullptr;
}

ScaledValue convert(const UnitKind& kind, double base, std::string_view to) {
  if (to == "minimum" || to == "auto") {
    const Unit* best = nullptr;
    for (const Unit& unit : kind.units)
      if ((!best || unit.factor >= best->factor) && base / unit.factor >= 1) best = &unit;
    if (best) return {base / best->factor, best->name};
    return {base / kind.standard_factor, kind.standard};
  }
  if (const Unit* unit = find_unit(kind, to)) return {base / unit->factor, unit->name};
  return {base / kind.standard_factor, kind.standard};
}

}  // namespace

ScaledValue scale_value(std::int64_t value, std::string_view from, std::string_view to) {
  if (value < 0 && value != INT64_MIN) {
    ScaledValue scaled = scale_value(-value, from, to);
    scaled.value = -scaled.value;
    return scaled;
  }
  for (const UnitKind& kind : kKinds)
    if (const Unit* unit = find_unit(kind, from)) return convert(kind, double(value) * unit->factor, to);
  bool says_nothing = to == "count" || to == "sample" || to == "unit" || to == "minimum" || to == "auto";
  return {double(value), says_nothing ? std::string() : std::string(to)};
}

std::string value_label(std::int64_t value, std::string_view from, std::string_view to) {
  ScaledValue scaled = scale_value(value, from, to);
  std::string text = fmt::format("{:.2f}", scaled.value);
  if (text.ends_with(".00")) text.resize(text.size() - 3);
  if (text == "0" || text == "-0") return "0";
  return text + scaled.unit;
}

std::string percentage(std::int64_t value, std::int64_t total) {
  double ratio = total == 0 ? 0 : std::abs(double(value) / double(total)) * 100;
  if (ratio >= 99.95 && ratio <= 100.05) return "  100%";
  if (ratio >= 1) return fmt::format("{:5.2f}%", ratio);
  return fmt::format("{:5.2g}%", ratio);
}

bool are_units_of_one_kind(std::string_view a, std::string_view b) {
  if (a == b) return true;
  for (const UnitKind& kind : kKinds)
    if (find_unit(kind, a) && find_unit(kind, b)) return true;
  return false;
}

}  // namespace memsnap
