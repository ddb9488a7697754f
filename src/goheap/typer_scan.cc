#include "goheap/typer.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kFlagIndir = 1 << 7;  // reflect.flag: the word is a pointer to the value

std::uint64_t load(const std::byte* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

void Typer::drain() {
  // Objects are fetched sixteen ahead.
  constexpr std::uint32_t kAhead = 16;
  std::array<Work, kAhead> next;
  std::uint32_t head = 0, count = 0;
  for (;;) {
    while (count < kAhead && !work_.empty()) {
      __builtin_prefetch(work_.back().memory);
      next[(head + count++) % kAhead] = work_.back();
      work_.pop_back();
    }
    if (count == 0) {
      if (settled_ == made_) return;
      advance(made_ + kRing);
      continue;
    }
    Work work = next[head % kAhead];
    head = (head + 1) % kAhead;
    --count;
    scan(work);
  }
}

void Typer::scan(const Work& work) {
  Info what = info(work.type);  // a copy: the table may move while types are made
  if (what.special >= Special::kTrieNode) scan_special(work, what);
  const TypeProgram& program = *what.program;
  if (program.steps.empty() || what.size == 0) return;
  std::uint64_t end = what.is_array ? work.room : std::min(work.room, what.size);
  for (std::uint64_t at = 0; at + what.size <= end; at += what.size)
    run_steps(program, work.memory + at, what.size);
}

void Typer::run_steps(const TypeProgram& program, const std::byte* memory, std::uint64_t room) {
  for (const Step& todo : program.steps)
    if (todo.offset + std::uint64_t(8) <= room) step(todo, memory + todo.offset, room - todo.offset);
}

void Typer::step(const Step& step, const std::byte* memory, std::uint64_t room) {
  if (step.op == Op::kRepeat) {
    const Info what = info(step.type);
    std::uint64_t fits = what.size == 0 ? 0 : std::min<std::uint64_t>(step.count, room / what.size);
    for (std::uint64_t i = 0; i < fits; ++i) run_steps(*what.program, memory + i * what.size, what.size);
    return;
  }
  std::uint64_t value = load(memory);
  if (value == 0) return;
  current_word_ = memory;
  switch (step.op) {
    case Op::kPointer: claim(value, step.type); return;
    case Op::kSlice: claim(value, step.type, room >= 24 ? load(memory + 16) : 1); return;
    case Op::kString: claim(value, model_.string_bytes(), 0); return;
    case Op::kFunc: claim_func(value); return;
    case Op::kWord: claim(value, TypeId{}); return;
    case Op::kEmptyInterface:
    case Op::kInterface: {
      if (room < 16 || load(memory + 8) == 0) return;
      TypeId type = step.op == Op::kInterface ? model_.of_itab(value) : model_.of_rtype(value);
      current_word_ = memory + 8;
      if (type != TypeId{}) dynamic(type, memory + 8);
      return;
    }
    case Op::kReflectValue: {
      if (room < 24 || load(memory + 8) == 0) return;
      TypeId type = model_.of_rtype(value);
      if (type == TypeId{}) return;
      current_word_ = memory + 8;
      if (load(memory + 16) & kFlagIndir)
        claim(load(memory + 8), model_.object_type(type));
      else
        dynamic(type, memory + 8);
      return;
    }
    case Op::kPool:
    case Op::kSyncMap:
    case Op::kRepeat: return;
  }
}

void Typer::dynamic(TypeId type, const std::byte* data) {
  if (model_[type].direct)
    run_steps(*info(type).program, data, 8);
  else
    claim(load(data), model_.object_type(type));
}

// Containers whose pointers mean different things in different states.
void Typer::scan_special(const Work& work, const Info& what) {
  const ContainerLayout& at = model_.containers();
  auto word = [&](std::uint64_t offset) { return offset + 8 <= work.room ? load(work.memory + offset) : 0; };
  auto part = [&](Role role) {
    TypeId map = model_[work.type].container;
    return map == TypeId{} ? map : model_.map_part(map, role);
  };
  current_word_ = work.memory;
  switch (what.special) {
    case Special::kSwissHeader:
      if (!at.swiss) return;
      // Up to eight entries lie in one group without a table (internal/runtime/maps/map.go).
      if (std::uint64_t directory = word(at.swiss->dir_ptr)) {
        bool small = word(at.swiss->dir_len) == 0;
        if (TypeId type = part(small ? Role::kMapGroups : Role::kMapDirectory); type != TypeId{})
          claim(directory, type);
      }
      return;
    case Special::kSwissDirectory:
      if (TypeId type = part(Role::kMapTable); type != TypeId{})
        for (std::uint64_t i = 0; i + 8 <= work.room; i += 8)
          if (std::uint64_t table = word(i)) claim(table, type);
      return;
    case Special::kSwissTable:
      if (!at.table) return;
      if (std::uint64_t groups = word(at.table->data))
        if (TypeId type = part(Role::kMapGroups); type != TypeId{}) claim(groups, type);
      return;
    case Special::kBucketsHeader:
      if (!at.buckets) return;
      if (TypeId type = part(Role::kMapGroups); type != TypeId{})
        for (std::uint64_t offset : {at.buckets->buckets, at.buckets->old})
          if (std::uint64_t buckets = word(offset)) claim(buckets, type);
      return;
    case Special::kChannel:
      if (!at.channel) return;
      if (std::uint64_t buffer = word(at.channel->buf); buffer != 0 && model_[work.type].elem != TypeId{})
        if (TypeId type = model_.chan_part(work.type, Role::kChanBuffer); type != TypeId{})
          claim(buffer, type);
      return;
    case Special::kTimer:
      // runtime/time.go: timeTimer.c is the channel of a NewTimer, as an unsafe pointer.
      if (TypeId channel = model_.named("<-chan time.Time"); channel != TypeId{} && word(0) != 0)
        claim(word(0), model_.chan_part(channel, Role::kChanHeader));
      return;
    default: return;
  }
}

}  // namespace memsnap
