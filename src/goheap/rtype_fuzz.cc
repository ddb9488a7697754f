// Whatever memory holds, the reader of type descriptors answers, and what it answers is bounded.
#include "goheap/go_names.h"
#include "goheap/rtype.h"

namespace {

class Memory final : public memsnap::AddressSpace {
 public:
  static constexpr std::uint64_t kBase = 0x10000;
  explicit Memory(memsnap::Bytes bytes) : bytes_(bytes) {}
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override {
    if (addr < kBase || addr - kBase >= bytes_.size()) return 0;
    std::size_t size = std::min(out.size(), bytes_.size() - std::size_t(addr - kBase));
    std::copy_n(bytes_.begin() + std::ptrdiff_t(addr - kBase), size, out.begin());
    return size;
  }

 private:
  memsnap::Bytes bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Bytes input = std::as_bytes(std::span(data, size));
  Memory space(input);
  memsnap::WindowCache cache(space, 1 << 20);
  memsnap::RtypeReader reader(cache, {{Memory::kBase, Memory::kBase + size}});
  memsnap::PackageNames names;
  for (std::uint64_t addr = Memory::kBase; addr + 48 <= Memory::kBase + size && addr < Memory::kBase + 4096;
       addr += 8) {
    reader.type_of_itab(addr);
    auto type = reader.read(addr);
    if (!type) continue;
    if (type->pointer_bytes > type->size) __builtin_trap();
    for (const memsnap::RtypeField& field : reader.fields(*type))
      if (field.offset > type->size) __builtin_trap();
    if (names.shorten(type->name).size() > type->name.size()) __builtin_trap();
  }
  return 0;
}
