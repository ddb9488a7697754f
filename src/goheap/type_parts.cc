// Rows of a TypeModel that no declaration makes: parts of containers, backing arrays, closures.
#include "goheap/type_model.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kMaxInline =
    128;  // internal/abi/map.go: larger keys and elements are stored indirectly
constexpr std::uint64_t kSlots = 8;

}  // namespace

TypeId TypeModel::part(TypeId of, std::uint64_t which, const GoType& row) {
  auto [at, first] = parts_.try_emplace({of, which}, TypeId{});
  if (first) {
    at->second = add(row);
    types_[std::size_t(at->second)].expanded = true;
  }
  return at->second;
}

TypeId TypeModel::slice_array(TypeId elem) {
  const GoType& unit = types_[std::size_t(elem)];
  if (elem == TypeId{} || unit.size == 0) return TypeId{};
  bool pool = unit.role == Role::kPoolPart || unit.name == "sync.eface";
  Role role = pool ? Role::kPoolPart : Role::kSliceArray;
  if (auto at = parts_.find({elem, std::uint64_t(role)}); at != parts_.end()) return at->second;
  std::string name = "[]" + std::string(expanded(elem).name);
  return part(elem, std::uint64_t(role),
              {.name = keep(std::move(name)),
               .size = types_[std::size_t(elem)].size,
               .kind = Kind::kSlice,
               .role = role,
               .array = true,
               .elem = elem,
               .layout = elem});
}

TypeId TypeModel::map_part(TypeId map, Role role, TypeId content) {
  std::uint64_t which = std::uint64_t(role) << 32 | std::uint32_t(content);
  if (auto at = parts_.find({map, which}); at != parts_.end()) return at->second;
  expanded(map);
  const MapShape* shape = map_shape(map);
  const GoType type = types_[std::size_t(map)];
  GoType row{.name = type.name,
             .kind = Kind::kMap,
             .role = role,
             .elem = type.elem,
             .key = type.key,
             .container = map};
  bool buckets = shape != nullptr ? shape->layout == MapLayout::kBuckets : !containers_.swiss.has_value();
  switch (role) {
    case Role::kMapHeader:
      row.layout = named(buckets ? "runtime.hmap" : "internal/runtime/maps.Map");
      row.special = buckets ? Special::kBucketsHeader : Special::kSwissHeader;
      break;
    case Role::kMapDirectory:
      row.layout = words_;
      row.array = true;
      row.special = Special::kSwissDirectory;
      break;
    case Role::kMapTable:
      row.layout = named("internal/runtime/maps.table");
      row.special = Special::kSwissTable;
      break;
    case Role::kMapGroups:
      if (shape == nullptr) return TypeId{};
      row.layout = shape->group;
      row.array = true;
      break;
    case Role::kMapIndirect: row.layout = content; break;
    default: return TypeId{};
  }
  row.size = types_[std::size_t(row.layout)].size;
  return row.size == 0 ? TypeId{} : part(map, which, row);
}

TypeId TypeModel::chan_part(TypeId chan, Role role) {
  TypeId elem = expanded(chan).elem;
  if (role == Role::kChanHeader) return chan_header(elem);
  if (elem == TypeId{} || types_[std::size_t(elem)].size == 0) return TypeId{};
  if (auto at = parts_.find({elem, std::uint64_t(role)}); at != parts_.end()) return at->second;
  return part(elem, std::uint64_t(role),
              {.name = keep("chan " + std::string(expanded(elem).name)),
               .size = types_[std::size_t(elem)].size,
               .kind = Kind::kChan,
               .role = role,
               .array = true,
               .elem = elem,
               .layout = elem});
}

TypeId TypeModel::chan_header(TypeId elem) {
  if (auto at = parts_.find({elem, std::uint64_t(Role::kChanHeader)}); at != parts_.end()) return at->second;
  // DWARF has hchan<T> for the channel types of the program; the plain header does for the rest.
  TypeId header = named("hchan<" + std::string(types_[std::size_t(elem)].name) + ">");
  if (header == TypeId{}) header = named("runtime.hchan");
  if (header == TypeId{}) return TypeId{};
  return part(elem, std::uint64_t(Role::kChanHeader),
              {.name = keep("chan " + std::string(expanded(elem).name)),
               .size = types_[std::size_t(header)].size,
               .kind = Kind::kChan,
               .role = Role::kChanHeader,
               .special = Special::kChannel,
               .elem = elem,
               .layout = header});
}

