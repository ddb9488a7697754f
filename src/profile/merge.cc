#include "profile/merge.h"

#include "profile/units.h"
#include "tables/row_set.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint32_t kNotYet = ~0u;

// The id of a merged location as its varint, so that a stack is built by copying.
struct PackedRow {
  std::uint64_t bytes = 0;  // little-endian, `size` of them
  std::uint32_t size = 0;   // 0: not mapped yet
};

PackedRow packed(std::uint32_t row) {
  PackedRow out;
  std::uint64_t value = std::uint64_t(row) + 1;
  for (; value >= 0x80; value >>= 7) out.bytes |= ((value & 0x7f) | 0x80) << (8 * out.size++);
  out.bytes |= value << (8 * out.size++);
  return out;
}

struct MergedMapping {
  std::uint32_t row = kNotYet;
  std::uint64_t moved = 0;  // what is added to an address
};

// A sample whose slot in the table is on its way from memory, which takes longer than all else that is done
// with it.
struct Pending {
  std::size_t row;
  std::uint32_t hash;
  std::size_t stack, stack_size;
  std::size_t label, label_count;
};
constexpr std::size_t kBatch = 32;

}  // namespace

struct ProfileMerger::State {
  explicit State(std::size_t count) : types(count) { out.sample_types.resize(count); }
  void add(const Profile& profile);
  void add_stack(PackedStack stack);
  void add_labels(std::size_t row);
  void prepare(std::size_t row);
  bool is_sample(std::uint32_t row, const Pending& sample) const;
  void merge_sample(const Pending& sample);
  void flush();
  std::string_view stack_of(const Pending& sample) const {
    return {stack_bytes.data() + sample.stack, sample.stack_size};
  }
  std::span<const ProfileLabel> labels_of(const Pending& sample) const {
    return std::span(labels).subspan(sample.label, sample.label_count);
  }
  PackedRow location(LocationId id);
  bool is_location(const ProfileLocation& there, const ProfileLocation& row) const;
  std::uint32_t function(FunctionId id);
  MergedMapping mapping(MappingId id);
  StringId text(StringId id);

  std::size_t types;
  Profile out;
  RowSet mapping_rows, function_rows, location_rows, sample_rows;

  // Of the profile that is being added: what became of its rows.
  const Profile* source = nullptr;
  std::vector<StringId> texts;
  std::vector<MergedMapping> mappings;
  std::vector<std::uint32_t> functions;
  std::vector<PackedRow> locations;
  std::vector<Pending> pending;
  std::vector<ProfileLabel> labels;  // of the pending samples
  std::vector<char> stack_bytes;     // of them, too, up to stack_size
  std::size_t stack_size = 0;
};

StringId ProfileMerger::State::text(StringId id) {
  StringId& place = texts[std::size_t(id)];
  if (place == ProfileStrings::kNoString) place = out.strings.add(source->text(id));
  return place;
}

// Address space randomization moves a mapping and compilers vary its end, so neither is part of its identity.
struct MappingIdentity {
  std::uint64_t size, offset;
  StringId name;
  bool operator==(const MappingIdentity&) const = default;
};

MappingIdentity identity(const ProfileMapping& row) {
  constexpr std::uint64_t kPage = 0x1000;
  std::uint64_t size = row.limit - row.start + kPage - 1;
  return {size - size % kPage, row.offset, row.build_id != StringId{} ? row.build_id : row.file};
}

MergedMapping ProfileMerger::State::mapping(MappingId id) {
  MergedMapping& place = mappings[std::size_t(id)];
  if (place.row != kNotYet) return place;
  ProfileMapping row = (*source)[id];
  row.file = text(row.file);
  row.build_id = text(row.build_id);
  row.kernel_relocation = text(row.kernel_relocation);
  MappingIdentity key = identity(row);
  std::uint32_t hash = (RowHash() << key.size << key.offset << std::uint64_t(key.name)).get();
  place.row =
      mapping_rows.find(hash, [&](std::uint32_t other) { return identity(out.mappings[other]) == key; });
  if (place.row == RowSet::kNone) {
    place.row = std::uint32_t(out.mappings.size());
    mapping_rows.insert(hash, place.row);
    row.id = place.row + 1;
    out.mappings.push_back(row);
  }
  place.moved = out.mappings[place.row].start - row.start;
  return place;
}

