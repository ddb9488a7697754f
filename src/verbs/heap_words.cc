#include "verbs/heap_words.h"

#include "analysis/claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace memsnap {
namespace {

constexpr std::uint32_t kNoParent = ~0u;

bool is_letter(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// Ends of the type arguments or the key that open at `at`.
std::size_t closing(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']' && --depth == 0) return i;
  }
  return text.size();
}

std::string_view first_package(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_letter(text[i])) continue;
    std::size_t end = i;
    // A package may be named by its whole path: example.com/shop/store.Item.
    while (end < text.size() &&
           (is_name(text[end]) || text[end] == '/' || text[end] == '-' ||
            (text[end] == '.' && text.find('/', end) < text.find_first_of(" []{}(),*", end))))
      ++end;
    if (end < text.size() && text[end] == '.' && end + 1 < text.size() && is_letter(text[end + 1]))
      return text.substr(i, end - i);
    i = end;
  }
  return {};
}

}  // namespace

std::string_view package_of(std::string_view type) {
  while (true) {
    if (type.starts_with("*") || type.starts_with(" "))
      type.remove_prefix(1);
    else if (type.starts_with("<-chan "))
      type.remove_prefix(7);
    else if (type.starts_with("chan<- "))
      type.remove_prefix(7);
    else if (type.starts_with("chan "))
      type.remove_prefix(5);
    else if (type.starts_with("["))
      type.remove_prefix(std::min(type.size(), closing(type, 0) + 1));
    else if (type.starts_with("map[")) {
      std::size_t end = closing(type, 3);
      std::string_view key = type.substr(4, end - 4), elem = type.substr(std::min(type.size(), end + 1));
      std::string_view package = package_of(elem);
      return package.empty() ? first_package(key) : package;
    } else {
      break;
    }
  }
  return first_package(type);
}

ObjectId object_at(const Heap& heap, std::uint64_t address) {
  std::span<const Addr> all = heap.objects.addr.view();
  auto after = std::ranges::upper_bound(all, Addr{address});
  if (after == all.begin()) return kNoObject;
  ObjectId id{std::uint32_t(after - all.begin() - 1)};
  std::uint64_t from = std::uint64_t(all[std::size_t(id)]);
  return address - from < heap.objects.bytes(id) ? id : kNoObject;
}

std::optional<std::uint64_t> parse_address(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool matches(std::string_view pattern, std::string_view text) {
  // Backtracks to the last star only, so that no pattern takes more than pattern x text.
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*')
      star = p++, mark = t;
    else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]))
      ++p, ++t;
    else if (star != std::string_view::npos)
      p = star + 1, t = ++mark;
    else
      return false;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches_loosely(std::string_view pattern, std::string_view text) {
  // The leading star of *http.Request is Go's, and as a pattern it fits as well.
  if (pattern == text || matches(pattern, text)) return true;
  bool wild = pattern.find_first_of("*?", pattern.starts_with("*") ? 1 : 0) != std::string_view::npos;
  return !wild && !pattern.starts_with("*") && text.find(pattern) != std::string_view::npos;
}

HeapTree::HeapTree(const Heap& heap) {
  std::size_t objects = heap.objects.rows(), root = std::uint32_t(heap.virtual_root()), nodes = root + 1;
  parent.assign(nodes, kNoParent);
  for (std::size_t i = 0; i < objects; ++i) {
    auto above = std::uint32_t(heap.objects.idom[i]);
    // A table from a file may say anything; a node that is no node is not reached.
    if (heap.objects.idom[i] != kNoNode && above < nodes && above != i) parent[i] = above;
  }
  for (std::size_t i = objects; i < root; ++i) parent[i] = std::uint32_t(root);
  first.assign(nodes + 1, 0);
  for (std::uint32_t above : parent)
    if (above != kNoParent) ++first[above + 1];
  for (std::size_t i = 0; i < nodes; ++i) first[i + 1] += first[i];
  child.resize(first[nodes]);
  std::vector<std::uint32_t> at(first.begin(), first.end() - 1);
  for (std::size_t i = 0; i < nodes; ++i)
    if (parent[i] != kNoParent) child[at[parent[i]]++] = std::uint32_t(i);
  down.reserve(nodes);
  down.push_back(std::uint32_t(root));
  for (std::size_t i = 0; i < down.size(); ++i)
    down.insert(down.end(), child.begin() + first[down[i]], child.begin() + first[down[i] + 1]);
}

std::string holder_line(const Case& what, NodeId node) {
  if (node == kNoNode) return {};
  Holder holder = what.holder(node);
  return holder.kind == HolderKind::kNone && holder.path.empty() ? "" : place_words(holder);
}

}  // namespace memsnap
