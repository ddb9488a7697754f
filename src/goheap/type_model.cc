#include "goheap/type_model.h"

#include <algorithm>
#include <array>

namespace memsnap {

namespace {

constexpr std::uint16_t kTagArray = 0x01, kTagPointer = 0x0f, kTagStruct = 0x13, kTagSubroutine = 0x15,
                        kTagTypedef = 0x16;
constexpr int kLongestAlias = 16;              // typedefs of typedefs that are followed
constexpr std::uint64_t kMostTypes = 4 << 20;  // rows; reached by forged descriptors only

struct Known {
  std::string_view name;
  Special special;
  Role role;
};
// Types of the standard library whose fields do not say all. Names that end in [ are of generic types.
constexpr std::array kKnown = {
    Known{"runtime.eface", Special::kEmptyInterface, Role::kPlain},
    Known{"internal/abi.EmptyInterface", Special::kEmptyInterface, Role::kPlain},
    Known{"reflect.emptyInterface", Special::kEmptyInterface, Role::kPlain},
    Known{"sync.eface", Special::kEmptyInterface, Role::kPlain},
    Known{"sync/atomic.efaceWords", Special::kEmptyInterface, Role::kPlain},
    Known{"runtime.iface", Special::kInterface, Role::kPlain},
    Known{"internal/abi.NonEmptyInterface", Special::kInterface, Role::kPlain},
    Known{"reflect.nonEmptyInterface", Special::kInterface, Role::kPlain},
    Known{"sync/atomic.Pointer[", Special::kAtomicPointer, Role::kPlain},
    Known{"internal/runtime/atomic.Pointer[", Special::kAtomicPointer, Role::kPlain},
    Known{"weak.Pointer[", Special::kWeakPointer, Role::kPlain},
    Known{"reflect.Value", Special::kReflectValue, Role::kPlain},
    Known{"sync.Pool", Special::kPool, Role::kPlain},
    Known{"sync.poolLocal", Special::kNone, Role::kPoolPart},
    Known{"sync.poolChain", Special::kNone, Role::kPoolPart},
    Known{"sync.poolChainElt", Special::kNone, Role::kPoolPart},
    Known{"internal/sync.HashTrieMap[", Special::kSyncMap, Role::kPlain},
    Known{"internal/sync.node[", Special::kTrieNode, Role::kSyncMapNode},
    Known{"internal/sync.entry[", Special::kNone, Role::kSyncMapNode},
    Known{"internal/sync.indirect[", Special::kNone, Role::kSyncMapNode},
    Known{"unique.node[", Special::kTrieNode, Role::kSyncMapNode},  // the same trie (unique/canonmap.go)
    Known{"unique.entry[", Special::kNone, Role::kSyncMapNode},
    Known{"unique.indirect[", Special::kNone, Role::kSyncMapNode},
    Known{"container/list.Element", Special::kNone, Role::kListElement},
    Known{"runtime.hchan", Special::kChannel, Role::kRuntime},
    Known{"noalg.map.group[", Special::kNone, Role::kMapGroups},
    Known{"map.group[", Special::kNone, Role::kMapGroups},
};

bool is(std::string_view name, std::string_view pattern) {
  return pattern.ends_with('[') ? name.starts_with(pattern) : name == pattern;
}

}  // namespace

TypeModel::TypeModel(const DwarfIndex& dwarf) : dwarf_(dwarf), types_(1), by_dwarf_(dwarf.types().size()) {
  std::span<const DwarfTypeInfo> all = dwarf.types();
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].runtime_type != 0) dwarf_of_offset_.emplace(all[i].runtime_type, DwarfType(i));
  types_[0].expanded = true;
  string_bytes_ = add({.name = "string",
                       .size = 1,
                       .kind = Kind::kString,
                       .role = Role::kStringBytes,
                       .array = true,
                       .expanded = true});
  words_ = add({.name = "unsafe.Pointer", .size = 8, .kind = Kind::kUnsafePointer, .expanded = true});
  weak_handle_ = add(
      {.name = "weak handle", .size = 8, .kind = Kind::kUintptr, .role = Role::kRuntime, .expanded = true});
  read_containers();
}

