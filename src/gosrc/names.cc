#include "gosrc/names.h"

#include "base/result.h"
#include "gosrc/token.h"

#include <cstring>

namespace memsnap {

struct NameTable::Name {
  std::uint32_t id, hash, size;
  // The spelling follows.
  std::string_view text() const { return {reinterpret_cast<const char*>(this + 1), size}; }
};

// A slot is a Name's address with the upper half of its hash in the 16 bits that addresses leave free, so
// that most misses are seen without looking at the spelling. 0 is empty; slots fill and never empty.
struct NameTable::Slots {
  explicit Slots(std::size_t size)
      : mask(size - 1), slot(std::make_unique<std::atomic<std::uint64_t>[]>(size)) {}
  std::size_t mask;
  std::unique_ptr<std::atomic<std::uint64_t>[]> slot;

  static std::uint64_t pack(const Name* name) {
    return std::uint64_t(name->hash >> 16) << 48 | reinterpret_cast<std::uint64_t>(name);
  }
  static const Name* name(std::uint64_t packed) {
    return reinterpret_cast<const Name*>(packed & 0xffff'ffff'ffff);
  }
  void put(const Name* name) {
    std::size_t i = name->hash & mask;
    while (slot[i].load(std::memory_order_relaxed)) i = (i + 1) & mask;
    slot[i].store(pack(name), std::memory_order_release);
  }
};

namespace {

std::uint64_t load8(const char* p) {
  std::uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}

constexpr std::uint64_t kMix = 0x9e37'79b9'7f4a'7c15;

// The lowest n bytes.
constexpr std::array<std::uint64_t, 9> kBytes = {
    0, 0xff, 0xffff, 0xff'ffff, 0xffff'ffff, 0xff'ffff'ffff, 0xffff'ffff'ffff, 0xff'ffff'ffff'ffff, ~0ull};

std::uint64_t load4(const char* p) {
  std::uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}

}  // namespace

std::uint32_t NameTable::hash(std::string_view text) {
  const char* p = text.data();
  std::size_t n = text.size();
  std::uint64_t h = n * kMix;
  if (n >= 8) {
    for (std::size_t i = 0; i + 8 < n; i += 8) h = (h ^ load8(p + i)) * kMix, h ^= h >> 32;
    h ^= load8(p + n - 8);  // may overlap the last block
  } else if (n >= 4) {
    h ^= load4(p) | load4(p + n - 4) << 32;
  } else if (n > 0) {
    auto byte = [&](std::size_t i) { return std::uint64_t(std::uint8_t(p[i])); };
    h ^= byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16;
  }
  h *= kMix;
  return std::uint32_t(h >> 32 ^ h >> 17);
}

NameId NameCache::intern(const char* text, unsigned size) {
  std::uint64_t head = load8(text) & kBytes[size < 8 ? size : 8];
  std::uint64_t tail = load8(text + 8) & kBytes[size > 8 ? size - 8 : 0];
  Entry& entry = entries_[((head * kMix ^ tail) * kMix >> 32) % entries_.size()];
  if (entry.head != head || entry.tail != tail) entry = {head, tail, names_.intern({text, size})};
  return entry.id;
}

NameTable::NameTable() : pages_(std::make_unique<std::atomic<const Name**>[]>(kPages)) {
  tables_.push_back(std::make_unique<Slots>(1 << 12));
  slots_ = tables_.back().get();
  add({}, hash({}));
  for (int k = 0; k < ast::kKeywords; ++k) intern(ast::word(ast::Token(int(ast::Token::kBreak) + k)));
  CHECK(intern("_") == kBlank && intern(".") == kDot);
}

NameTable::~NameTable() {
  for (std::size_t page = 0; page < kPages; ++page) delete[] pages_[page].load();
}

const NameTable::Name* NameTable::look(const Slots& slots, std::string_view text, std::uint32_t hash) const {
  for (std::size_t i = hash & slots.mask;; i = (i + 1) & slots.mask) {
    std::uint64_t packed = slots.slot[i].load(std::memory_order_acquire);
    if (!packed) return nullptr;
    if (packed >> 48 != hash >> 16) continue;
    const Name* name = Slots::name(packed);
    if (name->size == text.size() && !std::memcmp(name + 1, text.data(), text.size())) return name;
  }
}

NameId NameTable::intern(std::string_view text, std::uint32_t hash) {
  if (const Name* name = look(*slots_.load(std::memory_order_acquire), text, hash)) return NameId{name->id};
  std::lock_guard lock(adding_);
  // Another thread may have added it, or grown the table, since.
  if (const Name* name = look(*slots_.load(std::memory_order_relaxed), text, hash)) return NameId{name->id};
  return add(text, hash);
}

NameId NameTable::find(std::string_view text) const {
  const Name* name = look(*slots_.load(std::memory_order_acquire), text, hash(text));
  return name ? NameId{name->id} : kNoName;
}

std::string_view NameTable::text(NameId id) const {
  const Name** page = pages_[std::size_t(id) >> kPageBits].load(std::memory_order_acquire);
  return page[std::size_t(id) & ((1 << kPageBits) - 1)]->text();
}

NameId NameTable::add(std::string_view text, std::uint32_t hash) {
  std::uint32_t id = count_.load(std::memory_order_relaxed);
  CHECK(id < kPages << kPageBits);
  if ((id + 1) * 2 > slots_.load(std::memory_order_relaxed)->mask) grow();
  Name* name = reinterpret_cast<Name*>(room(sizeof(Name) + text.size()));
  *name = {id, hash, std::uint32_t(text.size())};
  if (!text.empty()) std::memcpy(name + 1, text.data(), text.size());
  auto& page = pages_[id >> kPageBits];
  if (!page.load(std::memory_order_relaxed))
    page.store(new const Name*[1 << kPageBits], std::memory_order_release);
  page.load(std::memory_order_relaxed)[id & ((1 << kPageBits) - 1)] = name;
  count_.store(id + 1, std::memory_order_release);
  slots_.load(std::memory_order_relaxed)->put(name);
  return NameId{id};
}

void NameTable::grow() {
  const Slots& old = *slots_.load(std::memory_order_relaxed);
  auto larger = std::make_unique<Slots>((old.mask + 1) * 4);
  for (std::size_t i = 0; i <= old.mask; ++i)
    if (std::uint64_t packed = old.slot[i].load(std::memory_order_relaxed)) larger->put(Slots::name(packed));
  slots_.store(larger.get(), std::memory_order_release);
  tables_.push_back(std::move(larger));
}

char* NameTable::room(std::size_t bytes) {
  bytes = (bytes + alignof(Name) - 1) / alignof(Name) * alignof(Name);
  if (bytes > free_bytes_) {
    free_bytes_ = bytes > 1 << 16 ? bytes : 1 << 16;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(free_bytes_));
    free_ = blocks_.back().get();
  }
  char* start = free_;
  free_ += bytes;
  free_bytes_ -= bytes;
  return start;
}

}  // namespace memsnap
