// Functions, inlined calls and lines of the addresses of one executable or library: Go code from the
// runtime's own tables, other code from DWARF and the symbol table. What a question does not need is not
// read.
#pragma once

#include "base/result.h"
#include "dwarf/expression.h"
#include "elf/elf.h"
#include "symbols/frame.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

// A local variable or parameter that is in scope at an address. Text lives as long as the symbolizer.
struct ScopeVariable {
  std::size_t frame = 0;  // which of the frames of the address it belongs to
  std::string_view name;  // of Go: &x for one that was moved to the heap, ~r0 for a result without a name
  std::string_view type;
  bool parameter = false;
  std::uint32_t line = 0;            // of its declaration
  dw::CodeRange scope;               // code around the address where it can be seen
  dw::CodeRange held;                // the part of that in which it stays where it is; empty when it is gone
  std::string location;              // rax, [cfa-72], (rax, rbx, gone)
  std::optional<std::string> value;  // when registers were given, and it can be read
};

// What a thread that stands at an address has: only then variables have values.
struct LiveFrame {
  dw::FrameRegisters registers;  // without the canonical frame address, which is found here
  dw::ReadMemory read_memory;
};

class Symbolizer {
 public:
  static Result<Symbolizer> open(const std::string& path);
  Symbolizer(Symbolizer&&) noexcept;
  Symbolizer& operator=(Symbolizer&&) noexcept;
  ~Symbolizer();

  // Addresses that frames_at() will be asked for next, in this order: many at once cost less.
  void prepare(std::span<const std::uint64_t> addresses);
  // Replaces `frames` by those of this address of the file, innermost first; none when nothing is known. The
  // text lives as long as the symbolizer.
  void frames_at(std::uint64_t address, std::vector<CodeFrame>& frames);

  // Replaces `variables` by those in scope in these frames of the address, outermost frame first. From DWARF:
  // refused when there is none.
  Result<void> variables_at(std::uint64_t address, std::span<const CodeFrame> frames, const LiveFrame* live,
                            std::vector<ScopeVariable>& variables);
  // Reads what variables_at() needs, which takes a while: before a process is stopped.
  Result<void> prepare_variables();

  // The address at which a byte of the file is mapped; nullopt when it is not.
  std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;
  std::string go_version() const;  // go1.26.8; "" when it is not Go
  bool is_go_code(std::uint64_t address) const;
  // Of its table of symbols in its order; of a stripped Go program the functions.
  Result<std::span<const ElfSymbol>> all_symbols();
  ElfFile& elf();
  // What could not be read, and why addresses may have fewer lines than they could; "" when all was there.
  std::string partial() const;

 private:
  struct Impl;
  explicit Symbolizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace memsnap
