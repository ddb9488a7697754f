#include "gosym/pclntab.h"

namespace memsnap {

// What stands in brackets becomes [...]. A generic method of a generic type (Go 1.27) has two pairs of
// brackets, each replaced by itself; what is not balanced stays as it is.
std::string printed_name(std::string_view symbol) {
  std::size_t open = symbol.find('['), close = symbol.rfind(']');
  if (open == symbol.npos || close == symbol.npos || close <= open) return std::string(symbol);
  std::string_view inside = symbol.substr(open + 1, close - open - 1);
  std::string_view middle;  // between two pairs of brackets
  bool two_pairs = false;
  int depth = 1;
  std::size_t first_close = inside.npos;
  for (std::size_t i = 0; i < inside.size() && !two_pairs; ++i) {
    if (inside[i] == '[' && ++depth == 1) {
      middle = inside.substr(first_close + 1, i - first_close - 1);
      two_pairs = true;
    } else if (inside[i] == ']' && --depth == 0) {
      first_close = i;
    }
    if (depth < 0) return std::string(symbol);
  }
  if (depth != 1 || (first_close != inside.npos && !two_pairs)) return std::string(symbol);
  std::string text(symbol.substr(0, open));
  text += "[...]";
  if (two_pairs) text.append(middle) += "[...]";
  return text.append(symbol.substr(close + 1));
}

}  // namespace memsnap
