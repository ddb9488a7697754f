// Labels of goroutines as Go prints them: key and value, quoted or not.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

// `text` begins behind the opening brace; what is behind the closing one is left alone. Pairs are separated
// by ", ", a key from its value by ":" and perhaps a space.
std::vector<std::pair<std::string, std::string>> parse_go_labels(std::string_view text);

}  // namespace memsnap
