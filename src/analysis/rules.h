// Every rule, one per file of its name; rules.cc lists them in the order in which they are asked.
#pragma once

#include "analysis/case.h"

#include <vector>

namespace memsnap {

std::vector<Finding> map_key_explosion(const Case& what);
std::vector<Finding> map_shared_header(const Case& what);
std::vector<Finding> map_unbounded(const Case& what);
std::vector<Finding> map_not_shrunk(const Case& what);
std::vector<Finding> map_boxed_values(const Case& what);
std::vector<Finding> slice_pins_array(const Case& what);
std::vector<Finding> string_pins_string(const Case& what);
std::vector<Finding> slice_emptied_kept(const Case& what);
std::vector<Finding> slice_capacity_slack(const Case& what);
std::vector<Finding> listener_leak(const Case& what);
std::vector<Finding> global_slice_append(const Case& what);
std::vector<Finding> list_unbounded(const Case& what);
std::vector<Finding> goroutine_leak(const Case& what);
std::vector<Finding> goroutine_holds_slice(const Case& what);
std::vector<Finding> context_retains(const Case& what);
std::vector<Finding> channel_backlog(const Case& what);
std::vector<Finding> pool_oversized(const Case& what);
std::vector<Finding> finalizer_cycle(const Case& what);
std::vector<Finding> duplicate_strings(const Case& what);
std::vector<Finding> off_heap(const Case& what);
std::vector<Finding> heap_fragmented(const Case& what);

}  // namespace memsnap
