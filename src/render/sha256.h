// SHA-256 (FIPS 180-4) in base64, for the hash of our own style sheet in a Content-Security-Policy.
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

std::string sha256_base64(std::string_view text);

}  // namespace memsnap
