// Names for words of static memory: the variable that owns them, and the way from it.
#include "goheap/typing.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr int kDeepest = 64;  // fields inside fields
constexpr int kMostHops = 3;  // pointers between static regions that a text spells out

// The region that contains this address; null when none does.
const StaticRegion* region_at(const std::vector<StaticRegion>& regions, std::uint64_t addr) {
  auto next = std::ranges::upper_bound(regions, addr, {}, &StaticRegion::from);
  if (next == regions.begin() || std::prev(next)->to <= addr) return nullptr;
  return &*std::prev(next);
}

std::string words_of(TypeModel& model, const HeapTypes& types, const StaticRegion& region,
                     std::uint64_t addr) {
  std::string own = path_in(model, region.type, addr - region.from);
  const StaticRegion* at = &region;
  for (int hop = 0; at->parent != kNoRow; ++hop) {
    if (hop == kMostHops) return " -> …" + own;
    const StaticRegion& parent = types.regions[at->parent];
    own = path_in(model, parent.type, at->parent_at - parent.from) + " ->" + (own.empty() ? "" : " ") + own;
    at = &parent;
  }
  return own.starts_with("->") ? " " + own : own;
}

}  // namespace

std::string path_in(TypeModel& model, TypeId type, std::uint64_t offset) {
  std::string path;
  for (int depth = 0; depth < kDeepest; ++depth) {
    const GoType& row = model.expanded(type);
    if (row.array || row.kind == Kind::kArray) {
      TypeId unit = row.layout != TypeId{} ? row.layout : row.elem;
      std::uint64_t size = model[unit].size;
      if (size == 0) return path;
      if (row.kind == Kind::kArray || row.role == Role::kSliceArray) path += "[…]";
      offset %= size;
      type = unit;
      continue;
    }
    if (row.layout != TypeId{}) {
      type = row.layout;
      continue;
    }
    if (row.kind != Kind::kStruct && row.role != Role::kClosure) return path;
    const GoField* inner = nullptr;
    for (const GoField& field : row.fields)
      if (field.offset <= offset && offset < field.offset + model[field.type].size) inner = &field;
    if (inner == nullptr) return path;
    path += "." + std::string(inner->name);
    offset -= inner->offset;
    type = inner->type;
  }
  return path;
}

std::vector<StaticOwner> static_owners(TypeModel& model, const HeapTypes& types,
                                       std::span<const StaticRoot> roots, StringPool& strings) {
  std::vector<StaticOwner> owners;
  owners.reserve(roots.size());
  for (const StaticRoot& root : roots) {
    StaticOwner owner;
    if (const StaticRegion* region = region_at(types.regions, root.at);
        region != nullptr && region->global != kNoRow) {
      owner.global = region->global;
      owner.ref = strings.add(words_of(model, types, *region, root.at));
    }
    owners.push_back(owner);
  }
  return owners;
}

}  // namespace memsnap
