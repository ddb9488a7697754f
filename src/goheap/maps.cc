// Every live map: the headers that typing found on the heap, and the sync.Maps inside objects and variables.
#include "goheap/map_walk.h"
#include "goheap/trie_walk.h"
#include "goheap/typed_walk.h"

#include <map>

namespace memsnap {

namespace {

void add_map(Heap& out, ObjectId object, RootId root, std::uint64_t addr, TypeId type, MapLayout layout,
             const MapStorage& map) {
  MapTable& maps = out.maps;
  maps.object.push_back(object);
  maps.root.push_back(root);
  maps.header.push_back(Addr(addr));
  maps.type.push_back(type);
  maps.layout.push_back(layout);
  maps.len.push_back(map.len);
  maps.capacity.push_back(map.capacity);
  maps.parts.push_back(map.parts);
  maps.old_parts.push_back(map.old_parts);
  maps.bytes.push_back(map.bytes);
  maps.flags.push_back(map.flags);
}

}  // namespace

void write_maps(const ContainerInputs& in, Heap& out) {
  TypeModel& model = in.programs.model();
  MapWalk walk(in.heap, model);
  std::span<const TypeId> types = out.objects.type.view();
  for (std::size_t id = 0; id < types.size(); ++id) {
    const GoType& type = model[types[id]];
    ObjectId object{std::uint32_t(id)};
    if (type.role != Role::kMapHeader || !out.objects.reached(object)) continue;
    std::uint64_t addr = std::uint64_t(out.objects.addr[id]);
    bool swiss = type.special == Special::kSwissHeader;
    add_map(out, object, kNoRoot, addr, type.container, swiss ? MapLayout::kSwiss : MapLayout::kBuckets,
            walk.read(addr, types[id]));
  }
  std::map<TypeId, TrieWalk> tries;
  TypedWalk(in, out, Wanted::kContainers)
      .run(
          [&](const Step& step, const std::byte*, std::uint64_t, std::uint64_t addr, const Holding& holding) {
            if (step.op != Op::kSyncMap) return;
            const TrieWalk& trie = tries.try_emplace(step.type, in.heap, model, step.type).first->second;
            if (!trie.ok() || in.heap.word(addr) == 0) return;  // inited: the first word
            TrieWalk::Storage found = trie.each_entry(addr, [](std::uint64_t) {});
            MapStorage map{.len = found.len,
                           .capacity = found.len,
                           .parts = std::uint32_t(found.inner),
                           .bytes = found.bytes};
            add_map(out, holding.object, holding.root, addr, step.type, MapLayout::kSyncMap, map);
          });
}

}  // namespace memsnap
