#include "goheap/type_table.h"

#include <set>

namespace memsnap {

namespace {

// Type arguments of a generic type's name, brackets included.
std::string_view arguments_of(std::string_view name) {
  std::size_t bracket = name.find('[');
  return bracket == std::string_view::npos ? std::string_view() : name.substr(bracket);
}

// Types with names in both spellings teach how packages are called.
void learn(TypeModel& model, PackageNames& names) {
  if (model.descriptors() == nullptr) return;
  for (std::size_t i = 1; i < model.size(); ++i) {
    const GoType& type = model[TypeId(std::uint32_t(i))];
    bool plain = type.dwarf != 0 && type.kind != Kind::kPointer &&
                 type.name.find('/') != std::string_view::npos &&
                 type.name.find_first_of(" *(") == std::string_view::npos;
    if (!plain || type.name.starts_with('[')) continue;
    if (std::uint64_t descriptor = model.descriptor_of(type))
      if (auto read = model.descriptors()->read(descriptor)) names.learn(type.name, read->name);
  }
}

bool is_composite(Kind kind) {
  return kind == Kind::kPointer || kind == Kind::kSlice || kind == Kind::kArray || kind == Kind::kMap ||
         kind == Kind::kChan;
}

}  // namespace

std::string display_name(const TypeModel& model, const PackageNames& names, TypeId type) {
  const GoType& row = model[type];
  std::string name = names.shorten(row.name);
  bool trie = row.special == Special::kSyncMap && row.kind == Kind::kStruct;
  switch (trie ? Role::kSyncMapNode : row.role) {
    case Role::kSyncMapNode: {
      std::string arguments = names.shorten(arguments_of(row.name));
      constexpr std::string_view kShape = "go.shape.";
      for (std::size_t at; (at = arguments.find(kShape)) != std::string::npos;)
        arguments.erase(at, kShape.size());
      if (row.name.starts_with("unique.")) return "unique.canonMap" + arguments;
      return arguments == "[interface {},interface {}]" ? "sync.Map" : "sync.HashTrieMap" + arguments;
    }
    case Role::kPoolPart: return "sync.Pool";
    case Role::kMapGroups:
      // A group that no map names: map.group[K]V is the descriptor's name for it.
      return name.starts_with("map.group[") ? "map" + name.substr(9) : name;
    default: return name;
  }
}

std::map<std::string, std::string> package_paths(const TypeModel& model, const PackageNames& names) {
  std::set<std::string> seen;
  for (std::size_t i = 1; i < model.size(); ++i)
    if (const GoType& type = model[TypeId(std::uint32_t(i))]; type.dwarf != 0)
      seen.insert(PackageNames::path_of(type.name));
  std::map<std::string, std::string> paths;
  for (const std::string& path : seen) {
    std::string name = names.name_of(path);
    if (path.empty() || name == path) continue;
    std::string& known = paths[name];
    known += (known.empty() ? "" : ", ") + path;
  }
  return paths;
}

void write_types(TypeModel& model, PackageNames& names, const MapCode* code, std::uint64_t bias,
                 StringPool& strings, TypeTable& types, FieldTable& fields) {
  // Rows grow while this runs: what a pointer, slice, array, map or channel is made of has a row too.
  for (std::size_t i = 1; i < model.size(); ++i)
    if (is_composite(model[TypeId(std::uint32_t(i))].kind)) model.expanded(TypeId(std::uint32_t(i)));
  learn(model, names);
  types.first_field.push_back(0);
  for (std::size_t i = 0; i < model.size(); ++i) {
    const GoType& row = model[TypeId(std::uint32_t(i))];
    types.name.push_back(strings.add(display_name(model, names, TypeId(std::uint32_t(i)))));
    types.size.push_back(row.array ? 0 : row.size);
    types.kind.push_back(row.kind);
    types.role.push_back(row.role);
    types.elem.push_back(row.elem);
    types.key.push_back(row.key);
    std::span<const GoField> own = row.fields;
    if (own.empty() && row.layout != TypeId{} && row.role == Role::kPlain) own = model[row.layout].fields;
    for (const GoField& field : own) {
      fields.name.push_back(strings.add(field.name));
      fields.offset.push_back(field.offset);
      fields.type.push_back(field.type);
    }
    types.first_field.push_back(std::uint32_t(fields.rows()));
    std::uint64_t descriptor = code != nullptr && row.kind == Kind::kMap ? model.descriptor_of(row) : 0;
    types.deletes.push_back(descriptor == 0 ? kNoRow : code->deletes(descriptor - bias));
    types.evicts.push_back(descriptor == 0 ? kNoRow : code->evicts(descriptor - bias));
  }
}

}  // namespace memsnap
