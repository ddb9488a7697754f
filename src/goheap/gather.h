// Reads many small ranges of a process at once: ranges that lie close together are read as one.
#pragma once

#include "image/address_space.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace memsnap {

// Calls visit(i, bytes) for range i of those that could be read whole, in the order of addresses. At most 16
// MiB are held at a time.
void gather(const AddressSpace& space, std::span<const Range> ranges,
            const std::function<void(std::size_t, std::span<const std::byte>)>& visit);

}  // namespace memsnap
