// What to do with the words of an object of a type, compiled once: a flat list of the places that lead on. A
// walk over millions of objects then never looks at a field again.
#pragma once

#include "goheap/type_model.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace memsnap {

enum class Op : std::uint8_t {
  kPointer,         // a word that leads to an object of `type`
  kSlice,           // pointer, length, capacity; `type` is the array's
  kString,          // pointer, length
  kEmptyInterface,  // descriptor, data
  kInterface,       // interface table, data
  kFunc,            // closure
  kWord,            // a pointer to something unknown
  kReflectValue,    // descriptor, word, flags
  kPool,            // a sync.Pool begins here; its pointers have steps of their own
  kSyncMap,         // a sync.Map's trie begins here, `type` is its HashTrieMap
  kRepeat,          // `count` values of `type`, one behind the other
};

struct Step {
  std::uint32_t offset = 0;  // bytes from the start of a unit
  Op op = Op::kWord;
  TypeId type{};
  std::uint32_t count = 0;  // kRepeat
};

struct TypeProgram {
  std::vector<Step> steps;
  std::uint64_t size = 0;   // of a unit
  std::uint64_t mask = 0;   // of the first 64 words: those that the collector's bitmap would call pointers
  std::uint32_t depth = 0;  // repeats inside repeats
  bool slices = false;      // shows arrays or strings
  bool containers = false;  // holds a pool or a sync.Map
};

class TypePrograms {
 public:
  explicit TypePrograms(TypeModel& model) : model_(model) {}
  // Never null; the program of a type that leads nowhere has no steps.
  const TypeProgram& of(TypeId type) {
    if (std::size_t(type) < ready_.size() && ready_[std::size_t(type)]) return *ready_[std::size_t(type)];
    return compile(type);
  }
  TypeModel& model() { return model_; }

 private:
  enum class State : std::uint8_t { kNew, kOpen, kDone };
  const TypeProgram& compile(TypeId type);
  void grow();
  std::vector<TypeId> components(TypeId type);
  void assemble(TypeId type);
  void add_struct(TypeId type, TypeProgram& program);
  void add_part(TypeProgram& program, std::uint64_t offset, TypeId part);
  void add_groups(const GoType& row, TypeProgram& program);
  void add_array(TypeProgram& program, std::uint64_t offset, TypeId elem, std::uint64_t count);

  TypeModel& model_;
  std::vector<State> state_;
  std::vector<std::unique_ptr<TypeProgram>> ready_;
};

}  // namespace memsnap