void TypeModel::attach(const RtypeReader& descriptors, const Pclntab* functions, std::uint64_t bias) {
  descriptors_ = &descriptors;
  functions_ = functions;
  bias_ = bias;
  // What was no type in an earlier capture may be one now: reflection makes types while the program runs.
  std::erase_if(by_rtype_, [](const auto& entry) { return entry.second == TypeId{}; });
  std::erase_if(by_itab_, [](const auto& entry) { return entry.second == TypeId{}; });
}

void TypeModel::detach() {
  descriptors_ = nullptr;
  functions_ = nullptr;
}

TypeId TypeModel::add(GoType type) {
  if (types_.size() >= kMostTypes) return TypeId{};
  types_.push_back(type);
  return TypeId(std::uint32_t(types_.size() - 1));
}

std::string_view TypeModel::keep(std::string text) { return texts_.emplace_back(std::move(text)); }

// ---- Rows from DWARF.

DwarfType TypeModel::canonical(DwarfType type) const {
  std::span<const DwarfTypeInfo> all = dwarf_.types();
  for (int i = 0; i < kLongestAlias && type < all.size(); ++i) {
    if (all[type].tag != kTagTypedef || all[type].go_kind != 0) return type;
    type = all[type].underlying;
  }
  return 0;
}

Kind TypeModel::kind_of(const DwarfTypeInfo& info) const {
  if (info.go_kind != 0 && info.go_kind <= std::uint8_t(Kind::kUnsafePointer)) return Kind(info.go_kind);
  if (info.name == "unsafe.Pointer") return Kind::kUnsafePointer;
  switch (info.tag) {
    case kTagArray: return Kind::kArray;
    case kTagPointer: return info.elem == 0 ? Kind::kUnsafePointer : Kind::kPointer;
    case kTagStruct: return Kind::kStruct;
    case kTagSubroutine: return Kind::kFunc;
    default: return Kind::kInvalid;
  }
}

void TypeModel::classify(GoType& type) const {
  if (type.kind == Kind::kInterface) {
    type.special = Special::kInterface;
    if (type.dwarf != 0) {
      DwarfType words = canonical(dwarf_.types()[type.dwarf].underlying);
      if (words != 0 && dwarf_.types()[words].name == "runtime.eface")
        type.special = Special::kEmptyInterface;
    }
    return;
  }
  if (type.kind != Kind::kStruct) return;
  for (const Known& known : kKnown) {
    if (!is(type.name, known.name)) continue;
    type.special = known.special;
    type.role = known.role;
    return;
  }
  bool runtime = type.name.starts_with("runtime.") || type.name.starts_with("internal/runtime/") ||
                 type.name.starts_with("sudog<") || type.name.starts_with("waitq<");
  if (runtime) type.role = Role::kRuntime;
}

GoType TypeModel::row_of(DwarfType type) const {
  const DwarfTypeInfo& info = dwarf_.types()[type];
  GoType row{.name = info.name, .size = info.size, .kind = kind_of(info), .dwarf = type};
  switch (row.kind) {
    case Kind::kPointer:
    case Kind::kMap:
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kUnsafePointer: row.size = 8; break;
    case Kind::kInterface:
    case Kind::kString: row.size = 16; break;
    case Kind::kSlice: row.size = 24; break;
    case Kind::kArray: {
      // Nested arrays give their size through the innermost element.
      std::span<const DwarfTypeInfo> all = dwarf_.types();
      std::uint64_t size = 1;
      DwarfType at = type;
      for (int i = 0; row.size == 0 && i < kLongestAlias; ++i) {
        const DwarfTypeInfo& level = all[at];
        if (level.tag != kTagArray) {
          row.size = level.size * size;
          break;
        }
        if (level.count != 0 && size > (std::uint64_t(1) << 40) / level.count) break;
        size *= level.count;
        at = canonical(level.elem);
        if (size == 0 || at == 0) break;
      }
      break;
    }
    default: break;
  }
  classify(row);
  return row;
}

