// The pages of web/, compressed with gzip when memsnap was built.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace memsnap {

struct WebAsset {
  std::string_view name;  // index.html, assets/index-Dk3f.js
  std::string_view gzip;
};
std::span<const WebAsset> web_assets();

}  // namespace memsnap
