// Whatever the file holds, it is refused in words, or what was read from it survives being written.
#include "driver/config_fields.h"
#include "driver/settings.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace memsnap;
  auto configs = parse_settings({reinterpret_cast<const char*>(data), size}, {});
  if (!configs) {
    CHECK(configs.error().what.starts_with("could not parse settings: "));
    return 0;
  }
  auto text = settings_text(*configs);
  CHECK(text);
  auto again = parse_settings(*text, {});
  CHECK(again && again->size() == configs->size());
  for (std::size_t i = 0; i < configs->size(); ++i) {
    CHECK((*again)[i].name == (*configs)[i].name);
    for (const ConfigField& field : config_fields())
      CHECK(config_value((*again)[i].config, field) == config_value((*configs)[i].config, field));
    auto [query, changed] = with_config({}, (*configs)[i].config);
    CHECK(UrlQuery::parse(query.encode()).encode() == query.encode());
  }
  return 0;
}