std::uint32_t ProfileMerger::State::function(FunctionId id) {
  if (id == kNoFunction) return kNotYet;
  std::uint32_t& place = functions[std::size_t(id)];
  if (place != kNotYet) return place;
  ProfileFunction row = (*source)[id];
  row.name = text(row.name);
  row.system_name = text(row.system_name);
  row.file = text(row.file);
  std::uint32_t hash = (RowHash(std::uint64_t(row.name) << 32 | std::uint64_t(row.file))
                        << std::uint64_t(row.system_name) << std::uint64_t(row.start_line))
                           .get();
  place = function_rows.find(hash, [&](std::uint32_t other) {
    const ProfileFunction& there = out.functions[other];
    return there.name == row.name && there.file == row.file && there.system_name == row.system_name &&
           there.start_line == row.start_line;
  });
  if (place != RowSet::kNone) return place;
  place = std::uint32_t(out.functions.size());
  function_rows.insert(hash, place);
  row.id = place + 1;
  out.functions.push_back(row);
  return place;
}

// Addresses are compared relative to the mapping, which may lie elsewhere. Of several inlined lines only the
// column of the last one is compared: that is how Go 1.26 and 1.27 do it.
bool ProfileMerger::State::is_location(const ProfileLocation& there, const ProfileLocation& row) const {
  if (there.address != row.address || there.mapping != row.mapping || there.folded != row.folded)
    return false;
  auto same = [](const ProfileLine& a, const ProfileLine& b) {
    return a.function == b.function && a.line == b.line;
  };
  auto a = out.lines_of(there), b = out.lines_of(row);
  return std::ranges::equal(a, b, same) && (a.empty() || a.back().column == b.back().column);
}

PackedRow ProfileMerger::State::location(LocationId id) {
  PackedRow& place = locations[std::size_t(id)];
  if (place.size != 0) return place;
  ProfileLocation row = (*source)[id];
  auto lines = source->lines_of(row);
  MergedMapping to;
  if (row.mapping != kNoMapping) to = mapping(row.mapping);
  row.mapping = MappingId(to.row);
  row.address += to.moved;
  row.first_line = std::uint32_t(out.lines.size());
  RowHash key(row.address);
  key << (std::uint64_t(to.row) << 1 | row.folded);
  for (ProfileLine line : lines) {
    line.function = FunctionId(function(line.function));
    key << (std::uint64_t(line.function) << 32 ^ std::uint64_t(line.line));
    out.lines.push_back(line);
  }
  std::uint32_t hash = key.get();
  std::uint32_t found =
      location_rows.find(hash, [&](std::uint32_t other) { return is_location(out.locations[other], row); });
  if (found != RowSet::kNone) {
    out.lines.resize(row.first_line);
    return place = packed(found);
  }
  auto fresh = std::uint32_t(out.locations.size());
  location_rows.insert(hash, fresh);
  row.id = fresh + 1;
  out.locations.push_back(row);
  return place = packed(fresh);
}

// Appends the stack of merged rows to stack_bytes.
void ProfileMerger::State::add_stack(PackedStack from) {
  constexpr std::size_t kMostPerId = 5, kSlack = 8;  // an id is written as eight bytes, of which some count
  std::size_t begin = stack_size, most = begin + from.size * kMostPerId + kSlack;
  if (stack_bytes.size() < most) stack_bytes.resize(most * 2);
  char* at = stack_bytes.data() + begin;
  from.each([&](LocationId id) {
    PackedRow to = locations[std::size_t(id)];
    if (to.size == 0) [[unlikely]]
      to = location(id);
    std::memcpy(at, &to.bytes, 8);
    at += to.size;
  });
  stack_size = std::size_t(at - stack_bytes.data());
}

