#include "goheap/frames.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::int32_t kArgsUnknown = INT32_MIN;  // internal/abi.ArgsSizeUnknown
constexpr std::uint8_t kTopFrame = 1;             // internal/abi.FuncFlagTopFrame
constexpr std::uint32_t kMostWords = 1 << 24, kMostObjects = 1 << 16;

FrameShape::Kind kind_of(std::string_view name) {
  if (name == "runtime.asyncPreempt" || name == "runtime.debugCallV2") return FrameShape::Kind::kAsyncPreempt;
  if (name == "runtime.sigpanic") return FrameShape::Kind::kSigPanic;
  if (name == "reflect.makeFuncStub" || name == "reflect.methodValueCall")
    return FrameShape::Kind::kReflectStub;
  return FrameShape::Kind::kPlain;
}

}  // namespace

FrameShapes::FrameShapes(const RawHeap& heap) : heap_(heap) {
  const ModuleData& module = heap.modules().front();
  rodata_ = module.rodata - heap.bias();
  std::uint64_t from = module.gofunc - heap.bias();
  // gofunc is the start of a read-only part of the file; it is as long as the section that holds it.
  for (const ElfSection& section : heap.program().elf.sections())
    if (from >= section.addr && from < section.addr + section.size)
      gofunc_ = heap.program().elf.at(from, section.addr + section.size - from);
}

const FrameShape& FrameShapes::at(std::uint64_t pc, PcKind kind) {
  auto [place, fresh] = shapes_.try_emplace({pc, kind});
  if (fresh) place->second = make(pc, kind);
  return place->second;
}

FrameShape FrameShapes::make(std::uint64_t pc, PcKind kind) const {
  FrameShape shape;
  std::uint64_t unrelocated = pc - heap_.bias();
  const Pclntab& table = heap_.pclntab();
  auto function = table.function_at(unrelocated);
  if (!function) return shape;
  auto size = table.sp_delta(*function, unrelocated);
  if (!size || *size < 0) return shape;
  shape.known = true;
  shape.size = *size;
  shape.entry = function->entry;
  shape.kind = kind_of(function->name);
  shape.top = (function->flags & kTopFrame) != 0;
  if (function->args != kArgsUnknown && function->args > 0) shape.arg_bytes = std::uint32_t(function->args);
  bool behind_call = kind == PcKind::kReturn && unrelocated > function->entry;
  shape.lookup_pc = behind_call ? unrelocated - 1 : unrelocated;
  shape.lines = table.frames(*function, shape.lookup_pc, gofunc_);
  std::uint64_t map_pc = shape.lookup_pc;
  if (kind == PcKind::kPanicked) {
    // The frame goes on at its call of deferreturn, if it has one.
    shape.dead = function->defer_return == 0;
    map_pc = function->entry + function->defer_return;
  }
  if (kind != PcKind::kExact && !shape.dead) {
    read_maps(*function, map_pc, shape);
    read_objects(*function, shape);
  }
  return shape;
}

void FrameShapes::read_maps(const GoFunction& function, std::uint64_t pc, FrameShape& shape) const {
  const Pclntab& table = heap_.pclntab();
  // At its entry a function has the first map, whatever its first instruction changes.
  std::int32_t index = pc == function.entry ? -1 : table.pcdata(function, kPcDataStackMap, pc);
  if (index < 0) index = 0;
  if (auto locals = table.funcdata(function, kFuncDataLocals); locals && shape.size > 0)
    read_map(*locals, index, shape.locals, shape.local_words);
  if (shape.arg_bytes == 0) return;
  if (auto args = table.funcdata(function, kFuncDataArgs))
    read_map(*args, index, shape.args, shape.arg_words);
}

// runtime/symtab.go, type stackmap: number of bitmaps, bits of each, the bitmaps.
bool FrameShapes::read_map(std::uint32_t offset, std::int32_t index, std::vector<std::uint8_t>& mask,
                           std::uint32_t& words) const {
  Cursor in(gofunc_);
  in.seek(offset);
  auto count = in.fixed<std::int32_t>(), bits = in.fixed<std::int32_t>();
  if (!in.ok() || bits <= 0 || std::uint32_t(bits) > kMostWords || index >= count) return false;
  std::uint64_t bytes = (std::uint64_t(bits) + 7) / 8;
  in.seek(offset + 8 + std::uint64_t(index) * bytes);
  Bytes map = in.take(bytes);
  if (!in.ok()) return false;
  mask.resize(map.size());
  std::memcpy(mask.data(), map.data(), map.size());
  words = std::uint32_t(bits);
  return true;
}

// runtime/stack.go, type stackObjectRecord.
void FrameShapes::read_objects(const GoFunction& function, FrameShape& shape) const {
  auto offset = heap_.pclntab().funcdata(function, kFuncDataStackObjects);
  if (!offset) return;
  Cursor in(gofunc_);
  in.seek(*offset);
  auto count = in.fixed<std::uint64_t>();
  if (count > kMostObjects || count > in.left() / 16) return;
  for (std::uint64_t i = 0; i < count; ++i) {
    StackObject object;
    object.offset = in.fixed<std::int32_t>();
    object.size = in.fixed<std::uint32_t>();
    auto pointer_bytes = in.fixed<std::int32_t>();
    auto mask = in.fixed<std::uint32_t>();
    if (pointer_bytes <= 0 || std::uint32_t(pointer_bytes) > object.size) continue;
    std::uint64_t words = std::uint64_t(pointer_bytes) / 8, bytes = (words + 7) / 8;
    Bytes bits = heap_.program().elf.at(rodata_ + mask, bytes);
    if (bits.size() != bytes) continue;
    object.mask.resize(bits.size());
    std::memcpy(object.mask.data(), bits.data(), bits.size());
    if (words % 8) object.mask.back() &= std::uint8_t((1u << (words % 8)) - 1);
    shape.objects.push_back(std::move(object));
  }
}

}  // namespace memsnap
