#include "analysis/fold.h"

#include <algorithm>
#include <array>

namespace memsnap {

namespace {

std::string_view name_of(const Heap& heap, TypeId type) {
  std::size_t row = std::size_t(type);
  return row == 0 || row >= heap.types.rows() ? std::string_view("(type not known)")
                                              : heap.text(heap.types.name[row]);
}

bool is_map_storage(Role role) {
  return role == Role::kMapDirectory || role == Role::kMapTable || role == Role::kMapGroups;
}

TypeId type_at(const Heap& heap, NodeId node) {
  if (heap.is_object(node)) return heap.objects.type[std::size_t(node)];
  return heap.is_root(node) ? heap.roots.type[std::size_t(heap.root_of(node))] : TypeId{0};
}

// Structs whose insides are the library's business: a path ends at the field that holds one.
bool is_shut(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "sync.Map",          "sync.Pool", "list.List",  "container/list.List", "atomic.Value",
      "sync/atomic.Value", "sync.Once", "time.Timer", "sync.HashTrieMap"};
  static constexpr std::array<std::string_view, 4> kGeneric = {
      "atomic.Pointer[", "sync/atomic.Pointer[", "sync.HashTrieMap[", "internal/sync.HashTrieMap["};
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kGeneric, [&](std::string_view start) { return name.starts_with(start); });
}

// The field that a byte of a struct lies in; kNoRow when it has none there.
std::uint32_t field_at(const Heap& heap, std::size_t type, std::uint64_t offset) {
  std::uint32_t best = kNoRow;
  for (std::uint32_t f = heap.types.first_field[type]; f < heap.types.first_field[type + 1]; ++f) {
    std::uint64_t from = heap.fields.offset[f];
    std::size_t of = std::size_t(heap.fields.type[f]);
    std::uint64_t size = of < heap.types.rows() ? heap.types.size[of] : 0;
    if (from > offset || (size > 0 && offset - from >= size)) continue;
    if (best == kNoRow || from >= heap.fields.offset[best]) best = f;
  }
  return best;
}

// The element of a list that this one was put into: the struct with the list, which its third field points to
// (container/list/list.go).
NodeId list_of(const Heap& heap, ObjectId element) {
  constexpr std::uint32_t kListWord = 2;
  std::size_t row = std::size_t(element);
  for (std::uint32_t e = heap.edges.first[row]; e < heap.edges.first[row + 1]; ++e)
    if (heap.edges.at[e] == kListWord) return heap.node(heap.edges.target[e]);
  return kNoNode;
}

}  // namespace

Role role_at(const Heap& heap, NodeId node) {
  if (node == kNoNode || !heap.is_object(node)) return Role::kPlain;
  std::size_t type = std::size_t(heap.objects.type[std::size_t(node)]);
  return type < heap.types.rows() ? heap.types.role[type] : Role::kPlain;
}

bool same_container(const Heap& heap, NodeId parent, NodeId child) {
  Role up = role_at(heap, parent), down = role_at(heap, child);
  if (down == Role::kPlain || !heap.is_object(parent)) return false;
  if (is_map_storage(down) || down == Role::kMapIndirect) {
    if (up != Role::kMapHeader && !is_map_storage(up)) return false;
    std::size_t a = std::size_t(type_at(heap, parent)), b = std::size_t(type_at(heap, child));
    return heap.types.elem[a] == heap.types.elem[b] && heap.types.key[a] == heap.types.key[b];
  }
  if (down == Role::kChanBuffer) return up == Role::kChanHeader;
  if (down == Role::kListElement) {
    std::string_view name = name_of(heap, type_at(heap, parent));
    return up == down || name == "list.List" || name == "container/list.List";
  }
  return (down == Role::kSyncMapNode || down == Role::kPoolPart) && up == down;
}

NodeId container_of(const Heap& heap, ObjectId object) {
  NodeId node = heap.node(object);
  if (role_at(heap, node) == Role::kListElement)
    if (NodeId list = list_of(heap, object); list != kNoNode) return list;
  while (heap.is_object(node)) {
    NodeId up = heap.objects.idom[std::size_t(node)];
    if (up == kNoNode || !same_container(heap, up, node)) break;
    node = up;
  }
  return node;
}

