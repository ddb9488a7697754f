// A profile as profile.proto knows it: stacks, each with one value per sample type and with labels. Readers
// fill it, filters rewrite it, reports only look at it. Ids of the file are kept beside the row numbers,
// since -raw prints them and a profile that is written again has them again.
// Facts: github.com/google/pprof/proto/profile.proto.
#pragma once

#include "base/bytes.h"
#include "tables/ids.h"
#include "tables/row_set.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class MappingId : std::uint32_t {};   // a row of Profile::mappings
enum class FunctionId : std::uint32_t {};  // a row of Profile::functions
enum class LocationId : std::uint32_t {};  // a row of Profile::locations
inline constexpr MappingId kNoMapping{~0u};
inline constexpr FunctionId kNoFunction{~0u};

// The text of a profile, each once: equal text has equal ids. Id 0 is "".
class ProfileStrings {
 public:
  ProfileStrings();
  ProfileStrings(ProfileStrings&&) noexcept = default;  // a copy's rows would lie in the original
  ProfileStrings& operator=(ProfileStrings&&) noexcept = default;
  StringId add(std::string_view text);          // copies the text when it is new
  StringId borrow(std::string_view text);       // keeps the view: its memory must live as long as the profile
  void replace(StringId id, std::string text);  // what has the id shows the new text; find() does not know it
  StringId find(std::string_view text) const;   // kNoString when no row has it
  std::string_view operator[](StringId id) const { return rows_[std::size_t(id)]; }
  std::size_t rows() const { return rows_.size(); }
  static constexpr StringId kNoString{~0u};

 private:
  std::uint32_t row_of(std::string_view text, std::uint32_t hash) const;
  StringId insert(std::string_view text, std::uint32_t hash);

  std::vector<std::string_view> rows_;
  RowSet ids_;
  std::deque<std::string> own_;
};

struct ValueType {
  StringId type{}, unit{};  // cpu, nanoseconds
};

struct ProfileMapping {
  std::uint64_t id = 0;
  std::uint64_t start = 0, limit = 0, offset = 0;  // addresses of the target; offset in the file
  StringId file{}, build_id{};
  bool has_functions = false, has_filenames = false, has_line_numbers = false, has_inline_frames = false;
  // [kernel.kallsyms]_text: the symbol that start was relocated by, "" when the file's name has none.
  StringId kernel_relocation{};
};

struct ProfileFunction {
  std::uint64_t id = 0;
  StringId name{}, system_name{}, file{};  // system_name: as the linker knows it
  std::int64_t start_line = 0;
};

struct ProfileLine {
  FunctionId function = kNoFunction;
  std::int64_t line = 0, column = 0;
};

// The lines of a location are lines[first_line] .. lines[first_line + line_count]: the innermost inlined call
// first, the function that the address belongs to last. None when nobody symbolized it.
struct ProfileLocation {
  std::uint64_t id = 0;
  MappingId mapping = kNoMapping;
  std::uint64_t address = 0;
  std::uint32_t first_line = 0, line_count = 0;
  bool folded = false;
};

// A label is text or a number with a unit. Labels keep the order of the file.
struct ProfileLabel {
  static constexpr StringId kText{~0u};
  StringId key{};
  StringId unit = kText;   // of a number, "" when it has none; kText when it is text
  std::int64_t value = 0;  // the number, or the StringId of the text
  bool is_text() const { return unit == kText; }
  StringId text() const { return StringId(value); }
};

// The locations of one sample from the leaf to the root: varints of row + 1, as they stand in a file whose
// ids are 1, 2, 3 …, so that such a file is used in place. Only valid rows are ever stored.
struct PackedStack {
  const std::uint8_t* bytes = nullptr;
  std::uint32_t size = 0;