TypeId TypeModel::of_dwarf(DwarfType type) {
  type = canonical(type);
  if (type == 0 || type >= by_dwarf_.size()) return TypeId{};
  if (by_dwarf_[type] == TypeId{}) by_dwarf_[type] = add(row_of(type));
  return by_dwarf_[type];
}

TypeId TypeModel::named(std::string_view dwarf_name) { return of_dwarf(dwarf_.type_named(dwarf_name)); }

DwarfType TypeModel::member(DwarfType type, std::string_view name) const {
  type = canonical(type);
  if (type == 0) return 0;
  const DwarfTypeInfo& info = dwarf_.types()[type];
  for (const DwarfField& field : dwarf_.fields().subspan(info.first_field, info.fields))
    if (field.name == name) return canonical(field.type);
  return 0;
}

DwarfType TypeModel::slice_elem(const DwarfTypeInfo& info) const {
  if (info.elem != 0) return canonical(info.elem);
  for (const DwarfField& field : dwarf_.fields().subspan(info.first_field, info.fields))
    if (field.name == "array") return canonical(dwarf_.types()[canonical(field.type)].elem);
  return 0;
}

// A map or channel type is a pointer to map<K,V>, hash<K,V> or hchan<T>, structs that the linker makes
// (cmd/link/internal/ld/dwarf.go).
DwarfType TypeModel::header_of(const DwarfTypeInfo& info) const {
  std::span<const DwarfTypeInfo> all = dwarf_.types();
  DwarfType pointer = canonical(info.underlying);
  if (pointer == 0 || all[pointer].tag != kTagPointer) return 0;
  DwarfType header = canonical(all[pointer].elem);
  std::string_view name = all[header].name;
  bool ours = name.starts_with("map<") || name.starts_with("hash<") || name.starts_with("hchan<");
  return ours && all[header].tag == kTagStruct ? header : 0;
}

void TypeModel::expand_fields(TypeId id, std::vector<GoField> fields) {
  types_[std::size_t(id)].fields = fields_.emplace_back(std::move(fields));
}

void TypeModel::expand_dwarf(TypeId id) {
  const DwarfTypeInfo& info = dwarf_.types()[types_[std::size_t(id)].dwarf];
  TypeId elem{}, key{};
  switch (types_[std::size_t(id)].kind) {
    case Kind::kPointer: elem = of_dwarf(info.elem); break;
    case Kind::kArray:
      elem = of_dwarf(info.elem);
      types_[std::size_t(id)].count = info.count;
      break;
    case Kind::kSlice: elem = of_dwarf(slice_elem(info)); break;
    case Kind::kChan: elem = of_dwarf(info.elem); break;
    case Kind::kMap:
      key = of_dwarf(info.key);
      elem = of_dwarf(info.elem);
      break;
    case Kind::kStruct: {
      std::vector<GoField> fields;
      for (const DwarfField& field : dwarf_.fields().subspan(info.first_field, info.fields))
        fields.push_back({.name = field.name, .offset = field.offset, .type = of_dwarf(field.type)});
      expand_fields(id, std::move(fields));
      break;
    }
    default: break;
  }
  GoType& type = types_[std::size_t(id)];
  type.elem = elem;
  type.key = key;
}

// ---- Rows from descriptors of the runtime.

TypeId TypeModel::of_rtype(std::uint64_t addr) {
  if (descriptors_ == nullptr || addr == 0) return TypeId{};
  if (auto known = by_rtype_.find(addr); known != by_rtype_.end()) return known->second;
  TypeId id{};
  if (auto type = descriptors_->read(addr)) {
    for (const RtypeReader::Module& module : descriptors_->modules()) {
      if (addr < module.types || addr >= module.etypes) continue;
      if (auto at = dwarf_of_offset_.find(addr - module.types); at != dwarf_of_offset_.end())
        id = of_dwarf(at->second);
    }
    if (id == TypeId{}) {
      GoType row{.name = keep(type->name),
                 .size = type->size,
                 .kind = type->kind,
                 .count = type->count,
                 .rtype = addr};
      classify(row);
      if (row.kind == Kind::kInterface && type->methods == 0) row.special = Special::kEmptyInterface;
      id = add(row);
    }
    if (id != TypeId{}) types_[std::size_t(id)].direct = type->direct;
  }
  by_rtype_.emplace(addr, id);
  return id;
}

