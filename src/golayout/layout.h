// Where the fields of the runtime's own structs lie in one Go release, and the numbers that change with it.
// From the program's DWARF; data/layouts/go1.NN.toml (written by tools/layoutgen) has the types that the
// linker dropped from it, and is compared with the rest.
#pragma once

#include "base/result.h"
#include "dwarf/dwarf.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Kinds of specials (runtime/mheap.go, _KindSpecial…); -1 where the release has none.
struct SpecialKinds {
  int finalizer = -1, weak = -1, profile = -1, cleanup = -1, tiny_block = -1;
};

// What data/layouts says of one release.
struct LayoutTable {
  using Fields = std::map<std::string, std::uint64_t, std::less<>>;  // "" is the size of the struct
  std::map<std::string, Fields, std::less<>> structs;
  SpecialKinds special_kinds;
  std::vector<std::string> wait_reasons;
};

// Our own files: [struct."name"], size = 1, field = 2, "nested.field" = 3, [special_kinds], [wait_reasons].
Result<LayoutTable> parse_layout_table(std::string_view text);
// The table of go1.<minor> that was built in; nullptr when there is none.
const LayoutTable* layout_table(int go_minor);
// Releases with a table.
inline constexpr int kOldestMinor = 24, kNewestMinor = 27;

// A struct that the walk stands on, and those of its fields that every supported release has.
struct RequiredStruct {
  std::string_view name;
  std::vector<std::string_view> fields;
};
std::span<const RequiredStruct> required_structs();
// Structs and fields that some releases have and others have not.
std::span<const RequiredStruct> optional_structs();

class Layout {
 public:
  // Takes every struct of the runtime and of the packages it is made with. Refused when one that
  // required_structs() names is missing.
  static Result<Layout> from_dwarf(const DwarfIndex& dwarf, int go_minor);

  // The first field that is not where the table of the release has it; "" when there is none. Patch releases,
  // experiments (GOEXPERIMENT) and changed runtimes move fields: the program's own DWARF is right, and the
  // self-checks of the walk decide.
  const std::string& difference() const { return difference_; }

  // Offset of a field, nested ones with dots: at("runtime.g", "sched.sp"). Only for fields that all
  // supported releases have; anything else is asked with has() first. CHECKs that the field is there.
  std::uint64_t at(std::string_view type, std::string_view field) const;
  bool has(std::string_view type, std::string_view field) const;
  std::uint64_t size(std::string_view type) const;  // 0 when there is no such struct
  int go_minor() const { return minor_; }

  // Of the newest known release when this one is not known.
  SpecialKinds special_kinds() const { return special_kinds_; }
  // The runtime's words for a wait reason (runtime/runtime2.go, waitReasonStrings); "" when not known.
  std::string_view wait_reason(unsigned number) const;

 private:
  std::map<std::string, LayoutTable::Fields, std::less<>> structs_;
  SpecialKinds special_kinds_;
  std::vector<std::string> wait_reasons_;
  std::string difference_;
  int minor_ = 0;
};

}  // namespace memsnap
