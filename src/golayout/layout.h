// Where the fields of the runtime's own structs lie in one Go release, and the numbers that change with it.
// From the program's DWARF; data/layouts/go1.NN.toml (written by tools/layoutgen) is the cross-check, and
// later the source for stripped programs.
#pragma once

#include "base/result.h"
#include "dwarf/dwarf.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace memsnap {

class Layout {
 public:
  // Takes every struct that `layout_structs()` names. A release whose table is known must agree with it,
  // field by field; the error names the first field that does not.
  static Result<Layout> from_dwarf(const DwarfIndex& dwarf, int go_minor);

  // Offset of a field, nested ones with dots: at("runtime.g", "sched.sp"). Only for fields that all
  // supported releases have; anything else is asked with has() first. CHECKs that the field is there.
  std::uint64_t at(std::string_view type, std::string_view field) const;
  bool has(std::string_view type, std::string_view field) const;
  std::uint64_t size(std::string_view type) const;   // 0 when there is no such struct
  int go_minor() const { return minor_; }

  // Kinds of specials by release (runtime/mheap.go, _KindSpecial…); -1 where the release has none.
  struct SpecialKinds { int finalizer, weak, profile, cleanup, tiny_block; };
  SpecialKinds special_kinds() const;
  // The runtime's words for a wait reason (runtime/runtime2.go, waitReasonStrings); "" when not known.
  std::string_view wait_reason(unsigned number) const;

 private:
  std::map<std::string, std::map<std::string, std::uint64_t, std::less<>>, std::less<>> structs_;
  int minor_ = 0;
};

}  // namespace memsnap
