// One pass: text gets its index in the order in which the fields mention it, and the string table is written
// behind them all. Facts: Profile.preEncode and Profile.encode of google/pprof.
#include "pprof/gzip.h"
#include "pprof/write.h"

#include <algorithm>
#include <vector>

namespace memsnap {
namespace {

std::size_t varint_size(std::uint64_t value) { return (std::size_t(std::bit_width(value | 1)) + 6) / 7; }

class ProtoWriter {
 public:
  explicit ProtoWriter(const Profile& profile) : p_(profile), index_(profile.strings.rows()) {
    table_.push_back({});
  }
  std::string write();

 private:
  // A message is written first and its length put before it, as most lengths take one byte.
  template <class Body>
  void message(int field, Body&& body);
  void varint(std::uint64_t value);
  void key(int field, int wire) { varint(std::uint64_t(field) << 3 | unsigned(wire)); }
  void number(int field, std::uint64_t value) {
    key(field, 0);
    varint(value);
  }
  void optional(int field, std::uint64_t value) {
    if (value != 0) number(field, value);
  }
  template <class Numbers>
  void numbers(int field, const Numbers& values);
  void text(int field, std::string_view text);
  std::uint64_t index(StringId id);

  void value_type(int field, ValueType type);
  void sample(std::size_t row);
  void stack(PackedStack stack);
  void labels(std::size_t row);
  void label(const ProfileLabel& label);
  void mapping(const ProfileMapping& row);
  void location(const ProfileLocation& row);
  void function(const ProfileFunction& row);
  void header();

