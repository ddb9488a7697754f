// Identifiers as numbers: the same spelling is the same NameId in every file and on every thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace memsnap {

// 0 is no name, 1 to 25 are the keywords in the order of ast::Token, then kBlank and kDot. Which number
// a later name gets depends on which thread met it first: order by text what is to be printed.
enum class NameId : std::uint32_t {};
constexpr NameId kNoName{0};
constexpr NameId kBlank{26};  // _
constexpr NameId kDot{27};    // of `import . "path"`

// Grows only; spellings stay where they are until the table goes. intern() and text() may be called from any
// number of threads at once: a name that is there already is found without a lock.
class NameTable {
 public:
  NameTable();
  ~NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  NameId intern(std::string_view text) { return intern(text, hash(text)); }
  NameId intern(std::string_view text, std::uint32_t hash);
  NameId find(std::string_view text) const;  // kNoName when nobody interned it
  std::string_view text(NameId id) const;
  std::size_t size() const { return count_.load(std::memory_order_acquire); }

  static std::uint32_t hash(std::string_view text);

 private:
  struct Name;   // a spelling with its number, in one piece
  struct Slots;  // one open-addressed table; a fuller one is replaced by a larger one and kept for its
                 // readers
  const Name* look(const Slots& slots, std::string_view text, std::uint32_t hash) const;
  NameId add(std::string_view text, std::uint32_t hash);
  void grow();
  char* room(std::size_t bytes);

  static constexpr std::size_t kPageBits = 12, kPages = 1 << 14;  // at most 2^26 names
  std::atomic<Slots*> slots_;
  std::atomic<std::uint32_t> count_{0};
  std::unique_ptr<std::atomic<const Name**>[]> pages_;  // number to spelling
  std::mutex adding_;
  std::vector<std::unique_ptr<Slots>> tables_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t free_bytes_ = 0;
};

// The short names that one file has used last, in front of the table: most are found here, in the processor's
// first cache and without following a pointer.
class NameCache {
 public:
  static constexpr unsigned kReadable = 16;

  explicit NameCache(NameTable& names) : names_(names) {}
  NameTable& names() { return names_; }
  // Of a name without a zero byte, shorter than kReadable, where that many bytes can be read.
  NameId intern(const char* text, unsigned size);

 private:
  struct Entry {
    std::uint64_t head = 0, tail = 0;  // the spelling with zeros behind it
    NameId id{};
  };
  NameTable& names_;
  std::array<Entry, 512> entries_;
};

}  // namespace memsnap
