// For tests and fuzz targets: a heap with rows in every table that fit together, and checksums for a file
// that was changed on purpose.
#pragma once

#include "snap/format.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <new>
#include <random>
#include <string>

namespace memsnap {

class RandomHeap {
 public:
  RandomHeap(unsigned seed, std::uint32_t objects) : random_(seed), objects_(objects) {}

  Heap make() {
    make_strings();
    make_types();
    make_roots();
    make_objects();
    make_edges();
    Heap::tables(heap_, [&](std::string_view table, auto& rows) { fill_table(table, rows); });
    return std::move(heap_);
  }

 private:
  std::uint32_t below(std::size_t limit) { return std::uint32_t(random_() % limit); }

  void make_strings() {
    StringPool pool;
    for (unsigned i = 0; i < 40; ++i) pool.add("name " + std::string(i % 7, 'x') + std::to_string(i));
    heap_.strings = pool.take();
  }
  void make_types() {
    constexpr std::uint32_t kTypes = 12;
    for (std::uint32_t i = 0; i < kTypes; ++i) {
      heap_.types.first_field.push_back(std::uint32_t(heap_.fields.rows()));
      heap_.types.name.push_back(StringId(i));
      for (std::uint32_t f = below(4); f > 0; --f) heap_.fields.name.push_back(StringId(f));
    }
    heap_.types.first_field.push_back(std::uint32_t(heap_.fields.rows()));
  }
  void make_roots() {
    for (std::uint32_t i = 0; i < 9; ++i) {
      heap_.roots.kind.push_back(RootKind(i % 7));
      heap_.roots.phase.push_back(std::uint8_t(i % 4));
      heap_.roots.goroutine.push_back(i < 3 ? i : kNoRow);
    }
  }
  void make_objects() {
    std::uint64_t addr = 0xc000000000;
    for (std::uint32_t i = 0; i < objects_; ++i) {
      bool reached = below(8) != 0;
      heap_.objects.addr.push_back(Addr(addr));
      heap_.objects.words.push_back(1 + below(64));
      addr += heap_.objects.words[i] * 8;
      heap_.objects.flags.push_back(reached ? kReached : 0);
      heap_.objects.idom.push_back(!reached ? kNoNode : dominator(i));
    }
  }
  // An earlier object that is reached, a label or the virtual root.
  NodeId dominator(std::uint32_t object) {
    std::uint32_t up = object == 0 ? 0 : below(object);
    bool by_object = object != 0 && below(4) != 0 && heap_.objects.reached(ObjectId(up));
    return by_object ? NodeId(up) : NodeId(objects_ + below(heap_.roots.rows() + 1));
  }
  void make_edges() {
    for (std::uint32_t i = 0; i < objects_; ++i) {
      heap_.edges.first.push_back(std::uint32_t(heap_.edges.target.size()));
      for (std::uint32_t n = below(5); n > 0; --n) {
        heap_.edges.target.push_back(ObjectId(below(objects_)));
        heap_.edges.at.push_back(below(heap_.objects.words[i]));
      }
    }
    heap_.edges.first.push_back(std::uint32_t(heap_.edges.target.size()));
  }

  // The columns that nothing above has filled: as many rows as the table has, each value in its range.
  template <class Table>
  void fill_table(std::string_view name, Table& table) {
    constexpr std::size_t kOthers = 6;
    std::size_t rows = kOthers;
    if (name == "objects")
      rows = objects_;
    else if (name == "types")
      rows = heap_.types.name.size();
    else if (name == "fields")
      rows = heap_.fields.name.size();
    else if (name == "roots")
      rows = heap_.roots.kind.size();
    if (name == "strings" || name == "edges") return;
    table.columns(table, [&](std::string_view column, auto& values, std::string_view) {
      if (!values.empty()) return;
      for (std::size_t row = 0; row < rows; ++row) values.push_back(value_of(values, column, row));
    });
  }
  template <class Values>
  typename Values::value_type value_of(const Values&, std::string_view column, std::size_t row) {
    using Value = typename Values::value_type;
    if constexpr (std::is_same_v<Value, StringId>)
      return StringId(below(heap_.strings.rows()));
    else if constexpr (std::is_same_v<Value, ObjectId>)
      return ObjectId(std::uint32_t(row * objects_ / 6));
    else if constexpr (std::is_same_v<Value, TypeId>)
      return TypeId(below(heap_.types.rows()));
    else if constexpr (std::is_same_v<Value, RootId>)
      return RootId(std::uint32_t(row));
    else if constexpr (std::is_same_v<Value, FrameId>)
      return FrameId(below(6));
    else if constexpr (std::is_same_v<Value, Addr>)
      return Addr(random_());
    else if constexpr (std::is_enum_v<Value>)
      return Value(below(2));
    else if constexpr (std::is_same_v<Value, double>)
      return double(random_()) / 3;
    else if (column == "map" || column == "bucket" || column == "first_frame")
      return Value(below(3));
    else if (column == "frames")
      return Value(below(4));
    else
      return Value(random_());
  }

  std::mt19937_64 random_;
  std::uint32_t objects_;
  Heap heap_;
};

// Bytes where a mapped file could lie.
class AlignedCopy {
 public:
  explicit AlignedCopy(Bytes bytes)
      : size_(bytes.size()),
        data_(static_cast<std::byte*>(::operator new(size_ + 1, std::align_val_t(snap::kAlign)))) {
    std::ranges::copy(bytes, data_);
  }
  ~AlignedCopy() { ::operator delete(data_, std::align_val_t(snap::kAlign)); }
  AlignedCopy(const AlignedCopy&) = delete;
  AlignedCopy& operator=(const AlignedCopy&) = delete;
  std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  std::size_t size_;
  std::byte* data_;
};

// Gives a file whose header can be read the checksums of what it now holds.
inline void mend_checksums(std::span<std::byte> file) {
  snap::Header header;
  if (file.size() < sizeof header) return;
  std::memcpy(&header, file.data(), sizeof header);
  std::size_t most = (file.size() - sizeof header) / sizeof(snap::Section);
  std::vector<snap::Section> sections(std::min<std::size_t>(header.sections, most));
  std::span<std::byte> table = file.subspan(sizeof header, sections.size() * sizeof(snap::Section));
  if (!sections.empty()) std::memcpy(sections.data(), table.data(), table.size());
  for (snap::Section& s : sections) {
    bool inside =
        s.offset <= file.size() && s.element_size != 0 && s.rows <= (file.size() - s.offset) / s.element_size;
    if (inside)
      s.checksum = snap::checksum(file.subspan(std::size_t(s.offset), std::size_t(s.rows * s.element_size)));
  }
  header.file_size = file.size();
  header.checksum = snap::header_checksum(header, sections);
  if (!sections.empty()) std::memcpy(table.data(), sections.data(), table.size());
  std::memcpy(file.data(), &header, sizeof header);
}

}  // namespace memsnap
