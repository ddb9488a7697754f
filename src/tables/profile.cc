#include "tables/profile.h"

#include <functional>

namespace memsnap {

namespace {

std::uint32_t hash_of(std::string_view text) { return RowHash(std::hash<std::string_view>{}(text)).get(); }

}  // namespace

ProfileStrings::ProfileStrings() { borrow({}); }

std::uint32_t ProfileStrings::row_of(std::string_view text, std::uint32_t hash) const {
  return ids_.find(hash, [&](std::uint32_t row) { return rows_[row] == text; });
}

StringId ProfileStrings::insert(std::string_view text, std::uint32_t hash) {
  auto row = std::uint32_t(rows_.size());
  ids_.insert(hash, row);
  rows_.push_back(text);
  return StringId(row);
}

StringId ProfileStrings::borrow(std::string_view text) {
  std::uint32_t hash = hash_of(text), row = row_of(text, hash);
  return row != RowSet::kNone ? StringId(row) : insert(text, hash);
}

StringId ProfileStrings::add(std::string_view text) {
  std::uint32_t hash = hash_of(text), row = row_of(text, hash);
  return row != RowSet::kNone ? StringId(row) : insert(own_.emplace_back(text), hash);
}

void ProfileStrings::replace(StringId id, std::string text) {
  rows_[std::size_t(id)] = own_.emplace_back(std::move(text));
}

StringId ProfileStrings::find(std::string_view text) const {
  static_assert(RowSet::kNone == std::uint32_t(kNoString));
  return StringId(row_of(text, hash_of(text)));
}

std::uint8_t* ByteArena::reserve(std::size_t size) {
  if (size > left_) {
    left_ = std::max<std::size_t>(size, 1 << 20);
    chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(left_));
    at_ = chunks_.back().get();
  }
  std::uint8_t* place = at_;
  at_ += size;
  left_ -= size;
  return place;
}

PackedStack ByteArena::pack(std::span<const LocationId> leaf_first) {
  std::size_t size = 0;
  for (LocationId location : leaf_first)
    for (std::uint32_t value = std::uint32_t(location) + 1; ++size, value >= 0x80;) value >>= 7;
  std::uint8_t *place = reserve(size), *at = place;
  for (LocationId location : leaf_first) {
    std::uint32_t value = std::uint32_t(location) + 1;
    for (; value >= 0x80; value >>= 7) *at++ = std::uint8_t(value | 0x80);
    *at++ = std::uint8_t(value);
  }
  return {place, std::uint32_t(size)};
}

void Profile::add_sample(std::span<const LocationId> leaf_first, std::span<const std::int64_t> values,
                         std::span<const ProfileLabel> labels) {
  samples.stacks.push_back(arena.pack(leaf_first));
  samples.values.insert(samples.values.end(), values.begin(), values.end());
  samples.labels.insert(samples.labels.end(), labels.begin(), labels.end());
  samples.label_end.push_back(std::uint32_t(samples.labels.size()));
}

Profile Profile::view() const {
  Profile copy;
  copy.sample_types = sample_types;
  copy.default_sample_type = default_sample_type;
  copy.samples = samples;
  copy.mappings = mappings;
  copy.locations = locations;
  copy.lines = lines;
  copy.functions = functions;
  for (std::size_t row = 1; row < strings.rows(); ++row)
    copy.strings.borrow(strings[StringId(std::uint32_t(row))]);
  copy.comments = comments;
  copy.drop_frames = drop_frames;
  copy.keep_frames = keep_frames;
  copy.doc_url = doc_url;
  copy.time_nanos = time_nanos;
  copy.duration_nanos = duration_nanos;
  copy.period_type = period_type;
  copy.period = period;
  return copy;
}

}  // namespace memsnap
