// Pieces of large arrays that are kept: the sinks of subslice-retains and its variants.
#pragma once

#include "misuse/shapes.h"

#include <functional>

namespace memsnap::misuse {

// Calls see(expr, big, sink) for each expression that is a small piece of a large array and is kept.
void each_kept_piece(const Code& code, const std::function<void(NodeId, const Big&, const Sink&)>& see);

// The diagnostics of one sink variant.
void report_pieces(const Code& code, std::span<const Out> outs, const std::string& where, Report& report);

}  // namespace memsnap::misuse
