// Text with tabs, its columns lined up to the right: as Go's text/tabwriter does it with AlignRight.
#pragma once

#include <string>
#include <string_view>

namespace memsnap {

// A cell is text that a tab ends; what is behind the last tab of a line belongs to no column. A column goes
// on as long as the lines have that cell. One blank is left between cells.
std::string align_tabs(std::string_view text);

}  // namespace memsnap
