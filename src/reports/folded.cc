// -folded: a line for each stack, as flamegraph.pl and its kin read them: root;child;leaf value.
#include "reports/stack_rows.h"

#include "profile/units.h"

namespace memsnap {

void print_folded(ProfileReport& report, Out& out) {
  StackRows stacks = make_stack_rows(report);
  std::vector<std::string> names;
  for (const std::string& name : stacks.names) names.push_back(folded_name(name));
  for (const StackRows::Row& row : stacks.rows) {
    std::int64_t sum = wrap_add(row.value, wrap_negate(row.base));
    std::int64_t value = report.scaled_by_ratio(row.divisor == 0 ? sum : wrap_divide(sum, row.divisor));
    if (value == 0) continue;
    for (std::size_t i = 0; i < row.count; ++i) {
      if (i > 0) out.put(";");
      out.put(names[stacks.frames[row.first + i]]);
    }
    out.print(" {}\n", value);
  }
}

}  // namespace memsnap