TypeId TypeModel::trie_node(TypeId node, bool entry) {
  std::string_view name = types_[std::size_t(node)].name;
  constexpr std::string_view kNode = "node[";  // internal/sync.node[K,V], unique.node[T]
  std::size_t at_node = name.find(kNode);
  if (at_node == std::string_view::npos) return TypeId{};
  std::string real(name.substr(0, at_node));
  real.append(entry ? "entry" : "indirect").append(name.substr(at_node + kNode.size() - 1));
  std::uint64_t which = std::uint64_t(Role::kSyncMapNode) << 32 | std::uint64_t(entry);
  if (auto at = parts_.find({node, which}); at != parts_.end()) return at->second;
  TypeId type = named(real);
  // The linker drops what only generic code names (go1.27): the shape that the code was made for is laid out
  // alike.
  for (std::size_t at = real.find_first_of("[,"); type == TypeId{} && at != std::string::npos;
       at = real.find(',', at + 10))
    real.insert(at + 1, "go.shape.");
  if (type == TypeId{}) type = named(real);
  parts_.emplace(std::pair{node, which}, type);
  return type;
}

void TypeModel::expand_trie(TypeId map) {
  std::string_view name = types_[std::size_t(map)].name;
  std::string node =
      std::string("internal/sync.node").append(name.substr(std::min(name.find('['), name.size())));
  TypeId entry = trie_node(named(node), true);
  if (const GoField* key = field(entry, "key")) types_[std::size_t(map)].key = key->type;
  if (const GoField* value = field(entry, "value")) types_[std::size_t(map)].elem = value->type;
}

// ---- Closures.

std::vector<GoField> TypeModel::captured(std::uint64_t entry, std::string_view function) {
  std::vector<GoField> fields;
  std::span<const DwarfClosure> all = dwarf_.closures();
  auto at = std::ranges::lower_bound(all, entry, {}, &DwarfClosure::entry);
  if (at != all.end() && at->entry == entry) {
    for (const DwarfField& field : dwarf_.fields().subspan(at->first_field, at->fields))
      fields.push_back({.name = field.name, .offset = field.offset, .type = of_dwarf(field.type)});
    return fields;
  }
  // A method value: pkg.(*T).Method-fm captures a *T, pkg.T.Method-fm a T
  // (cmd/compile/internal/walk/closure.go).
  if (!function.ends_with("-fm")) return fields;
  function.remove_suffix(3);
  std::size_t dot = function.rfind('.');
  if (dot == std::string_view::npos) return fields;
  std::string receiver(function.substr(0, dot));
  if (receiver.ends_with(')')) {
    std::size_t open = receiver.rfind("(*");
    if (open == std::string::npos) return fields;
    receiver.pop_back();
    receiver = "*" + receiver.erase(open, 2);
  }
  if (TypeId type = named(receiver); type != TypeId{})
    fields.push_back({.name = "R", .offset = 8, .type = type});
  return fields;
}

TypeId TypeModel::closure(std::uint64_t entry) {
  if (auto known = by_entry_.find(entry); known != by_entry_.end()) return known->second;
  TypeId& id = by_entry_[entry];
  if (functions_ == nullptr) return id;
  std::uint64_t plain = entry - bias_;
  auto function = functions_->function_at(plain);
  if (!function || function->entry != plain) return id;
  GoType row{
      .name = keep("func " + std::string(function->name)), .kind = Kind::kFunc, .role = Role::kClosure};
  // Functions made by reflection (reflect/makefunc.go).
  if (function->name == "reflect.makeFuncStub") row.layout = named("reflect.makeFuncImpl");
  if (function->name == "reflect.methodValueCall") row.layout = named("reflect.methodValue");
  if (row.layout != TypeId{}) {
    row.size = types_[std::size_t(row.layout)].size;
    row.expanded = true;
    return by_entry_[entry] = add(row);
  }
  std::vector<GoField> fields = captured(plain, function->name);
  row.size = 8;
  for (const GoField& field : fields)
    row.size = std::max(row.size, field.offset + types_[std::size_t(field.type)].size);
  row.expanded = true;
  TypeId made = add(row);
  if (made != TypeId{}) expand_fields(made, std::move(fields));
  return by_entry_[entry] = made;
}

// ---- Maps.

TypeId TypeModel::group_of(TypeId map) {
  const GoType& type = types_[std::size_t(map)];
  if (type.dwarf != 0) {
    std::span<const DwarfTypeInfo> all = dwarf_.types();
    DwarfType header = header_of(all[type.dwarf]);
    if (DwarfType directory = member(header, "dirPtr")) {
      DwarfType table = canonical(all[directory].elem);  // **table<K,V>
      table = table == 0 ? 0 : canonical(all[table].elem);
      DwarfType data = member(member(table, "groups"), "data");
      if (data != 0 && all[data].elem != 0) return of_dwarf(all[data].elem);
    }
    if (DwarfType buckets = member(header, "buckets"); buckets != 0 && all[buckets].elem != 0)
      return of_dwarf(all[buckets].elem);
  }
  std::uint64_t descriptor = descriptor_of(type);
  if (descriptor == 0 || descriptors_ == nullptr) return TypeId{};
  auto read = descriptors_->read(descriptor);
  return read && read->kind == Kind::kMap ? of_rtype(read->group) : TypeId{};
}

