#include "reports/text_width.h"

#include "base/text.h"

namespace memsnap {
namespace {

// Thousandths of the font's size, from blank to ~ (the metrics of Helvetica that Adobe published).
constexpr unsigned short kWidths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
static_assert(sizeof kWidths / sizeof kWidths[0] == '~' - ' ' + 1);

}  // namespace

double text_width(std::string_view text, double font_size) {
  double width = 0;
  while (!text.empty()) {
    CodePoint c = first_code_point(text);
    if (c.value >= ' ' && c.value <= '~')
      width += kWidths[c.value - ' '];
    else
      width += 600.0 * double(columns(text.substr(0, c.bytes)));
    text.remove_prefix(c.bytes);
  }
  return width * font_size / 1000;
}

}  // namespace memsnap
