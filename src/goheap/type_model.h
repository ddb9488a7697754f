// All types that a walk over a heap meets, each once, whether they come from DWARF, from a type descriptor of
// the runtime, or from what we know about containers: a map's tables and groups, a channel's buffer, the
// backing array of a slice, a closure. Rows are made on demand and stay for the life of the model, so that
// several captures of one process share it.
#pragma once

#include "dwarf/dwarf.h"
#include "goheap/rtype.h"
#include "gosym/pclntab.h"
#include "tables/heap.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

// What a value or an object of the type needs beyond its fields.
enum class Special : std::uint8_t {
  kNone,
  // Values: where pointers lie that the declared fields do not give away.
  kEmptyInterface,  // runtime.eface and its twins: descriptor, data
  kInterface,       // runtime.iface: interface table, data
  kAtomicPointer,   // unsafe word that holds a *elem
  kWeakPointer,     // unsafe word that holds the handle of a weak pointer
  kReflectValue,    // descriptor, word, flags
  kPool,            // sync.Pool
  kSyncMap,         // internal/sync.HashTrieMap
  // Objects: what leads on cannot be told from one word alone.
  kTrieNode,     // HashTrieMap node: an entry or an inner node, by its first byte
  kSwissHeader,  // internal/runtime/maps.Map: one group, or a directory
  kSwissDirectory,
  kSwissTable,
  kBucketsHeader,  // runtime.hmap, with GOEXPERIMENT=noswissmap
  kChannel,
  kTimer,  // runtime.timeTimer: what a *time.Timer and a *time.Ticker really point to
};

struct GoField {
  std::string_view name;
  std::uint64_t offset = 0;
  TypeId type{};
};

struct GoType {
  std::string_view name;   // in full, as in DWARF or the descriptor
  std::uint64_t size = 0;  // of one value; of one unit when `array`
  Kind kind = Kind::kInvalid;
  Role role = Role::kPlain;
  Special special = Special::kNone;
  bool array = false;     // as many units as the object has room for
  bool expanded = false;  // elem, key, count and fields are there
  bool direct = false;    // a value in an interface is its data word; set by of_rtype
  TypeId elem{}, key{};
  TypeId layout{};          // type of a unit; 0: the row's own fields
  TypeId container{};       // map type that a part of a map belongs to
  std::uint64_t count = 0;  // of an array type
  DwarfType dwarf = 0;
  std::uint64_t rtype = 0;          // address of the descriptor, when the type has no DWARF
  std::span<const GoField> fields;  // direct ones
};

// Where the entries of a map lie. Both Swiss layouts, and the buckets before them, are this (map.go of
// internal/abi, go1.27: key(i) = keys + i * key_stride).
struct MapShape {
  MapLayout layout = MapLayout::kSwiss;
  TypeId group{};  // struct of 8 slots with control bytes (or a bucket with its tophash)
  std::uint64_t group_size = 0;
  std::uint64_t keys = 0, key_stride = 0, elems = 0, elem_stride = 0;  // offsets in a group
  bool indirect_key = false, indirect_elem = false;                    // above 128 bytes: a pointer
  std::uint64_t overflow = 0;  // buckets: offset of the pointer to the next one
};

// Offsets of the runtime's containers, from DWARF. Structs that a program does not link are not there.
struct ContainerLayout {
  struct Swiss {
    std::uint64_t used, dir_ptr, dir_len, writing, size;
  };
  struct Table {
    std::uint64_t used, capacity, growth_left, data, size;
  };
  struct Buckets {
    std::uint64_t count, flags, b, buckets, old, evacuated, size;
  };
  struct Channel {
    std::uint64_t len, cap, buf, closed, receivers, senders, size;
  };
  struct Waiter {
    std::uint64_t next;
  };
  std::optional<Swiss> swiss;
  std::optional<Table> table;
  std::optional<Buckets> buckets;
  std::optional<Channel> channel;
  std::optional<Waiter> waiter;
  std::optional<std::uint64_t> channel_type;  // offset of hchan.elemtype
};

class TypeModel {
 public:
  explicit TypeModel(const DwarfIndex& dwarf);
  TypeModel(const TypeModel&) = delete;
  TypeModel& operator=(const TypeModel&) = delete;

