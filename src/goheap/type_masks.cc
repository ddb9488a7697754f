#include "goheap/type_masks.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint8_t kArray = 17, kStruct = 25, kKindMask = 31;  // internal/abi.Kind
constexpr std::uint8_t kGCMaskOnDemand = 1 << 4;                   // internal/abi.TFlag
constexpr std::size_t kDeepest = 256;                              // types inside types
constexpr std::uint64_t kMostFields = 1 << 16;

// Sets the bits of `from`, its first `count` ones, at `bit` of `to`.
void or_bits(std::vector<std::uint64_t>& to, std::uint64_t bit, const std::vector<std::uint64_t>& from,
             std::uint64_t count) {
  for (std::uint64_t done = 0; done < count; done += 64, bit += 64) {
    std::uint64_t word = from[done / 64], shift = bit % 64;
    to[bit / 64] |= word << shift;
    if (shift && bit / 64 + 1 < to.size()) to[bit / 64 + 1] |= word >> (64 - shift);
  }
}

}  // namespace

TypeMasks::TypeMasks(const Program& program, const AddressSpace& memory) : cache_(memory) {
  const Layout& layout = program.layout;
  constexpr std::string_view kType = "internal/abi.Type";
  size_ = layout.at(kType, "Size_"), pointer_bytes_ = layout.at(kType, "PtrBytes");
  flags_ = layout.at(kType, "TFlag"), kind_ = layout.at(kType, "Kind_"),
  gc_data_ = layout.at(kType, "GCData");
  header_size_ = layout.size(kType);
}

bool TypeMasks::header_of(std::uint64_t rtype, Header& header) {
  header.size = cache_.word(rtype + size_);
  header.pointer_bytes = cache_.word(rtype + pointer_bytes_);
  header.gc_data = cache_.word(rtype + gc_data_);
  header.kind = cache_.get<std::uint8_t>(rtype + kind_) & kKindMask;
  header.on_demand = (cache_.get<std::uint8_t>(rtype + flags_) & kGCMaskOnDemand) != 0;
  return rtype % 8 == 0 && header.size > 0 && header.pointer_bytes <= header.size &&
         header.pointer_bytes % 8 == 0 && header.kind >= 1 && header.kind <= 26;
}

// An array: elem, slice, len behind the header. A struct: package path, then a slice of {name, type, offset}.
bool TypeMasks::parts_of(std::uint64_t rtype, const Header& header, std::vector<Part>& parts) {
  std::uint64_t at = rtype + header_size_;
  if (header.kind == kArray) {
    Part elem{.rtype = cache_.word(at), .word = 0, .count = cache_.word(at + 16), .stride = 0};
    Header of_elem;
    if (!header_of(elem.rtype, of_elem) || elem.count == 0 || elem.count > header.size / of_elem.size)
      return false;
    elem.stride = of_elem.size / 8;
    parts.push_back(elem);
    return of_elem.size % 8 == 0;
  }
  if (header.kind != kStruct) return false;
  std::uint64_t fields = cache_.word(at + 8), count = cache_.word(at + 16);
  if (count > kMostFields) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t type = cache_.word(fields + i * 24 + 8), offset = cache_.word(fields + i * 24 + 16);
    Header of_field;
    // A field without size, such as struct{}, has no pointers.
    if (cache_.word(type + pointer_bytes_) == 0) continue;
    if (!header_of(type, of_field) || offset % 8 || offset > header.size ||
        of_field.size > header.size - offset)
      return false;
    parts.push_back({.rtype = type, .word = offset / 8});
  }
  return true;
}

void TypeMasks::make(std::uint64_t rtype, const Header& header, std::vector<std::uint64_t>& stack) {
  TypeMask mask{.size = header.size, .words = header.pointer_bytes / 8, .bits = {}};
  if (!header.on_demand) {
    mask.bits.resize(std::size_t((mask.words + 63) / 64));
    auto size = std::size_t((mask.words + 7) / 8);
    if (size && !cache_.get(header.gc_data, mask.bits.data(), size)) mask = {};
    if (mask.words % 64) mask.bits.back() &= (std::uint64_t(1) << (mask.words % 64)) - 1;
    made_[rtype] = std::move(mask);
    return;
  }
  std::vector<Part> parts;
  if (!parts_of(rtype, header, parts)) {
    made_[rtype] = {};
    return;
  }
  std::size_t before = stack.size();
  for (const Part& part : parts)
    if (!made_.contains(part.rtype)) stack.push_back(part.rtype);
  if (stack.size() > before) return;
  mask.bits.resize(std::size_t((mask.words + 63) / 64));
  for (const Part& part : parts) {
    const TypeMask& inner = made_[part.rtype];
    for (std::uint64_t i = 0; i < part.count; ++i) {
      std::uint64_t bit = part.word + i * part.stride;
      if (inner.size == 0 || bit + inner.words > mask.words) {
        made_[rtype] = {};
        return;
      }
      or_bits(mask.bits, bit, inner.bits, inner.words);
    }
  }
  made_[rtype] = std::move(mask);
}

TypeMask TypeMasks::read(std::uint64_t rtype, std::uint64_t most) {
  std::vector<std::uint64_t> stack{rtype};
  while (!stack.empty()) {
    std::uint64_t type = stack.back();
    if (made_.contains(type)) {
      stack.pop_back();
      continue;
    }
    Header header;
    bool sane = stack.size() <= kDeepest * 64 && header_of(type, header) && header.size <= most;
    if (sane)
      make(type, header, stack);
    else
      made_[type] = {};
  }
  return made_[rtype];
}

}  // namespace memsnap
