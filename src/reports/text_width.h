// How wide text is in Helvetica and in the fonts that were made to fit it (Arial, Liberation Sans): boxes
// have to be drawn before anybody knows the font.
#pragma once

#include <string_view>

namespace memsnap {

double text_width(std::string_view text, double font_size);

}  // namespace memsnap