std::string type_of_node(const Heap& heap, NodeId node) {
  if (node == kNoNode || node == heap.virtual_root()) return {};
  TypeId type = type_at(heap, node);
  std::string_view name = name_of(heap, type);
  std::size_t row = std::size_t(type) < heap.types.rows() ? std::size_t(type) : 0;
  switch (role_at(heap, node)) {
    case Role::kStringBytes: return "string";
    case Role::kSliceArray: return "[]" + std::string(name_of(heap, heap.types.elem[row]));
    case Role::kMapHeader:
    case Role::kMapDirectory:
    case Role::kMapTable:
    case Role::kMapGroups:
    case Role::kMapIndirect: {
      if (heap.types.key[row] == TypeId{0}) return std::string(name);
      std::string key(name_of(heap, heap.types.key[row]));
      return "map[" + key + "]" + std::string(name_of(heap, heap.types.elem[row]));
    }
    case Role::kChanHeader:
    case Role::kChanBuffer:
      if (heap.types.elem[row] == TypeId{0}) return std::string(name);
      return "chan " + std::string(name_of(heap, heap.types.elem[row]));
    case Role::kListElement: return "list.List";
    case Role::kClosure: return name.starts_with("func ") ? std::string(name) : "func " + std::string(name);
    case Role::kSyncMapNode:
    case Role::kPoolPart:
    case Role::kRuntime:
    case Role::kPlain: break;
  }
  return std::string(name);
}

std::string type_of_value(const Heap& heap, NodeId node) {
  std::string name = type_of_node(heap, node);
  bool known = heap.is_object(node) && heap.objects.type[std::size_t(node)] != TypeId{0};
  Role role = role_at(heap, node);
  bool pointed = known && (role == Role::kPlain || role == Role::kRuntime);
  return pointed ? "*" + name : name;
}

std::string field_path(const Heap& heap, TypeId type, std::uint64_t offset) {
  constexpr int kDeep = 32;  // structs in structs; a forged table may say more
  std::string path;
  std::size_t row = std::size_t(type);
  for (int depth = 0; depth < kDeep && row != 0 && row < heap.types.rows(); ++depth) {
    if (depth > 0 && is_shut(heap.text(heap.types.name[row]))) break;
    if (heap.types.kind[row] == Kind::kArray) {
      std::size_t elem = std::size_t(heap.types.elem[row]);
      path += "[…]";
      if (elem >= heap.types.rows() || heap.types.size[elem] == 0) break;
      offset %= heap.types.size[elem];
      row = elem;
      continue;
    }
    if (heap.types.kind[row] != Kind::kStruct) break;
    std::uint32_t field = field_at(heap, row, offset);
    if (field == kNoRow) break;
    path += "." + std::string(heap.text(heap.fields.name[field]));
    offset -= heap.fields.offset[field];
    row = std::size_t(heap.fields.type[field]);
  }
  return path;
}

namespace {

// A byte of an array of elements, also of one whose type is not known.
std::string element_path(const Heap& heap, TypeId elem, std::uint64_t offset) {
  std::size_t row = std::size_t(elem);
  if (row == 0 || row >= heap.types.rows() || heap.types.size[row] == 0) return "[…]";
  return "[…]" + field_path(heap, elem, offset % heap.types.size[row]);
}

}  // namespace

std::string edge_ref(const Heap& heap, ObjectId source, std::uint32_t word) {
  TypeId type = heap.objects.type[std::size_t(source)];
  std::size_t row = std::size_t(type) < heap.types.rows() ? std::size_t(type) : 0;
  std::uint64_t offset = std::uint64_t(word) * 8;
  switch (heap.types.role[row]) {
    case Role::kSliceArray:
    case Role::kChanBuffer: return element_path(heap, heap.types.elem[row], offset);
    case Role::kMapHeader:
    case Role::kMapDirectory:
    case Role::kMapTable:
    case Role::kMapGroups:  // where a slot's key and value lie differs by release
    case Role::kMapIndirect:
    case Role::kSyncMapNode:
    case Role::kPoolPart:
    case Role::kChanHeader:
    case Role::kListElement: return "[…]";
    case Role::kStringBytes: return {};
    case Role::kClosure: {
      std::uint32_t field = field_at(heap, row, offset);
      return field == kNoRow ? "captured" : "captured " + std::string(heap.text(heap.fields.name[field]));
    }
    case Role::kPlain:
    case Role::kRuntime: break;
  }
  std::uint64_t size = heap.types.size[row];
  if (row != 0 && size > 0 && offset >= size) return element_path(heap, type, offset);
  return field_path(heap, type, offset);
}

std::string root_ref(std::string_view ref) {
  std::string out;
  for (std::size_t at = 0; at < ref.size();) {
    if (std::string_view rest = ref.substr(at); rest.starts_with("->"))
      at += 2;
    else if (rest.front() == ' ')
      ++at;
    else
      out += ref[at++];
  }
  return out;
}

std::uint32_t word_of_edge(const Heap& heap, ObjectId source, ObjectId target) {
  std::size_t row = std::size_t(source);
  for (std::uint32_t e = heap.edges.first[row]; e < heap.edges.first[row + 1]; ++e)
    if (heap.edges.target[e] == target) return heap.edges.at[e];
  return kNoRow;
}

}  // namespace memsnap