  template <class Visit>
  void each(Visit&& visit) const {  // visit(LocationId), leaf first
    for (const std::uint8_t *at = bytes, *end = bytes + size; at != end;) {
      std::uint32_t value = *at++;
      if (value >= 0x80) {
        value &= 0x7f;
        for (int shift = 7;; shift += 7) {
          std::uint8_t byte = *at++;
          value |= std::uint32_t(byte & 0x7f) << (shift & 31);
          if (byte < 0x80) break;
        }
      }
      visit(LocationId(value - 1));
    }
  }
  template <class Visit>
  void each_from_root(Visit&& visit) const {
    for (const std::uint8_t* at = bytes + size; at != bytes;) {
      std::uint32_t value = *--at;  // the last byte of a varint is the one without the bit
      while (at != bytes && at[-1] >= 0x80) value = value << 7 | (*--at & 0x7fu);
      visit(LocationId(value - 1));
    }
  }
  void append_to(std::vector<LocationId>& out) const {
    each([&](LocationId location) { out.push_back(location); });
  }
};

// Bytes that keep their place until the profile dies.
class ByteArena {
 public:
  PackedStack pack(std::span<const LocationId> leaf_first);
  std::uint8_t* reserve(std::size_t size);  // uninitialised

 private:
  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::uint8_t* at_ = nullptr;
  std::size_t left_ = 0;
};

// One row per sample. values has types() columns, row by row; the labels of sample i are
// labels[label_end[i - 1]] .. labels[label_end[i]].
struct SampleTable {
  std::vector<PackedStack> stacks;
  std::vector<std::int64_t> values;
  std::vector<std::uint32_t> label_end;
  std::vector<ProfileLabel> labels;

  std::size_t rows() const { return stacks.size(); }
  std::span<const ProfileLabel> labels_of(std::size_t row) const {
    std::uint32_t from = row == 0 ? 0 : label_end[row - 1];
    return std::span(labels).subspan(from, label_end[row] - from);
  }
};

// Memory that a profile's strings and stacks lie in: a file's bytes, inflated or mapped.
struct ProfileMemory {
  virtual ~ProfileMemory() = default;
};

struct Profile {
  std::vector<ValueType> sample_types;
  StringId default_sample_type{};
  SampleTable samples;
  std::vector<ProfileMapping> mappings;
  std::vector<ProfileLocation> locations;
  std::vector<ProfileLine> lines;
  std::vector<ProfileFunction> functions;
  ProfileStrings strings;
  std::vector<StringId> comments;
  StringId drop_frames{}, keep_frames{};  // regular expressions
  StringId doc_url{};
  std::int64_t time_nanos = 0;      // since 1970; 0: not known
  std::int64_t duration_nanos = 0;  // 0: not a span of time
  ValueType period_type;
  std::int64_t period = 0;
  ByteArena arena;
  std::vector<std::unique_ptr<ProfileMemory>> memory;

  std::size_t types() const { return sample_types.size(); }
  std::string_view text(StringId id) const { return strings[id]; }
  std::span<const std::int64_t> values_of(std::size_t sample) const {
    return std::span(samples.values).subspan(sample * types(), types());
  }
  std::span<std::int64_t> values_of(std::size_t sample) {
    return std::span(samples.values).subspan(sample * types(), types());
  }
  std::span<const ProfileLine> lines_of(const ProfileLocation& location) const {
    return std::span(lines).subspan(location.first_line, location.line_count);
  }
  const ProfileLocation& operator[](LocationId id) const { return locations[std::size_t(id)]; }
  const ProfileFunction& operator[](FunctionId id) const { return functions[std::size_t(id)]; }
  const ProfileMapping& operator[](MappingId id) const { return mappings[std::size_t(id)]; }

  // Appends one sample. `values` has types() numbers.
  void add_sample(std::span<const LocationId> leaf_first, std::span<const std::int64_t> values,
                  std::span<const ProfileLabel> labels);
  // A copy that may be filtered while this one stays. Its text and stacks lie in this one, which must live
  // as long.
  Profile view() const;
};

}  // namespace memsnap