  // Memory of the capture at hand: descriptors are read through it, functions named by the table.
  void attach(const RtypeReader& descriptors, const Pclntab* functions, std::uint64_t bias);
  void detach();

  TypeId of_dwarf(DwarfType type);
  TypeId of_rtype(std::uint64_t addr);        // 0 when there is no descriptor
  TypeId of_itab(std::uint64_t itab);         // dynamic type; 0 when it is no interface table
  TypeId named(std::string_view dwarf_name);  // 0 when DWARF has no such type

  TypeId slice_array(TypeId elem);
  TypeId string_bytes() const { return string_bytes_; }
  TypeId weak_handle() const { return weak_handle_; }
  TypeId map_part(TypeId map, Role role, TypeId content = TypeId{});  // content: of kMapIndirect
  TypeId chan_part(TypeId chan, Role role);   // the same for all directions of a channel
  TypeId chan_header(TypeId elem);            // when only the element is known
  TypeId closure(std::uint64_t entry);        // relocated pc; 0 when no function begins there
  TypeId trie_node(TypeId node, bool entry);  // what a kTrieNode is
  // What a pointer of this type points to, as the object really is.
  TypeId pointee(TypeId pointer);
  TypeId object_type(TypeId type);  // the same for a value of the type on the heap

  std::size_t size() const { return types_.size(); }
  const GoType& operator[](TypeId id) const { return types_[std::size_t(id)]; }
  const GoType& expanded(TypeId id);
  std::span<const GoField> fields(TypeId id) { return expanded(id).fields; }
  const GoField* field(TypeId type, std::string_view name);  // direct one; null when there is none
  const MapShape* map_shape(TypeId map);                     // null when it is not known
  std::uint64_t descriptor_of(const GoType& type) const;     // address in the target, 0 when it has none
  const ContainerLayout& containers() const { return containers_; }
  const DwarfIndex& dwarf() const { return dwarf_; }
  const RtypeReader* descriptors() const { return descriptors_; }

 private:
  TypeId add(GoType type);
  std::string_view keep(std::string text);
  DwarfType canonical(DwarfType type) const;
  Kind kind_of(const DwarfTypeInfo& info) const;
  GoType row_of(DwarfType type) const;
  void classify(GoType& type) const;
  void expand_dwarf(TypeId id);
  void expand_rtype(TypeId id);
  void expand_trie(TypeId map);  // key and element of a sync.Map
  void expand_fields(TypeId id, std::vector<GoField> fields);
  DwarfType slice_elem(const DwarfTypeInfo& info) const;
  DwarfType header_of(const DwarfTypeInfo& info) const;  // struct that a map or channel points to
  DwarfType member(DwarfType type, std::string_view name) const;
  TypeId group_of(TypeId map);
  std::optional<MapShape> shape_of(TypeId map);
  TypeId part(TypeId of, std::uint64_t which, const GoType& row);
  std::vector<GoField> captured(std::uint64_t entry, std::string_view function);
  void read_containers();

  const DwarfIndex& dwarf_;
  const RtypeReader* descriptors_ = nullptr;
  const Pclntab* functions_ = nullptr;
  std::uint64_t bias_ = 0;

  // Rows, fields and texts stay where they are while others are made.
  std::deque<GoType> types_;  // row 0: not known
  std::deque<std::vector<GoField>> fields_;
  std::deque<std::string> texts_;
  std::vector<TypeId> by_dwarf_;
  std::unordered_map<std::uint64_t, DwarfType> dwarf_of_offset_;  // by go_runtime_type
  std::unordered_map<std::uint64_t, TypeId> by_rtype_;            // also addresses that are none: 0
  std::unordered_map<std::uint64_t, TypeId> by_itab_;
  std::unordered_map<std::uint64_t, TypeId> by_entry_;
  std::map<std::pair<TypeId, std::uint64_t>, TypeId> parts_;  // of a type, by role and content
  std::map<TypeId, std::optional<MapShape>> shapes_;
  TypeId string_bytes_{}, words_{}, weak_handle_{};
  ContainerLayout containers_;
};

}  // namespace memsnap
