#include "pprof/proto_samples.h"

#include "pprof/stack_bytes.h"

#include <fmt/core.h>

namespace memsnap {

bool SampleReader::add(ProtoFields fields) {
  enum : std::uint8_t { kLocation = 1, kValue, kLabel };
  value_count_ = 0;
  packed_ = nullptr;
  ids_.clear();
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kLocation: good = stack_field(fields); break;
      case kValue: good = value_field(fields); break;
      case kLabel:
        good = fields.is_bytes() ? label(fields.message()) : broken("label of another type");
        break;
      default: break;
    }
    if (!good) return false;
  }
  return fields.ok() ? finish() : broken("sample cut short");
}

bool SampleReader::stack_field(const ProtoFields& field) {
  if (field.is_bytes() && !packed_ && ids_.empty()) {
    packed_ = field.begin();
    packed_size_ = field.size();
    return true;
  }
  if (packed_ && !decode_stack()) return false;
  if (field.is_varint()) return ids_.push_back(field.value()), true;
  if (!field.is_bytes()) return broken("location_id of another type");
  packed_ = field.begin();
  packed_size_ = field.size();
  return decode_stack();
}

bool SampleReader::decode_stack() {
  const std::uint8_t *at = packed_, *end = at + packed_size_;
  packed_ = nullptr;
  while (at != end) {
    std::uint64_t id;
    if (!read_varint(at, end, id)) return broken("location_id cut short");
    ids_.push_back(id);
  }
  return true;
}

// Values of a sample that is refused later are counted, since the refusal names their number, but not kept.
bool SampleReader::value_field(const ProtoFields& field) {
  auto keep = [&](std::uint64_t value) {
    if (++value_count_ <= types_ && invalid_.empty()) profile_.samples.values.push_back(std::int64_t(value));
  };
  if (field.is_varint()) return keep(field.value()), true;
  if (!field.is_bytes()) return broken("value of another type");
  for (const std::uint8_t *at = field.begin(), *end = field.end(); at != end;) {
    std::uint64_t value;
    if (!read_varint(at, end, value)) return broken("value cut short");
    keep(value);
  }
  return true;
}

bool SampleReader::label(ProtoFields fields) {
  enum : std::uint8_t { kKey = 1, kText, kNumber, kUnit };
  std::uint64_t parts[5] = {};
  while (fields.next()) {
    if (fields.number() < kKey || fields.number() > kUnit) continue;
    if (!fields.is_varint()) return broken("label with a field of another type");
    parts[fields.number()] = fields.value();
  }
  if (!fields.ok()) return broken("label cut short");
  bool is_text = parts[kText] != 0, is_number = !is_text && (parts[kNumber] != 0 || parts[kUnit] != 0);
  auto beyond = [&](int part) { return parts[part] >= strings_.size(); };
  if (beyond(kKey) || (is_text && beyond(kText)) || (is_number && beyond(kUnit)))
    return broken("label with an index beyond the string table");
  if (!invalid_.empty() || (!is_text && !is_number)) return true;
  StringId key = strings_[parts[kKey]];
  if (is_text)
    profile_.samples.labels.push_back({key, ProfileLabel::kText, std::int64_t(strings_[parts[kText]])});
  else
    profile_.samples.labels.push_back({key, strings_[parts[kUnit]], std::int64_t(parts[kNumber])});
  return true;
}

bool SampleReader::finish() {
  if (!invalid_.empty()) return !packed_ || decode_stack();
  SampleTable& samples = profile_.samples;
  if (types_ == 0) {
    invalid_ = "missing sample type information";
  } else if (value_count_ != types_) {
    invalid_ = fmt::format("mismatch: sample has {} values vs. {} types", value_count_, types_);
  } else {
    if (!store_stack()) return false;
    if (!invalid_.empty()) return true;
    samples.label_end.push_back(std::uint32_t(samples.labels.size()));
    return true;
  }
  return !packed_ || decode_stack();
}

bool SampleReader::store_stack() {
  std::uint32_t rows = std::uint32_t(profile_.locations.size());
  if (packed_ && locations_.in_order() && packed_size_ <= ~0u && is_packed_rows(packed_, packed_size_, rows))
    return profile_.samples.stacks.push_back({packed_, std::uint32_t(packed_size_)}), true;
  if (packed_ && !decode_stack()) return false;
  rows_.clear();
  for (std::uint64_t id : ids_) {
    std::uint32_t row = locations_[id];
    if (row == RowIds::kNone) return invalid_ = "sample has nil location", true;
    rows_.push_back(LocationId(row));
  }
  profile_.samples.stacks.push_back(profile_.arena.pack(rows_));
  return true;
}

}  // namespace memsnap
