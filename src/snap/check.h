// That the columns of a heap fit together: what any code may rely on that indexes one table with a number
// out of another. A file may say anything with the right checksum.
#pragma once

#include "base/result.h"
#include "tables/heap.h"

#include <string_view>

namespace memsnap::snap {

// All columns of a table have as many rows as the table. Looks at no row.
Result<void> check_row_counts(const Heap& heap);

// Every row number leads to a row of its table, or is the "none" that the column's comment allows; lists of
// first rows ascend and end at the last; enumerations, orders and chains of dominators hold.
Result<void> check_table(const Heap& heap, std::string_view table);

}  // namespace memsnap::snap
