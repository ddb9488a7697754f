// Signs that something which grows has an end, and what the elements of a container are to the program.
#pragma once

#include "analysis/claim.h"

#include <string>

namespace memsnap {

// Type of the struct or variable that dominates this node; 0 when not known.
TypeId type_above(const Heap& heap, NodeId node);
// A number in that struct that looks like a limit: maxEntries, capacity, ttl; "" when there is none.
std::string limit_beside(const Heap& heap, TypeId owner);
// A list or slice in it that looks like an order of eviction: lru, order, any container/list; "" when there
// is none.
std::string order_beside(const Heap& heap, TypeId owner);
// Whether a value of this type is something to call or to send to: func, chan, a struct with such a field.
bool calls_back(const Heap& heap, TypeId type);

}  // namespace memsnap
