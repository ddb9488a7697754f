#include "symbols/value_text.h"

#include "base/value_at.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

using Kind = dw::TypeShape::Kind;
using dw::TypeShape;

constexpr std::size_t kMostShown = 8, kMostText = 64, kMostLetters = 300;
constexpr std::uint64_t kLargestPointed = 1 << 16;
constexpr int kDeepest = 2;  // structs in structs

std::uint64_t unsigned_of(Bytes bytes) {
  std::uint64_t value = 0;
  if (!bytes.empty()) std::memcpy(&value, bytes.data(), std::min<std::size_t>(bytes.size(), 8));
  return value;
}

std::int64_t signed_of(Bytes bytes) {
  std::size_t size = std::min<std::size_t>(bytes.size(), 8);
  if (size == 0) return 0;
  unsigned unused = unsigned(64 - 8 * size);
  return std::int64_t(unsigned_of(bytes) << unused) >> unused;
}

std::string float_text(Bytes bytes) {
  if (bytes.size() == 4) return fmt::format("{}", value_at<float>(bytes, 0));
  if (bytes.size() == 8) return fmt::format("{}", value_at<double>(bytes, 0));
  return fmt::format("{} bytes", bytes.size());
}

std::string character_text(Bytes bytes) {
  std::uint64_t c = unsigned_of(bytes);
  return c >= 0x20 && c < 0x7f ? fmt::format("'{}' ({})", char(c), c) : fmt::format("{}", c);
}

class Writer {
 public:
  Writer(dw::TypeTexts& types, const dw::ReadMemory& read) : types_(types), read_(read) {}

  std::string text(std::uint64_t type, Bytes bytes, int depth) {
    const TypeShape& shape = types_.shape(type);
    if (shape.size == 0 || bytes.size() < shape.size) return shape.size == 0 ? "{}" : "?";
    bytes = bytes.first(std::size_t(shape.size));
    switch (shape.kind) {
      case Kind::kBool: return unsigned_of(bytes) != 0 ? "true" : "false";
      case Kind::kSigned: return fmt::format("{}", signed_of(bytes));
      case Kind::kUnsigned: return fmt::format("{}", unsigned_of(bytes));
      case Kind::kFloat: return float_text(bytes);
      case Kind::kComplex:
        return fmt::format("({}, {})", float_text(bytes.first(bytes.size() / 2)),
                           float_text(bytes.last(bytes.size() / 2)));
      case Kind::kCharacter: return character_text(bytes);
      case Kind::kPointer: return pointed(shape, bytes, depth);
      case Kind::kString: return string(bytes);
      case Kind::kSlice: return slice(shape, bytes, depth);
      case Kind::kInterface: return unsigned_of(bytes) == 0 ? "nil" : "data " + pointer(bytes.last(8));
      case Kind::kStruct: return fields(shape, bytes, depth);
      case Kind::kArray: return elements(shape.element, shape.count, bytes, depth);
      case Kind::kUnknown: break;
    }
    return fmt::format("{} bytes", bytes.size());
  }

 private:
  static std::string pointer(Bytes bytes) {
    std::uint64_t value = unsigned_of(bytes);
    return value == 0 ? "nil" : fmt::format("{:#x}", value);
  }

  // Of a variable itself also what it points to, when that is a struct.
  std::string pointed(const TypeShape& shape, Bytes bytes, int depth) {
    std::string text = pointer(bytes);
    const TypeShape& to = types_.shape(shape.element);
    if (depth != 0 || to.kind != Kind::kStruct || to.size == 0 || to.size > kLargestPointed) return text;
    std::vector<std::byte> there(std::size_t(to.size));
    if (unsigned_of(bytes) == 0 || !read_(unsigned_of(bytes), there)) return text;
    return text + " " + fields(to, there, 1);
  }

  std::string string(Bytes bytes) {
    auto at = value_at<std::uint64_t>(bytes, 0), size = value_at<std::uint64_t>(bytes, 8);
    std::string text(std::size_t(std::min<std::uint64_t>(size, kMostText)), '\0');
    if (!text.empty() && !read_(at, std::as_writable_bytes(std::span(text))))
      return fmt::format("{} bytes at {:#x}", size, at);
    return fmt::format("\"{}\"{}", text, size > text.size() ? fmt::format("... ({} bytes)", size) : "");
  }

  std::string slice(const TypeShape& shape, Bytes bytes, int depth) {
    auto at = value_at<std::uint64_t>(bytes, 0), size = value_at<std::uint64_t>(bytes, 8),
         capacity = value_at<std::uint64_t>(bytes, 16);
    std::string text = fmt::format("len {}, cap {}", size, capacity);
    std::uint64_t element = types_.shape(shape.element).size;
    if (depth >= kDeepest || size == 0 || element == 0 || element > 512) return text;
    std::vector<std::byte> front(std::size_t(std::min<std::uint64_t>(size, kMostShown) * element));
    if (!read_(at, front)) return text;
    return text + " " + elements(shape.element, size, front, depth);
  }

  std::string elements(std::uint64_t type, std::uint64_t count, Bytes bytes, int depth) {
    std::uint64_t size = types_.shape(type).size;
    if (depth >= kDeepest || size == 0) return fmt::format("[{} elements]", count);
    std::string text = "[";
    std::uint64_t shown = std::min({count, std::uint64_t(kMostShown), bytes.size() / size});
    for (std::uint64_t i = 0; i < shown && text.size() < kMostLetters; ++i) {
      if (i != 0) text += ' ';
      text += this->text(type, bytes.subspan(std::size_t(i * size)), depth + 1);
    }
    return text + (shown < count ? " ...]" : "]");
  }

  std::string fields(const TypeShape& shape, Bytes bytes, int depth) {
    if (depth >= kDeepest) return "{...}";
    std::string text = "{";
    std::size_t shown = 0;
    for (const TypeShape::Field& field : shape.fields) {
      if (shown == kMostShown || text.size() >= kMostLetters) break;
      if (field.offset > bytes.size()) continue;
      if (shown++ != 0) text += ", ";
      text += field.name.empty() ? "" : fmt::format("{}: ", field.name);
      text += this->text(field.type, bytes.subspan(std::size_t(field.offset)), depth + 1);
    }
    return text + (shown < shape.fields.size() ? ", ...}" : "}");
  }

  dw::TypeTexts& types_;
  const dw::ReadMemory& read_;
};

}  // namespace

std::string value_text(dw::TypeTexts& types, std::uint64_t type, Bytes value,
                       const dw::ReadMemory& read_memory) {
  return Writer(types, read_memory).text(type, value, 0);
}

}  // namespace memsnap