  const Profile& p_;
  std::string out_;
  std::vector<std::uint64_t> index_;     // by StringId; 0 is not met yet, and ""
  std::vector<std::string_view> table_;  // by index
  std::vector<ProfileLabel> sorted_;
  std::vector<std::uint64_t> ids_;
  bool ids_in_order_ = true;  // ids of locations are 1, 2, 3 …: stacks are copied
};

void ProtoWriter::varint(std::uint64_t value) {
  char bytes[10];
  int size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = char(value | 0x80);
  bytes[size++] = char(value);
  out_.append(bytes, std::size_t(size));
}

template <class Body>
void ProtoWriter::message(int field, Body&& body) {
  key(field, 2);
  std::size_t at = out_.size();
  out_.push_back(0);
  body();
  std::size_t size = out_.size() - at - 1;
  if (size < 0x80) {
    out_[at] = char(size);
    return;
  }
  out_.insert(at, varint_size(size) - 1, '\0');
  for (; size >= 0x80; size >>= 7) out_[at++] = char(size | 0x80);
  out_[at] = char(size);
}

// Up to two numbers are not packed; their packed form would be no shorter.
template <class Numbers>
void ProtoWriter::numbers(int field, const Numbers& values) {
  if (values.size() <= 2) {
    for (auto value : values) number(field, std::uint64_t(value));
    return;
  }
  std::size_t size = 0;
  for (auto value : values) size += varint_size(std::uint64_t(value));
  key(field, 2);
  varint(size);
  for (auto value : values) varint(std::uint64_t(value));
}

void ProtoWriter::text(int field, std::string_view text) {
  key(field, 2);
  varint(text.size());
  out_.append(text);
}

std::uint64_t ProtoWriter::index(StringId id) {
  std::uint64_t& place = index_[std::size_t(id)];
  if (place == 0 && id != StringId{}) {
    place = table_.size();
    table_.push_back(p_.text(id));
  }
  return place;
}

void ProtoWriter::value_type(int field, ValueType type) {
  message(field, [&] {
    optional(1, index(type.type));
    optional(2, index(type.unit));
  });
}

void ProtoWriter::stack(PackedStack stack) {
  if (ids_in_order_) {
    const char* bytes = reinterpret_cast<const char*>(stack.bytes);
    auto count =
        std::count_if(stack.bytes, stack.bytes + stack.size, [](std::uint8_t byte) { return byte < 0x80; });
    if (count > 2) return text(1, {bytes, stack.size});
  }
  ids_.clear();
  stack.each([&](LocationId location) { ids_.push_back(p_[location].id); });
  numbers(1, ids_);
}

void ProtoWriter::label(const ProfileLabel& label) {
  message(3, [&] {
    optional(1, index(label.key));
    if (label.is_text()) return optional(2, index(label.text()));
    optional(3, std::uint64_t(label.value));
    optional(4, index(label.unit));
  });
}

// Text before numbers, each by key; labels of one key stay in their order.
void ProtoWriter::labels(std::size_t row) {
  auto from = p_.samples.labels_of(row);
  if (from.size() == 1) return label(from[0]);
  sorted_.assign(from.begin(), from.end());
  std::ranges::stable_sort(sorted_, [&](const ProfileLabel& a, const ProfileLabel& b) {
    if (a.is_text() != b.is_text()) return a.is_text();
    return a.key != b.key && p_.text(a.key) < p_.text(b.key);
  });
  // The indexes of an earlier key are given out before those of a later one.
  for (const ProfileLabel& each : sorted_) label(each);
}

void ProtoWriter::sample(std::size_t row) {
  message(2, [&] {
    stack(p_.samples.stacks[row]);
    numbers(2, p_.values_of(row));
    labels(row);
  });
}

void ProtoWriter::mapping(const ProfileMapping& row) {
  message(3, [&] {
    optional(1, row.id);
    optional(2, row.start);
    optional(3, row.limit);
    optional(4, row.offset);
    optional(5, index(row.file));
    optional(6, index(row.build_id));
    optional(7, row.has_functions);
    optional(8, row.has_filenames);
    optional(9, row.has_line_numbers);
    optional(10, row.has_inline_frames);
  });
}

void ProtoWriter::location(const ProfileLocation& row) {
  message(4, [&] {
    optional(1, row.id);
    optional(2, row.mapping == kNoMapping ? 0 : p_[row.mapping].id);
    optional(3, row.address);
    for (const ProfileLine& line : p_.lines_of(row))
      message(4, [&] {
        optional(1, line.function == kNoFunction ? 0 : p_[line.function].id);
        optional(2, std::uint64_t(line.line));
        optional(3, std::uint64_t(line.column));
      });
    optional(5, row.folded);
  });
}

void ProtoWriter::function(const ProfileFunction& row) {
  message(5, [&] {
    optional(1, row.id);
    optional(2, index(row.name));
    optional(3, index(row.system_name));
    optional(4, index(row.file));
    optional(5, std::uint64_t(row.start_line));
  });
}

// What stands behind the string table; its text gets its indexes before the table is written.
void ProtoWriter::header() {
  std::uint64_t drop = index(p_.drop_frames), keep = index(p_.keep_frames);
  index(p_.period_type.type);
  index(p_.period_type.unit);
  ids_.clear();
  for (StringId comment : p_.comments) ids_.push_back(index(comment));
  std::uint64_t default_type = index(p_.default_sample_type), doc_url = index(p_.doc_url);
  for (std::string_view each : table_) text(6, each);
  optional(7, drop);
  optional(8, keep);
  optional(9, std::uint64_t(p_.time_nanos));
  optional(10, std::uint64_t(p_.duration_nanos));
  if (index(p_.period_type.type) != 0 || index(p_.period_type.unit) != 0) value_type(11, p_.period_type);
  optional(12, std::uint64_t(p_.period));
  numbers(13, ids_);
  number(14, default_type);  // theirs is there even when it is 0
  optional(15, doc_url);
}

std::string ProtoWriter::write() {
  for (std::size_t row = 0; row < p_.locations.size() && ids_in_order_; ++row)
    ids_in_order_ = p_.locations[row].id == row + 1;
  std::size_t stacks = 0;
  for (const PackedStack& each : p_.samples.stacks) stacks += each.size;
  out_.reserve(stacks + p_.samples.values.size() * 3 + p_.samples.rows() * 8 + p_.samples.labels.size() * 10 +
               p_.locations.size() * 20);
  for (ValueType type : p_.sample_types) value_type(1, type);
  for (std::size_t row = 0; row < p_.samples.rows(); ++row) sample(row);
  for (const ProfileMapping& row : p_.mappings) mapping(row);
  for (const ProfileLocation& row : p_.locations) location(row);
  for (const ProfileFunction& row : p_.functions) function(row);
  header();
  return std::move(out_);
}

}  // namespace

std::string write_profile(const Profile& profile) { return ProtoWriter(profile).write(); }

Result<std::string> write_profile_gz(const Profile& profile) { return deflate_gzip(write_profile(profile)); }

}  // namespace memsnap
