// Functions, inlined calls and lines of many addresses, as they stand in the tables: names of the linker,
// wrappers included. Made for a million addresses: what was decoded of a function is kept.
#pragma once

#include "gosym/pclntab.h"

#include <span>

namespace memsnap {

struct GoCodeFrame {
  std::string_view function;  // main.Map[go.shape.int]; .abi0 behind it where the linker added that
  std::string_view file;      // "" and 0 when the table does not say
  std::uint32_t line = 0;
};

class GoCodeLines {
 public:
  // gofunc: bytes from moduledata.gofunc on, as for Pclntab::frames. Borrows the bytes of the table.
  GoCodeLines(const Pclntab& table, Bytes gofunc);

  // Has the memory fetched that frames_at() will need for these addresses, when they are asked for in this
  // order next: with a million of them that is what the time goes to.
  void prepare(std::span<const std::uint64_t> addresses);

  // Replaces `frames` by those of the instruction at this address, the innermost inlined call first; none
  // when no function holds it. False when the table does not say for sure who called an inlined call. When it
  // leads in a circle, the function itself is given as the caller, with the line of its func statement.
  bool frames_at(std::uint64_t address, std::vector<GoCodeFrame>& frames);

 private:
  struct Row {  // what holds up to this offset from the entry
    std::uint32_t end = 0;
    std::int32_t value = 0;
  };
  // Looked up at random, so each takes one line of the cache.
  struct alignas(64) Decoded {
    std::uint64_t entry = 0;
    std::string_view name;
    std::uint32_t size = 0;                         // of the code
    std::uint32_t first = 0;                        // row in rows_ of its three tables, one behind the other
    std::uint32_t files = 0, lines = 0, calls = 0;  // rows of each
    std::uint32_t unit = 0;                         // row of the unit's first file in cutab
    std::uint32_t tree = 0;                         // of inlined calls, from gofunc on
    std::uint32_t number = 0;                       // of the function
  };

  struct Prepared {
    std::uint64_t address = 0;
    std::uint32_t index = 0;  // as index_of() gives it
  };

  std::size_t index_of(std::uint32_t offset);
  std::size_t index_at(std::uint64_t address);
  void make_buckets();
  const Decoded* decoded_at(std::uint64_t address);
  Decoded decode(const GoFunction& function, std::size_t number);
  std::uint32_t decode_table(std::uint32_t table, std::uint64_t code_size);
  // -1 behind the last of these rows.
  std::int32_t value_in(std::uint32_t first, std::uint32_t count, std::uint32_t offset) const;
  std::int32_t call_at(const Decoded& function, std::uint32_t offset) const {
    return value_in(function.first + function.files + function.lines, function.calls, offset);
  }
  void place(const Decoded& function, std::uint32_t offset, GoCodeFrame& frame) const;

  Pclntab table_;
  Bytes gofunc_;
  std::vector<Row> rows_;
  std::vector<Decoded> decoded_;
  std::vector<std::uint32_t> number_;   // per function: of its row in decoded_ plus 1; 0 when it has none
  std::vector<std::uint32_t> buckets_;  // per 4 KiB of code: the first function that may hold it
  std::size_t asked_ = 0;
  std::vector<Prepared> prepared_;
  std::size_t next_prepared_ = 0;
};

}  // namespace memsnap
