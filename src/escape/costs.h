// What each escape costs: the bytes of a profile or a snapshot, laid on the lines of the log.
//
// A profile knows functions, files and lines, no columns. An allocation belongs to the escapes on its line;
// in code that was inlined, to those on the line of the call, where the log puts them. Of several on one line
// those remain whose calls were inlined as on the stack, and which allocate as the runtime was asked to. When
// more than one remains, they share the bytes, and the row says so: nothing is split by guess.
#pragma once

#include "escape/alloc_sites.h"
#include "escape/graph.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct EscapeCost {
  std::vector<std::uint32_t> escapes;  // rows of EscapeLog::escapes: one, or those that share the bytes
  AllocKind kind = AllocKind::kUnknown;
  AllocValues before, now;
  StringId function{};  // of AllocSites: that the bytes are accounted to, with its package

  double live() const { return now.live.estimate(); }
  double grown() const { return now.live.estimate() - before.live.estimate(); }
  double churned() const { return now.all.estimate() - before.all.estimate(); }
};

enum class CostOrder : std::uint8_t { kLive, kGrown, kChurned };
const char* word(CostOrder order);
double value_of(const EscapeCost& cost, CostOrder order);
Interval limits_of(const EscapeCost& cost, CostOrder order);

// A line with bytes and without an escape of the log. Text is of AllocSites.
struct OtherLine {
  StringId function{}, file{};
  std::uint32_t line = 0;
  double bytes = 0;  // of the value in the order asked for
  StringId local{};  // of EscapeLog: a make on that line that does not escape and still took memory; "" none
};

struct EscapeCosts {
  std::vector<EscapeCost> rows;        // by the order asked for, the largest first
  AllocValues before, now;             // of the whole profile
  double here = 0;                     // of the value in that order: what the rows have
  double elsewhere = 0;                // and what lies on lines without an escape of this log
  std::vector<OtherLine> other_lines;  // the largest first
};

EscapeCosts escape_costs(const EscapeGraph& graph, const AllocSites& sites, CostOrder order);

// ---- Names and paths of a profile and a log, which write them differently.
std::string_view base_of(std::string_view path);  // behind the last slash
// Ends in all of `end`, at a part of the path.
bool ends_in(std::string_view path, std::string_view end);
// github.com/a/b.(*T[...]).M and (*T[go.shape.int]).M or b.(*T[int]).M
bool is_same_function(std::string_view profile, std::string_view log);
// One ends in all of the other, leading ./ and ../ left out; or the log's name and the package's path end the
// other's.
bool is_same_file(std::string_view profile, std::string_view log, std::string_view package);
// A constant, one of another type, or a struct of zeros in an interface: it lies in the program's own data,
// though the compiler says that it escapes.
bool is_static_value(std::string_view name);
// Whether the runtime may be asked for this kind of memory when a value of this name escapes.
bool may_allocate(std::string_view name, bool is_variable, AllocKind kind);

}  // namespace memsnap
