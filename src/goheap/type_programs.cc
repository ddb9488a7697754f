#include "goheap/type_programs.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::size_t kMostSteps = 1 << 16;  // of one program; forged types could ask for any number
constexpr std::uint64_t kUnrolled = 64;      // steps of an array that are written out
constexpr std::uint32_t kDeepest = 8;        // repeats inside repeats
constexpr std::uint64_t kFurthest = ~std::uint32_t{0};

// Words that the collector's bitmap calls pointers, from the start of the step. The first word of an
// interface is none (cmd/compile/internal/typebits).
std::uint64_t pointer_words(Op op) {
  switch (op) {
    case Op::kEmptyInterface:
    case Op::kInterface: return 0b10;
    case Op::kReflectValue: return 0b11;
    case Op::kPool:
    case Op::kSyncMap:
    case Op::kRepeat: return 0;
    default: return 0b1;
  }
}

void add_step(TypeProgram& program, std::uint64_t offset, Op op, TypeId type = TypeId{},
              std::uint64_t count = 0) {
  if (offset > kFurthest || offset % 8 != 0 || program.steps.size() >= kMostSteps) return;
  program.steps.push_back(
      {.offset = std::uint32_t(offset), .op = op, .type = type, .count = std::uint32_t(count)});
  std::uint64_t word = offset / 8, words = pointer_words(op);
  if (word < 64) program.mask |= words << word;
  if (op == Op::kSlice || op == Op::kString) program.slices = true;
  if (op == Op::kPool || op == Op::kSyncMap) program.containers = true;
}

}  // namespace

void TypePrograms::grow() {
  state_.resize(std::max(state_.size(), model_.size()), State::kNew);
  ready_.resize(state_.size());
}

const TypeProgram& TypePrograms::compile(TypeId type) {
  std::vector<TypeId> open{type};
  while (!open.empty()) {
    grow();
    TypeId top = open.back();
    State& state = state_[std::size_t(top)];
    if (state == State::kDone) {
      open.pop_back();
      continue;
    }
    if (state == State::kNew) {
      state = State::kOpen;
      std::vector<TypeId> parts = components(top);
      grow();
      // A part that is open already contains itself: forged, and left out.
      for (TypeId part : parts)
        if (state_[std::size_t(part)] == State::kNew) open.push_back(part);
      if (open.back() != top) continue;
    }
    assemble(top);
    grow();
    state_[std::size_t(top)] = State::kDone;
    open.pop_back();
  }
  return *ready_[std::size_t(type)];
}

// Types whose values lie inside a value of this one.
std::vector<TypeId> TypePrograms::components(TypeId type) {
  const GoType& row = model_.expanded(type);
  if (row.role == Role::kMapGroups && row.container != TypeId{}) return {row.layout, row.key, row.elem};
  if (row.layout != TypeId{}) return {row.layout};
  if (row.kind == Kind::kArray) return {row.elem};
  std::vector<TypeId> parts;
  for (const GoField& field : row.fields) parts.push_back(field.type);
  return parts;
}

void TypePrograms::add_part(TypeProgram& program, std::uint64_t offset, TypeId part) {
  if (state_[std::size_t(part)] != State::kDone || !ready_[std::size_t(part)]) return;
  const TypeProgram& inner = *ready_[std::size_t(part)];
  program.depth = std::max(program.depth, inner.depth);
  program.slices |= inner.slices;
  program.containers |= inner.containers;
  for (const Step& step : inner.steps)
    add_step(program, offset + step.offset, step.op, step.type, step.count);
  // Repeats have no step of their own for each word.
  if (offset % 8 == 0 && offset / 8 < 64) program.mask |= inner.mask << (offset / 8);
}

void TypePrograms::add_array(TypeProgram& program, std::uint64_t offset, TypeId elem, std::uint64_t count) {
  if (state_[std::size_t(elem)] != State::kDone || !ready_[std::size_t(elem)]) return;
  const TypeProgram& inner = *ready_[std::size_t(elem)];
  if (inner.steps.empty() || inner.size == 0 || count == 0) return;
  if (inner.steps.size() * std::min(count, kUnrolled) <= kUnrolled && count <= kUnrolled) {
    for (std::uint64_t i = 0; i < count; ++i) add_part(program, offset + i * inner.size, elem);
    return;
  }
  if (inner.depth >= kDeepest) return;
  add_step(program, offset, Op::kRepeat, elem, std::min(count, kFurthest));
  program.depth = std::max(program.depth, inner.depth + 1);
  program.slices |= inner.slices;
  program.containers |= inner.containers;
  for (std::uint64_t i = 0; i < count && (offset + i * inner.size) / 8 < 64; ++i)
    program.mask |= inner.mask << ((offset + i * inner.size) / 8);
}

