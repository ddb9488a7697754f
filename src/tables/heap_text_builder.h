// The heap that a text describes, while it is read (heap_text.h): names of objects and roots, and what can
// only be done when all of them are known. The graph is built in heap_text_graph.cc, the rows of the other
// tables in heap_text_rows.cc.
#pragma once

#include "tables/heap_text.h"
#include "tables/heap_text_types.h"
#include "tables/heap_text_words.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace memsnap {

class HeapBuilder {
 public:
  Result<void> read(const Statement& statement);
  Result<HeapText> finish() &&;

 private:
  using Words = std::vector<std::string>;
  using Word = Words::const_iterator;

  struct Family {
    std::uint32_t first = 0, count = 1;
  };
  // Where a pointer lies (a field, @offset, a variable, or nothing) and what it points to.
  struct Ref {
    std::string place, target;
  };
  struct Pending {
    int line = 0;
    Family source;  // of objects, or of roots
    bool root = false;
    std::vector<Ref> refs;
  };
  struct Pointer {
    std::uint32_t source = 0, at = 0, target = 0;
    bool operator<(const Pointer& other) const {
      return source != other.source ? source < other.source : at < other.at;
    }
  };
  // A goroutine statement up to its arrow: `count` goroutines that are alike.
  struct GoroutineWords {
    std::string start, creator, reason, on;
    SourcePlace place;  // of the go statement
    std::uint32_t count = 1, first_frame = 0, frames = 0;
    std::uint64_t goid = 0, waited = 0, stack = 0;  // number of the first; ns; bytes
    GoroutineState state = GoroutineState::kWaiting;
    bool proof = false, system = false, main = false;
  };
  // What a map, pool or array belongs to.
  struct Owner {
    ObjectId object = kNoObject;
    RootId root = kNoRoot;
  };

  // ---- heap_text_graph.cc
  Result<void> read_struct(const Statement& s);
  Result<void> read_type(const Statement& s);
  Result<void> read_object(const Statement& s);
  Result<void> read_edges(const Statement& s);
  Result<void> read_global(const Statement& s);
  Result<void> read_goroutine(const Statement& s);
  Result<GoroutineWords> goroutine_words(const Statement& s, Word arrow);
  Result<void> goroutine_attributes(Word at, Word end, GoroutineWords& g);
  void add_goroutine(const GoroutineWords& g, std::uint64_t goid);
  Result<void> read_special_root(const Statement& s);
  Result<TypeId> object_type(const std::string& role, Word& at, Word end);
  Result<void> add_objects(const std::string& name, std::uint32_t count, TypeId type, std::uint64_t bytes);
  RootId add_root(const std::string& name, RootKind kind, std::uint8_t phase, TypeId type, SourcePlace place);
  Result<void> add_refs(const Statement& s, Family source, bool root, Word arrow);
  Result<Word> read_frames(Word at, Word end, std::uint32_t& first, std::uint32_t& count);
  Result<void> resolve(const Pending& pending);
  Result<void> point(std::uint32_t source, const Ref& ref, std::uint32_t target, std::uint32_t index);
  Result<void> point_root(std::uint32_t root, const Ref& ref, std::uint32_t target);
  // Objects that the i-th of `sources` points to by that name.
  Result<Family> targets(const std::string& name, std::uint32_t i, std::uint32_t sources) const;
  void store_pointers();

  // ---- heap_text_rows.cc
  using Row = Result<void> (HeapBuilder::*)(Word name, Word end);
  static Row row_reader(const std::string& word);
  Result<void> row_map(Word name, Word end);
  Result<void> row_keys(Word name, Word end);
  Result<void> row_array(Word name, Word end);
  Result<void> row_duplicate(Word name, Word end);
  Result<void> row_channel(Word name, Word end);
  Result<void> row_pool(Word name, Word end);
  Result<void> row_special(Word name, Word end);
  Result<void> row_bucket(Word name, Word end);
  Result<void> row_sample(Word name, Word end);
  Result<void> row_class(Word name, Word end);
  Result<void> row_memory(Word name, Word end);
  Result<void> row_counter(Word name, Word end);
  Result<void> row_fact(Word name, Word end);
  Result<void> row_captures(Word name, Word end);
  Result<void> row_series(Word name, Word end);
  Result<Owner> owner(const std::string& name) const;
  Result<ObjectId> object(const std::string& name) const;
  void sort_samples();

  StringPool strings_;
  TypeBook types_{strings_};
  HeapText out_;
  std::map<std::string, Family> objects_, roots_;
  std::map<std::string, std::uint32_t> buckets_;
  std::vector<std::pair<int, std::string>> reached_;  // line and name of objects that a root must reach
  std::vector<std::uint32_t> next_word_;              // per object: where a pointer without a place goes
  std::vector<Pending> pending_;
  std::vector<Pointer> pointers_;
  struct RootPointer {
    std::uint32_t root = 0, target = 0;
    StringId ref{0};
    FrameId frame = kNoFrame;
  };
  std::vector<RootPointer> root_pointers_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> samples_;      // object, bucket
  std::vector<std::pair<int, std::function<Result<void>()>>> later_;  // rows, once all names are known
  std::uint64_t next_address_ = 0xc000000000, next_static_ = 0x800000;
};

}  // namespace memsnap
