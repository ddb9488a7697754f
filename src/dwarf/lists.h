// Range lists and location lists: which parts of the code something holds for.
#pragma once

#include "dwarf/sections.h"

#include <functional>

namespace memsnap::dw {

// Whether the range list that a DW_AT_ranges names covers this pc. A damaged list covers nothing.
bool ranges_contain(const Units& units, const Unit& unit, const Value& ranges, std::uint64_t pc);

// Calls look(range) for each range that a DW_AT_ranges names, until it answers false.
void find_range(const Units& units, const Unit& unit, const Value& ranges,
                const std::function<bool(const CodeRange&)>& look);
// Appends the ranges that a DW_AT_ranges names, at most `most`; what follows damage is left out.
void append_ranges(const Units& units, const Unit& unit, const Value& ranges, std::size_t most,
                   std::vector<CodeRange>& found);

// The location expression that a DW_AT_location gives for this pc: the attribute's own block, or the entry of
// the location list it names. Empty when there is none. `held`, when asked for, is the code it holds for: all
// of it for a block.
Bytes location_at(const Units& units, const Unit& unit, const Value& location, std::uint64_t pc,
                  CodeRange* held = nullptr);

// One piece of a variable that lies in the frame, relative to the CFA.
struct FramePiece {
  std::int64_t cfa_offset = 0;
  std::uint64_t into = 0;  // first byte of the variable in this piece
  std::uint64_t size = 0;  // 0: all of the variable
};

// The pieces of an expression that lie in the frame; those in registers or computed otherwise are left out.
// frame_base is the DW_AT_frame_base of the function: Go always gives DW_OP_call_frame_cfa, and of a
// function with another one nothing is known.
std::vector<FramePiece> frame_pieces(Bytes expression, Bytes frame_base);

}  // namespace memsnap::dw
