// The rows of a report about escapes, in the order in which they are worth reading, and its three forms.
#pragma once

#include "escape/against.h"
#include "escape/costs.h"
#include "escape/explain.h"
#include "findings/finding.h"
#include "render/out.h"
#include "render/style.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

struct EscapeRow {
  std::uint32_t escape = 0;
  const EscapeCost* cost = nullptr;  // null: no bytes are known to be of it
  std::uint32_t instances = 1;       // of generic code: so many at this place differ by type arguments only
};

struct EscapeView {
  std::string source;            // of the log, as the user named it
  std::string against, runtime;  // "" when there is none
  const EscapeGraph* graph = nullptr;
  const EscapeCosts* costs = nullptr;  // with a runtime
  const AllocSites* sites = nullptr;
  CostOrder order = CostOrder::kLive;
  const EscapeGraph* old_graph = nullptr;  // with `against`
  const EscapeChanges* changes = nullptr;
  std::vector<EscapeRow> rows;
  std::size_t hidden = 0;  // escapes without bytes that are not in the rows
  std::vector<std::string> notes;

  const EscapeLog& log() const { return graph->log(); }
  const LoggedEscape& escape(const EscapeRow& row) const { return log().escapes[row.escape]; }
};

// Which escapes become rows.
struct RowChoice {
  std::function<bool(std::string_view)> in_focus;  // asked with place, name and function
  bool with_zero = false;  // with a runtime: those without bytes too, behind the others
};
// Fills view.rows: with a runtime by value; else those of the user's own code first, by place. With `against`
// only those that started.
void choose_rows(EscapeView& view, const RowChoice& choice);

// The name without what stands in brackets: &T{...} of &T[go.shape.int]{...}.
std::string plain_name(std::string_view name);

// Of code below the folder of the build, neither the standard library nor another module.
bool is_own_code(std::string_view file);

// A row as a finding of the pattern escape-hot, with severity by its share of the bytes; without a runtime
// medium when it is new, else info.
Finding escape_finding(const EscapeView& view, const EscapeRow& row);
std::optional<Severity> worst(const EscapeView& view);  // of all rows; nothing when there are none

void print_escapes(const EscapeView& view, std::size_t most, const Style& style, Out& out);
void print_escapes_json(const EscapeView& view, std::size_t most, Out& out);
// The locations and flows of the first `most` rows as a graph of Graphviz.
void print_escapes_dot(const EscapeView& view, std::size_t most, Out& out);

}  // namespace memsnap