// In the order in which they are written, so that equal sets of labels are equal rows. Labels of one key stay
// in their order.
void ProfileMerger::State::add_labels(std::size_t row) {
  std::size_t first = labels.size();
  for (ProfileLabel label : source->samples.labels_of(row)) {
    label.key = text(label.key);
    if (label.is_text())
      label.value = std::int64_t(text(label.text()));
    else
      label.unit = text(label.unit);
    labels.push_back(label);
  }
  if (labels.size() < first + 2) return;
  std::stable_sort(labels.begin() + std::ptrdiff_t(first), labels.end(),
                   [&](const ProfileLabel& a, const ProfileLabel& b) {
                     if (a.is_text() != b.is_text()) return a.is_text();
                     return a.key != b.key && out.text(a.key) < out.text(b.key);
                   });
}

void ProfileMerger::State::prepare(std::size_t row) {
  auto values = source->values_of(row);
  if (std::ranges::all_of(values, [](std::int64_t value) { return value == 0; })) return;
  Pending next{row, 0, stack_size, 0, labels.size(), 0};
  add_stack(source->samples.stacks[row]);
  next.stack_size = stack_size - next.stack;
  add_labels(row);
  next.label_count = labels.size() - next.label;
  RowHash key(std::hash<std::string_view>{}(stack_of(next)));
  for (const ProfileLabel& label : labels_of(next))
    key << (std::uint64_t(label.key) << 32 ^ std::uint64_t(label.unit)) << std::uint64_t(label.value);
  next.hash = key.get();
  sample_rows.prefetch(next.hash);
  pending.push_back(next);
}

bool ProfileMerger::State::is_sample(std::uint32_t row, const Pending& sample) const {
  PackedStack there = out.samples.stacks[row];
  std::string_view stack = stack_of(sample);
  if (there.size != stack.size() || std::memcmp(there.bytes, stack.data(), stack.size()) != 0) return false;
  auto same = [](const ProfileLabel& a, const ProfileLabel& b) {
    return a.key == b.key && a.unit == b.unit && a.value == b.value;
  };
  return std::ranges::equal(out.samples.labels_of(row), labels_of(sample), same);
}

void ProfileMerger::State::merge_sample(const Pending& sample) {
  auto values = source->values_of(sample.row);
  std::uint32_t to =
      sample_rows.find(sample.hash, [&](std::uint32_t other) { return is_sample(other, sample); });
  if (to != RowSet::kNone) {
    auto sums = out.values_of(to);
    for (std::size_t i = 0; i < types; ++i) sums[i] = wrap_add(sums[i], values[i]);
    return;
  }
  sample_rows.insert(sample.hash, std::uint32_t(out.samples.rows()));
  std::string_view stack = stack_of(sample);
  std::uint8_t* place = out.arena.reserve(stack.size());
  std::memcpy(place, stack.data(), stack.size());
  out.samples.stacks.push_back({place, std::uint32_t(stack.size())});
  out.samples.values.insert(out.samples.values.end(), values.begin(), values.end());
  auto with = labels_of(sample);
  out.samples.labels.insert(out.samples.labels.end(), with.begin(), with.end());
  out.samples.label_end.push_back(std::uint32_t(out.samples.labels.size()));
}

void ProfileMerger::State::flush() {
  for (const Pending& sample : pending) merge_sample(sample);
  pending.clear();
  labels.clear();
  stack_size = 0;
}

void ProfileMerger::State::add(const Profile& profile) {
  source = &profile;
  texts.assign(profile.strings.rows(), ProfileStrings::kNoString);
  mappings.assign(profile.mappings.size(), {});
  functions.assign(profile.functions.size(), kNotYet);
  locations.assign(profile.locations.size(), {});
  // The first mapping is the executable, whichever sample comes first.
  if (out.mappings.empty() && !profile.mappings.empty()) mapping(MappingId{0});
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    prepare(row);
    if (pending.size() == kBatch) flush();
  }
  flush();
  source = nullptr;
}

ProfileMerger::ProfileMerger(std::size_t types) : state_(std::make_unique<State>(types)) {}
ProfileMerger::ProfileMerger(ProfileMerger&&) noexcept = default;
ProfileMerger& ProfileMerger::operator=(ProfileMerger&&) noexcept = default;
ProfileMerger::~ProfileMerger() = default;

void ProfileMerger::add(const Profile& source) { state_->add(source); }
const Profile& ProfileMerger::so_far() const { return state_->out; }
Profile ProfileMerger::take() { return std::move(std::exchange(state_, nullptr)->out); }

}  // namespace memsnap