// Slots of a map. What is stored indirectly belongs to the map, not to whoever else has a pointer of that
// type.
void TypePrograms::add_groups(const GoType& row, TypeProgram& program) {
  constexpr std::uint64_t kSlots = 8;
  const MapShape* shape = model_.map_shape(row.container);
  if (shape == nullptr) return add_part(program, 0, row.layout);
  auto column = [&](std::uint64_t offset, TypeId type, bool indirect) {
    if (!indirect) return add_part(program, offset, type);
    TypeId part = model_.map_part(row.container, Role::kMapIndirect, type);
    add_step(program, offset, part == TypeId{} ? Op::kWord : Op::kPointer, part);
  };
  for (std::uint64_t i = 0; i < kSlots; ++i) {
    column(shape->keys + i * shape->key_stride, row.key, shape->indirect_key);
    column(shape->elems + i * shape->elem_stride, row.elem, shape->indirect_elem);
  }
  if (shape->layout == MapLayout::kBuckets)
    add_step(program, shape->overflow, Op::kPointer, model_.map_part(row.container, Role::kMapGroups));
}

void TypePrograms::add_struct(TypeId type, TypeProgram& program) {
  const GoType& row = model_[type];
  for (const GoField& field : row.fields) {
    // An unsafe word of a container has a meaning that we know.
    bool word = model_[field.type].kind == Kind::kUnsafePointer;
    if (word && row.special == Special::kAtomicPointer) {
      TypeId target{};
      for (const GoField& other : row.fields)
        if (const GoType& hint = model_.expanded(other.type); hint.kind == Kind::kArray && hint.count == 0)
          target = model_.pointee(hint.elem);
      add_step(program, field.offset, target == TypeId{} ? Op::kWord : Op::kPointer, target);
    } else if (word && row.special == Special::kWeakPointer) {
      add_step(program, field.offset, Op::kPointer, model_.weak_handle());
    } else if (row.role == Role::kRuntime && field.name == "c" &&
               (row.name == "runtime.sudog" || row.name.starts_with("sudog<"))) {
      // A pointer to the channel, since go1.26 inside maybeTraceableChan (runtime/runtime2.go).
      add_part(program, field.offset, field.type);
      TypeId channel = model_.named("runtime.hchan");
      for (Step& step : program.steps)
        if (step.offset == field.offset && step.op == Op::kWord && channel != TypeId{})
          step.op = Op::kPointer, step.type = channel;
    } else if (word && row.special == Special::kPool) {
      TypeId locals = model_.slice_array(model_.named("sync.poolLocal"));
      add_step(program, field.offset, locals == TypeId{} ? Op::kWord : Op::kPointer, locals);
    } else {
      add_part(program, field.offset, field.type);
    }
  }
}

void TypePrograms::assemble(TypeId type) {
  auto program = std::make_unique<TypeProgram>();
  const GoType& row = model_.expanded(type);
  program->size = row.size;
  auto single = [&](Op op, TypeId target = TypeId{}) { add_step(*program, 0, op, target); };
  auto leading_to = [&](TypeId target) { single(target == TypeId{} ? Op::kWord : Op::kPointer, target); };
  if (row.layout != TypeId{}) {
    if (row.role == Role::kMapGroups)
      add_groups(row, *program);
    else
      add_part(*program, 0, row.layout);
    ready_[std::size_t(type)] = std::move(program);
    return;
  }
  switch (row.kind) {
    case Kind::kPointer: leading_to(model_.pointee(type)); break;
    case Kind::kUnsafePointer: single(Op::kWord); break;
    case Kind::kString:
      if (row.role == Role::kPlain) single(Op::kString);
      break;
    case Kind::kSlice: {
      TypeId array = model_.slice_array(row.elem);
      single(array == TypeId{} ? Op::kWord : Op::kSlice, array);
      break;
    }
    case Kind::kInterface:
      single(row.special == Special::kEmptyInterface ? Op::kEmptyInterface : Op::kInterface);
      break;
    case Kind::kFunc:
      if (row.role == Role::kClosure)
        add_struct(type, *program);
      else
        single(Op::kFunc);
      break;
    case Kind::kMap: leading_to(model_.map_part(type, Role::kMapHeader)); break;
    case Kind::kChan: leading_to(model_.chan_part(type, Role::kChanHeader)); break;
    case Kind::kArray: add_array(*program, 0, row.elem, row.count); break;
    case Kind::kStruct:
      // Written out as a struct, the first word is a pointer to the collector too.
      if (row.special == Special::kEmptyInterface)
        single(Op::kEmptyInterface), program->mask |= 1;
      else if (row.special == Special::kInterface)
        single(Op::kInterface), program->mask |= 1;
      else if (row.special == Special::kReflectValue)
        single(Op::kReflectValue);
      else {
        if (row.special == Special::kPool) single(Op::kPool);
        if (row.special == Special::kSyncMap) single(Op::kSyncMap, type);
        add_struct(type, *program);
      }
      break;
    default: break;
  }
  ready_[std::size_t(type)] = std::move(program);
}

}  // namespace memsnap