const MapShape* TypeModel::map_shape(TypeId map) {
  auto at = shapes_.find(map);
  if (at == shapes_.end()) at = shapes_.emplace(map, shape_of(map)).first;
  return at->second ? &*at->second : nullptr;
}

std::optional<MapShape> TypeModel::shape_of(TypeId map) {
  if (types_[std::size_t(map)].kind != Kind::kMap) return std::nullopt;
  TypeId key = expanded(map).key;
  MapShape shape{.group = group_of(map)};
  if (shape.group == TypeId{}) return std::nullopt;
  shape.group_size = types_[std::size_t(shape.group)].size;
  shape.indirect_key = types_[std::size_t(key)].size > kMaxInline;

  auto column = [&](std::string_view name, std::uint64_t& offset, std::uint64_t& stride) {
    const GoField* found = field(shape.group, name);
    if (found == nullptr) return false;
    offset = found->offset;
    TypeId array = found->type;
    stride = types_[std::size_t(expanded(array).elem)].size;
    return types_[std::size_t(array)].kind == Kind::kArray && types_[std::size_t(array)].count == kSlots;
  };
  if (const GoField* slots = field(shape.group, "slots")) {
    const GoType& array = expanded(slots->type);
    const GoField* elem = field(array.elem, "elem");
    if (array.count != kSlots || elem == nullptr) return std::nullopt;
    shape.keys = slots->offset;
    shape.elems = slots->offset + elem->offset;
    shape.key_stride = shape.elem_stride = types_[std::size_t(array.elem)].size;
  } else {
    bool swiss = field(shape.group, "ctrl") != nullptr;
    shape.layout = swiss ? MapLayout::kSwiss : MapLayout::kBuckets;
    const char* elems = !swiss && field(shape.group, "values") != nullptr ? "values" : "elems";
    if (!column("keys", shape.keys, shape.key_stride) || !column(elems, shape.elems, shape.elem_stride))
      return std::nullopt;
    if (!swiss) {
      const GoField* next = field(shape.group, "overflow");
      shape.overflow = next == nullptr ? shape.group_size - 8 : next->offset;
    }
  }
  shape.indirect_elem = types_[std::size_t(types_[std::size_t(map)].elem)].size > kMaxInline;
  bool fits = shape.group_size >= 8 &&
              shape.keys + kSlots * shape.key_stride <= shape.group_size + shape.key_stride &&
              shape.key_stride <= shape.group_size && shape.elem_stride <= shape.group_size;
  return fits ? std::optional(shape) : std::nullopt;
}

// ---- The runtime's own structs.

void TypeModel::read_containers() {
  auto at = [&](std::string_view type, std::string_view field) {
    return dwarf_.offset_of(type, field).value_or(0);
  };
  constexpr std::string_view kMap = "internal/runtime/maps.Map", kTable = "internal/runtime/maps.table",
                             kBuckets = "runtime.hmap", kChannel = "runtime.hchan";
  if (dwarf_.offset_of(kMap, "dirPtr"))
    containers_.swiss = {.used = at(kMap, "used"),
                         .dir_ptr = at(kMap, "dirPtr"),
                         .dir_len = at(kMap, "dirLen"),
                         .writing = at(kMap, "writing"),
                         .size = dwarf_.size_of(kMap).value_or(0)};
  if (dwarf_.offset_of(kTable, "groups"))
    containers_.table = {.used = at(kTable, "used"),
                         .capacity = at(kTable, "capacity"),
                         .growth_left = at(kTable, "growthLeft"),
                         .data = at(kTable, "groups.data"),
                         .size = dwarf_.size_of(kTable).value_or(0)};
  if (dwarf_.offset_of(kBuckets, "buckets"))
    containers_.buckets = {.count = at(kBuckets, "count"),
                           .flags = at(kBuckets, "flags"),
                           .b = at(kBuckets, "B"),
                           .buckets = at(kBuckets, "buckets"),
                           .old = at(kBuckets, "oldbuckets"),
                           .evacuated = at(kBuckets, "nevacuate"),
                           .size = dwarf_.size_of(kBuckets).value_or(0)};
  if (dwarf_.offset_of(kChannel, "buf"))
    containers_.channel = {.len = at(kChannel, "qcount"),
                           .cap = at(kChannel, "dataqsiz"),
                           .buf = at(kChannel, "buf"),
                           .closed = at(kChannel, "closed"),
                           .receivers = at(kChannel, "recvq"),
                           .senders = at(kChannel, "sendq"),
                           .size = dwarf_.size_of(kChannel).value_or(0)};
  containers_.channel_type = dwarf_.offset_of(kChannel, "elemtype");
  if (dwarf_.offset_of("runtime.sudog", "next")) containers_.waiter = {.next = at("runtime.sudog", "next")};
}

}  // namespace memsnap
