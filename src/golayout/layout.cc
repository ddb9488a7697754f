#include "golayout/layout.h"

#include <algorithm>
#include <array>

namespace memsnap {
namespace {

constexpr std::uint16_t kStructTag = 0x13, kTypedefTag = 0x16;  // DW_TAG_*
constexpr int kDeepest = 4;                                     // sched.sp is 2

// Packages whose structs the walk, the containers and the profile look into.
bool of_the_runtime(std::string_view name) {
  constexpr std::array<std::string_view, 6> kPackages = {"runtime.", "internal/abi.",  "internal/runtime/",
                                                         "sync.",    "internal/sync.", "container/list."};
  if (name.find('[') != name.npos || name.find('*') != name.npos) return false;
  return std::ranges::any_of(kPackages, [&](std::string_view package) { return name.starts_with(package); });
}

const DwarfTypeInfo* struct_behind(const DwarfIndex& dwarf, DwarfType type) {
  auto types = dwarf.types();
  for (int hops = 0; hops < 8 && type != 0 && type < types.size(); ++hops) {
    if (types[type].tag == kStructTag) return &types[type];
    if (types[type].tag != kTypedefTag) return nullptr;
    type = types[type].elem;
  }
  return nullptr;
}

// Fields of nested structs under dotted names, the outer ones first: a promoted name never hides a direct
// one.
LayoutTable::Fields flatten(const DwarfIndex& dwarf, const DwarfTypeInfo& outer) {
  struct Level {
    const DwarfTypeInfo* type;
    std::string prefix;
    std::uint64_t base;
    int depth;
  };
  constexpr std::size_t kMost = 4096;  // fields of one struct
  LayoutTable::Fields fields;
  fields[""] = outer.size;
  std::vector<Level> todo{{&outer, "", 0, 1}};
  while (!todo.empty() && fields.size() < kMost) {
    Level level = std::move(todo.back());
    todo.pop_back();
    std::uint64_t end = std::uint64_t(level.type->first_field) + level.type->fields;
    for (std::uint64_t row = level.type->first_field; row < end && row < dwarf.fields().size(); ++row) {
      const DwarfField& field = dwarf.fields()[row];
      std::string name = level.prefix + std::string(field.name);
      std::uint64_t offset = level.base + field.offset;
      fields.emplace(name, offset);
      const DwarfTypeInfo* inner = level.depth < kDeepest ? struct_behind(dwarf, field.type) : nullptr;
      if (inner) todo.push_back({inner, name + ".", offset, level.depth + 1});
    }
  }
  return fields;
}

std::string field_or_size(std::string_view field) {
  return field.empty() ? std::string("the size") : "field " + std::string(field);
}

using Structs = std::map<std::string, LayoutTable::Fields, std::less<>>;

std::string first_difference(const Structs& structs, const LayoutTable& known, int go_minor) {
  for (const auto& [name, fields] : known.structs) {
    auto found = structs.find(name);
    if (found == structs.end()) continue;  // optional ones may be absent, required ones were looked at
    for (const auto& [field, offset] : fields) {
      auto here = found->second.find(field);
      if (here != found->second.end() && here->second == offset) continue;
      std::string has = here == found->second.end() ? "is absent" : fmt::format("is {}", here->second);
      return fmt::format("{}: {} {} in this program, {} in the table of go1.{}", name, field_or_size(field),
                         has, offset, go_minor);
    }
  }
  return {};
}

}  // namespace

Result<Layout> Layout::from_dwarf(const DwarfIndex& dwarf, int go_minor) {
  Layout layout;
  layout.minor_ = go_minor;
  for (const DwarfTypeInfo& type : dwarf.types()) {
    if (type.tag != kStructTag || type.size == 0 || !of_the_runtime(type.name)) continue;
    if (layout.structs_.contains(type.name)) continue;
    layout.structs_.emplace(std::string(type.name), flatten(dwarf, type));
  }
  const LayoutTable* known = layout_table(go_minor);
  const LayoutTable* nearest = known ? known : layout_table(kNewestMinor);
  CHECK(nearest != nullptr);
  for (const RequiredStruct& wanted : required_structs()) {
    auto found = layout.structs_.find(wanted.name);
    if (found == layout.structs_.end()) {
      // The linker drops the description of a type that the program does not use (no sync.Cond, no weak
      // pointer).
      auto listed = nearest->structs.find(wanted.name);
      if (listed != nearest->structs.end())
        found = layout.structs_.emplace(listed->first, listed->second).first;
    }
    if (found == layout.structs_.end())
      return fail(Cause::refused, "the debug information of this go1.{} program does not describe {}",
                  go_minor, wanted.name);
    for (std::string_view field : wanted.fields)
      if (!found->second.contains(field))
        return fail(Cause::refused, "go1.{}: {} has no {}, which memsnap needs", go_minor, wanted.name,
                    field_or_size(field));
  }
  layout.special_kinds_ = nearest->special_kinds;
  if (!known) return layout;
  layout.wait_reasons_ = known->wait_reasons;
  layout.difference_ = first_difference(layout.structs_, *known, go_minor);
  return layout;
}

std::uint64_t Layout::at(std::string_view type, std::string_view field) const {
  auto found = structs_.find(type);
  CHECK(found != structs_.end());
  auto offset = found->second.find(field);
  CHECK(offset != found->second.end());
  return offset->second;
}

bool Layout::has(std::string_view type, std::string_view field) const {
  auto found = structs_.find(type);
  return found != structs_.end() && found->second.contains(field);
}

std::uint64_t Layout::size(std::string_view type) const {
  auto found = structs_.find(type);
  return found == structs_.end() ? 0 : found->second.find("")->second;
}

std::string_view Layout::wait_reason(unsigned number) const {
  return number < wait_reasons_.size() ? std::string_view(wait_reasons_[number]) : std::string_view();
}

}  // namespace memsnap
