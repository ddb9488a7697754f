#include "analysis/bounds.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace memsnap {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_number(Kind kind) { return kind >= Kind::kInt && kind <= Kind::kUintptr; }

// The struct behind at most a few pointers; row 0 when it is none.
std::size_t struct_of(const Heap& heap, TypeId type) {
  constexpr int kPointers = 3;  // a type may point to itself
  std::size_t row = std::size_t(type);
  for (int i = 0; i < kPointers && row < heap.types.rows() && heap.types.kind[row] == Kind::kPointer; ++i)
    row = std::size_t(heap.types.elem[row]);
  return row < heap.types.rows() && heap.types.kind[row] == Kind::kStruct ? row : 0;
}

template <class Wanted>
std::string field_like(const Heap& heap, TypeId owner, Wanted wanted) {
  std::size_t row = struct_of(heap, owner);
  if (row == 0) return {};
  for (std::uint32_t f = heap.types.first_field[row]; f < heap.types.first_field[row + 1]; ++f)
    if (wanted(lower(heap.text(heap.fields.name[f])), heap.fields.type[f]))
      return std::string(heap.text(heap.fields.name[f]));
  return {};
}

template <std::size_t N>
bool has_word(const std::string& name, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace

std::string limit_beside(const Heap& heap, TypeId owner) {
  static constexpr std::array<std::string_view, 8> kLimits = {"max", "limit", "capacity", "bound",
                                                              "ttl", "expir", "quota",    "budget"};
  return field_like(heap, owner, [&](const std::string& name, TypeId type) {
    return is_number(kind_of(heap, type)) && (name == "cap" || has_word(name, kLimits));
  });
}

std::string order_beside(const Heap& heap, TypeId owner) {
  static constexpr std::array<std::string_view, 6> kOrders = {"list",  "lru",  "evict",
                                                              "order", "ring", "queue"};
  return field_like(heap, owner, [&](const std::string& name, TypeId type) {
    std::string_view text = type_text(heap, type);
    if (text.find("list.List") != std::string_view::npos ||
        text.find("list.Element") != std::string_view::npos)
      return true;
    Kind kind = kind_of(heap, type);
    return (kind == Kind::kSlice || kind == Kind::kPointer) && has_word(name, kOrders);
  });
}

TypeId type_above(const Heap& heap, NodeId node) {
  if (node == kNoNode || !heap.is_object(node)) return TypeId{0};
  NodeId above = heap.objects.idom[std::size_t(heap.object_of(node))];
  if (above == kNoNode || above == heap.virtual_root()) return TypeId{0};
  return heap.is_root(above) ? heap.roots.type[std::size_t(heap.root_of(above))]
                             : type_of(heap, heap.object_of(above));
}

bool calls_back(const Heap& heap, TypeId type) {
  static constexpr std::array<std::string_view, 5> kNames = {"Listener", "Observer", "Subscriber",
                                                             "Subscription", "Callback"};
  std::size_t row = std::size_t(type);
  if (row == 0 || row >= heap.types.rows()) return false;
  Kind kind = heap.types.kind[row];
  if (kind == Kind::kFunc || kind == Kind::kChan) return true;
  std::string_view name = type_text(heap, type);
  if (std::ranges::any_of(kNames, [&](std::string_view word) { return name.ends_with(word); })) return true;
  std::string field = field_like(
      heap, type, [&](const std::string&, TypeId part) { return kind_of(heap, part) == Kind::kFunc; });
  return !field.empty();
}

}  // namespace memsnap
