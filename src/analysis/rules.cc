#include "analysis/rules.h"

namespace memsnap {

// Causes before what may follow from them: the order decides nothing by itself, but a reader sees it.
const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"map-key-explosion", map_key_explosion},
      {"map-shared-header", map_shared_header},
      {"map-unbounded", map_unbounded},
      {"map-not-shrunk", map_not_shrunk},
      {"map-boxed-values", map_boxed_values},
      {"slice-pins-array", slice_pins_array},
      {"string-pins-string", string_pins_string},
      {"slice-emptied-kept", slice_emptied_kept},
      {"slice-capacity-slack", slice_capacity_slack},
      {"listener-leak", listener_leak},
      {"global-slice-append", global_slice_append},
      {"list-unbounded", list_unbounded},
      {"goroutine-leak", goroutine_leak},
      {"goroutine-holds-slice", goroutine_holds_slice},
      {"context-retains", context_retains},
      {"channel-backlog", channel_backlog},
      {"pool-oversized", pool_oversized},
      {"finalizer-cycle", finalizer_cycle},
      {"duplicate-strings", duplicate_strings},
      {"off-heap", off_heap},
      {"heap-fragmented", heap_fragmented},
  };
  return all;
}

}  // namespace memsnap
