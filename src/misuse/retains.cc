#include "misuse/retains.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

void each_kept_piece(const Code& code, const std::function<void(NodeId, const Big&, const Sink&)>& see) {
  auto look = [&](NodeId expr) {
    Sink sink = sink_of(code, expr);
    if (sink.out == Out::kNowhere || !code.is_slice(expr)) return;
    if (Big big = small_piece(code, expr)) see(expr, big, sink);
  };
  for (NodeId slice : code.of(Kind::kSliceExpr)) look(slice);
  // Through a variable: head := data[:4]; send(head). Only variables that are defined by a slicing.
  for (const Code::Write& write : code.writes()) {
    if (!write.define || !is_there(write.value) || code.kind(code.inner(write.place)) != Kind::kIdent)
      continue;
    NodeId value = code.inner(write.value);
    if (code.kind(value) != Kind::kSliceExpr && code.called(value) != Known::kCutSlice) continue;
    ObjectId variable = code.object(write.place);
    if (!types::is_there(variable) || !code.is_local(variable)) continue;
    for (NodeId use : code.uses(variable)) {
      if (use == write.place) continue;
      Sink sink = sink_of(code, use);
      // The address of the variable is taken to hand it on: pool.Put(&head).
      if (sink.out == Out::kNowhere) continue;
      if (Big big = small_piece(code, value)) see(use, big, sink);
    }
  }
}

void report_pieces(const Code& code, std::span<const Out> outs, const std::string& where, Report& report) {
  each_kept_piece(code, [&](NodeId expr, const Big& big, const Sink& sink) {
    if (std::ranges::find(outs, sink.out) == outs.end()) return;
    Diagnostic& found = report.at(code, expr, code.shown(expr) + where + " keeps the whole array alive");
    lead(found, code, big.by, "the whole array comes from here");
  });
}

}  // namespace memsnap::misuse