TypeId TypeModel::of_itab(std::uint64_t itab) {
  if (descriptors_ == nullptr || itab == 0) return TypeId{};
  if (auto known = by_itab_.find(itab); known != by_itab_.end()) return known->second;
  std::uint64_t type = descriptors_->type_of_itab(itab);
  TypeId id = type == 0 ? TypeId{} : of_rtype(type);
  by_itab_.emplace(itab, id);
  return id;
}

void TypeModel::expand_rtype(TypeId id) {
  if (descriptors_ == nullptr) return;
  auto read = descriptors_->read(types_[std::size_t(id)].rtype);
  if (!read) return;
  TypeId elem = of_rtype(read->elem), key = of_rtype(read->key);
  if (read->kind == Kind::kStruct) {
    std::vector<GoField> fields;
    for (RtypeField& field : descriptors_->fields(*read))
      fields.push_back(
          {.name = keep(std::move(field.name)), .offset = field.offset, .type = of_rtype(field.type)});
    expand_fields(id, std::move(fields));
  }
  GoType& type = types_[std::size_t(id)];
  type.elem = elem;
  type.key = key;
  if (!type.name.empty()) return;
  // Made by reflection: the runtime keeps the name elsewhere, so it is put together from the parts.
  std::string part(types_[std::size_t(elem)].name);
  switch (type.kind) {
    case Kind::kPointer: type.name = keep("*" + part); break;
    case Kind::kSlice: type.name = keep("[]" + part); break;
    case Kind::kArray: type.name = keep("[" + std::to_string(type.count) + "]" + part); break;
    case Kind::kChan: type.name = keep("chan " + part); break;
    case Kind::kMap:
      type.name = keep("map[" + std::string(types_[std::size_t(key)].name) + "]" + part);
      break;
    case Kind::kFunc: type.name = "func"; break;
    case Kind::kStruct: type.name = "struct {…}"; break;
    default: break;
  }
}

// ---- What both have.

const GoType& TypeModel::expanded(TypeId id) {
  std::size_t row = std::size_t(id);
  if (types_[row].expanded) return types_[row];
  types_[row].expanded = true;
  if (types_[row].dwarf != 0)
    expand_dwarf(id);
  else if (types_[row].rtype != 0)
    expand_rtype(id);
  if (types_[row].special == Special::kSyncMap) expand_trie(id);
  return types_[row];
}

const GoField* TypeModel::field(TypeId type, std::string_view name) {
  for (const GoField& field : fields(type))
    if (field.name == name) return &field;
  return nullptr;
}

std::uint64_t TypeModel::descriptor_of(const GoType& type) const {
  if (type.rtype != 0) return type.rtype;
  if (type.dwarf == 0 || descriptors_ == nullptr || descriptors_->modules().empty()) return 0;
  std::uint64_t offset = dwarf_.types()[type.dwarf].runtime_type;
  return offset == 0 ? 0 : descriptors_->modules().front().types + offset;
}

TypeId TypeModel::pointee(TypeId pointer) { return object_type(expanded(pointer).elem); }

TypeId TypeModel::object_type(TypeId type) {
  std::string_view name = types_[std::size_t(type)].name;
  if (name != "time.Timer" && name != "time.Ticker") return type;
  // runtime/time.go, newTimer: the allocation is a timeTimer, of which the user sees the front.
  TypeId layout = named("runtime.timeTimer");
  if (layout == TypeId{}) return type;
  return part(type, std::uint64_t(Role::kPlain),
              {.name = name,
               .size = types_[std::size_t(layout)].size,
               .kind = Kind::kStruct,
               .special = Special::kTimer,
               .layout = layout});
}

}  // namespace memsnap
