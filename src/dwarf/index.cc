#include "dwarf/impl.h"

#include <functional>

namespace memsnap {
namespace {

std::uint64_t name_key(std::string_view name) {
  return std::uint64_t(std::hash<std::string_view>{}(name)) & 0xffffffff00000000;
}

}  // namespace

DwarfIndex::DwarfIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DwarfIndex::DwarfIndex(DwarfIndex&&) noexcept = default;
DwarfIndex& DwarfIndex::operator=(DwarfIndex&&) noexcept = default;
DwarfIndex::~DwarfIndex() = default;

Result<DwarfIndex> DwarfIndex::read(ElfFile& file) {
  dw::Sections sections = TRY(dw::Sections::read(file));
  if (sections.info.empty())
    return fail(
        Cause::refused,
        "executable: it has no .debug_info, so it was stripped (built with -ldflags=-w or -s), or started by "
        "go run or go test, which leave debug information out: use go build, go test -c");
  if (sections.info.size() > UINT32_MAX)
    return fail(Cause::refused, "DWARF: .debug_info takes {} bytes, expected less than 4 GiB",
                sections.info.size());
  auto impl = std::make_unique<Impl>(sections);
  TRY_VOID(impl->units.read());
  impl->rows = TRY(dw::walk_units(impl->units));
  if (impl->rows.types.size() == 1)
    return fail(Cause::bad_input, "DWARF: {} units and not one with Go types", impl->units.all().size());
  impl->numbers = dw::TypeNumbers(std::move(impl->rows.type_at), sections.info.size());
  dw::resolve_references(impl->rows, impl->numbers);

  const auto& types = impl->rows.types;
  impl->by_name.reserve(types.size());
  for (std::size_t row = 1; row < types.size(); ++row) {
    bool repeats_a_name = types[row].tag == dw::kTagTypedef && types[row].go_kind == 0;
    if (!repeats_a_name && !types[row].name.empty()) impl->by_name.push_back(name_key(types[row].name) | row);
  }
  std::ranges::sort(impl->by_name);
  return DwarfIndex(std::move(impl));
}

std::span<const DwarfTypeInfo> DwarfIndex::types() const { return impl_->rows.types; }
std::span<const DwarfField> DwarfIndex::fields() const { return impl_->rows.fields; }
std::span<const DwarfGlobal> DwarfIndex::globals() const { return impl_->rows.globals; }
std::span<const DwarfClosure> DwarfIndex::closures() const { return impl_->rows.closures; }

DwarfType DwarfIndex::type_named(std::string_view name) const {
  std::uint64_t key = name_key(name);
  for (auto at = std::ranges::lower_bound(impl_->by_name, key); at != impl_->by_name.end(); ++at) {
    if ((*at & 0xffffffff00000000) != key) break;
    auto row = DwarfType(*at & 0xffffffff);
    if (types()[row].name == name) return row;
  }
  return 0;
}

std::optional<std::uint64_t> DwarfIndex::offset_of(std::string_view struct_name,
                                                   std::string_view field) const {
  DwarfType type = type_named(struct_name);
  std::uint64_t offset = 0;
  while (true) {
    std::size_t dot = std::min(field.find('.'), field.size());
    std::string_view name = field.substr(0, dot);
    auto members = fields().subspan(types()[type].first_field, types()[type].fields);
    auto member = std::ranges::find(members, name, &DwarfField::name);
    if (type == 0 || member == members.end()) return std::nullopt;
    offset += member->offset;
    type = member->type;
    if (dot == field.size()) return offset;
    field.remove_prefix(dot + 1);
  }
}

std::optional<std::uint64_t> DwarfIndex::size_of(std::string_view struct_name) const {
  DwarfType type = type_named(struct_name);
  return type == 0 ? std::nullopt : std::optional(types()[type].size);
}

}  // namespace memsnap
