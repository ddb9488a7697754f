// Channels: what lies in them and who waits (runtime/chan.go). Headers of channels whose elements hold no
// pointers are read from the process as it is now.
#include "goheap/typed_walk.h"

namespace memsnap {

namespace {

constexpr std::uint32_t kMostWaiters = 1 << 20;

// Length of a list of waiting goroutines; each sudog must lie in the heap.
std::uint32_t waiters(const RawHeap& heap, std::uint64_t first, std::uint64_t next) {
  std::uint32_t count = 0;
  for (std::uint64_t at = first; at != 0 && count < kMostWaiters; at = heap.word(at + next)) {
    if (heap.find(at).id == kNoObject) break;
    ++count;
  }
  return count;
}

}  // namespace

void write_channels(const ContainerInputs& in, Heap& out) {
  TypeModel& model = in.programs.model();
  const ContainerLayout& layout = model.containers();
  if (!layout.channel || !layout.waiter) return;
  const auto& at = *layout.channel;
  std::span<const TypeId> types = out.objects.type.view();
  for (std::size_t id = 0; id < types.size(); ++id) {
    const GoType& type = model[types[id]];
    ObjectId object{std::uint32_t(id)};
    if (type.role != Role::kChanHeader || !out.objects.reached(object)) continue;
    std::uint64_t addr = std::uint64_t(out.objects.addr[id]);
    if (out.objects.bytes(object) < at.size) continue;
    std::uint64_t len = in.heap.value<std::uint64_t>(addr + at.len),
                  cap = in.heap.value<std::uint64_t>(addr + at.cap);
    // A buffer can hold no more than its object has room for.
    std::uint64_t buffer = in.heap.value<std::uint64_t>(addr + at.buf), size = model[type.elem].size;
    if (Place place = in.heap.find(buffer); place.id != kNoObject && size > 0)
      cap = std::min(cap, (place.start + place.size - buffer) / size);
    else if (size > 0 || cap > (std::uint64_t(1) << 40))
      cap = 0;
    out.channels.object.push_back(object);
    out.channels.elem.push_back(type.elem);
    out.channels.len.push_back(std::min(len, cap));
    out.channels.cap.push_back(cap);
    out.channels.receivers.push_back(
        waiters(in.heap, in.heap.value<std::uint64_t>(addr + at.receivers), layout.waiter->next));
    out.channels.senders.push_back(
        waiters(in.heap, in.heap.value<std::uint64_t>(addr + at.senders), layout.waiter->next));
    out.channels.closed.push_back(in.heap.value<std::uint32_t>(addr + at.closed) != 0);
  }
}

}  // namespace memsnap
