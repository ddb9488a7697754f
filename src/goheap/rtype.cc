#include "goheap/rtype.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kMostFields = 4096;
constexpr std::uint64_t kLongestName = 4096;
constexpr std::uint64_t kLargest = std::uint64_t(1) << 47;  // an address space

// internal/abi.TFlag
constexpr std::uint8_t kExtraStar = 1 << 1, kNamed = 1 << 2, kDirectIface = 1 << 5;

struct Header {  // internal/abi.Type
  std::uint64_t size, pointer_bytes;
  std::uint32_t hash;
  std::uint8_t flags, align, field_align, kind;
  std::uint64_t equal, gc_data;
  std::int32_t name, pointer_to_this;
};
static_assert(sizeof(Header) == 48);

// Size that every value of the kind has; 0 when it varies.
std::uint64_t fixed_size(Kind kind) {
  switch (kind) {
    case Kind::kBool:
    case Kind::kInt8:
    case Kind::kUint8: return 1;
    case Kind::kInt16:
    case Kind::kUint16: return 2;
    case Kind::kInt32:
    case Kind::kUint32:
    case Kind::kFloat32: return 4;
    case Kind::kInt:
    case Kind::kInt64:
    case Kind::kUint:
    case Kind::kUint64:
    case Kind::kUintptr:
    case Kind::kFloat64:
    case Kind::kComplex64:
    case Kind::kChan:
    case Kind::kFunc:
    case Kind::kMap:
    case Kind::kPointer:
    case Kind::kUnsafePointer: return 8;
    case Kind::kComplex128:
    case Kind::kInterface:
    case Kind::kString: return 16;
    case Kind::kSlice: return 24;
    default: return 0;
  }
}

bool plausible(const Header& h, Kind kind) {
  if (kind == Kind::kInvalid || kind > Kind::kUnsafePointer) return false;
  if (h.pointer_bytes > h.size || h.size >= kLargest || h.pointer_bytes % 8 != 0 || h.hash == 0) return false;
  if (h.align == 0 || h.align > 8 || (h.align & (h.align - 1)) != 0) return false;
  std::uint64_t size = fixed_size(kind);
  return size == 0 || size == h.size;
}

}  // namespace

std::string RtypeReader::name_at(std::uint64_t addr) const {
  std::uint8_t head[4] = {};
  memory_.get(addr, head, sizeof head);
  std::uint64_t length = head[1] & 0x7f;
  unsigned skip = 2;
  if (head[1] & 0x80) {
    length |= std::uint64_t(head[2] & 0x7f) << 7;
    if (head[2] & 0x80) return {};
    skip = 3;
  }
  if (length == 0 || length > kLongestName) return {};
  std::string text(std::size_t(length), '\0');
  if (!memory_.get(addr + skip, text.data(), text.size())) return {};
  bool printable = std::ranges::all_of(text, [](char c) { return std::uint8_t(c) >= ' ' && c != 0x7f; });
  return printable ? text : std::string();
}

std::string RtypeReader::string_of(std::uint64_t type, std::uint8_t flags) const {
  auto offset = memory_.get<std::int32_t>(type + 40);
  if (offset <= 0) return {};  // negative: made by reflection, the name is in a map of the runtime
  for (const Module& module : modules_) {
    if (type < module.types || type >= module.etypes) continue;
    std::string text = name_at(module.types + std::uint64_t(offset));
    if ((flags & kExtraStar) && text.starts_with('*')) text.erase(0, 1);
    return text;
  }
  return {};
}

std::optional<Rtype> RtypeReader::read(std::uint64_t addr) const {
  if (addr < 4096 || addr % 8 != 0 || addr >= kLargest) return std::nullopt;
  Header h{};
  if (!memory_.get(addr, &h, sizeof h)) return std::nullopt;
  Kind kind = Kind(h.kind & 31);
  if (!plausible(h, kind)) return std::nullopt;
  Rtype type{.addr = addr, .size = h.size, .pointer_bytes = h.pointer_bytes, .hash = h.hash, .kind = kind};
  type.named = (h.flags & kNamed) != 0;
  // Until go1.25 the bit is one of the kind, since then one of the flags; nothing else ever used either.
  type.direct = (h.flags & kDirectIface) != 0 || (h.kind & 32) != 0;
  type.name = string_of(addr, h.flags);
  std::uint64_t behind = addr + sizeof h;
  switch (kind) {
    case Kind::kArray: type.count = memory_.word(behind + 16); [[fallthrough]];
    case Kind::kChan:
    case Kind::kPointer:
    case Kind::kSlice: type.elem = memory_.word(behind); break;
    case Kind::kMap:
      type.key = memory_.word(behind);
      type.elem = memory_.word(behind + 8);
      type.group = memory_.word(behind + 16);
      break;
    case Kind::kInterface: type.methods = memory_.word(behind + 16); break;
    default: break;
  }
  return type;
}

std::vector<RtypeField> RtypeReader::fields(const Rtype& type) const {
  if (type.kind != Kind::kStruct) return {};
  std::uint64_t list = memory_.word(type.addr + 56), count = memory_.word(type.addr + 64);
  if (count > kMostFields || count > type.size + kMostFields) return {};
  std::vector<RtypeField> fields;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t words[3] = {};  // name, type, offset (internal/abi.StructField)
    if (!memory_.get(list + i * sizeof words, words, sizeof words) || words[2] > type.size) return {};
    fields.push_back({.name = name_at(words[0]), .offset = words[2], .type = words[1]});
  }
  return fields;
}

std::uint64_t RtypeReader::type_of_itab(std::uint64_t itab) const {
  if (itab < 4096 || itab % 8 != 0 || itab >= kLargest) return 0;
  std::uint64_t words[3] = {};  // interface type, dynamic type, its hash in the low half
  if (!memory_.get(itab, words, sizeof words)) return 0;
  Header inter{}, type{};
  if (words[0] % 8 != 0 || words[1] % 8 != 0) return 0;
  if (!memory_.get(words[0], &inter, sizeof inter) || !memory_.get(words[1], &type, sizeof type)) return 0;
  bool right = Kind(inter.kind & 31) == Kind::kInterface && type.hash == std::uint32_t(words[2]);
  return right && plausible(type, Kind(type.kind & 31)) ? words[1] : 0;
}

}  // namespace memsnap
