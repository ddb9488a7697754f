#include "pprof/gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace memsnap {
namespace {

constexpr std::size_t kMostPerByte = 1032;  // deflate cannot pack tighter: 258 bytes in two bits

using Inflater = std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

// What the last member says of its own size, modulo 2^32; nearly always the only member.
std::size_t first_guess(Bytes packed, std::uint64_t most) {
  std::uint32_t size = 0;
  if (packed.size() >= 4) std::memcpy(&size, packed.data() + packed.size() - 4, 4);
  return std::size_t(std::min<std::uint64_t>(std::max<std::uint32_t>(size, 64), most));
}

// Moves what is there to memory of that size; pages nobody writes to cost nothing. False when there is none.
bool make_room(Inflated& out, std::size_t room) {
  std::unique_ptr<std::uint8_t[]> larger(new (std::nothrow) std::uint8_t[room]);
  if (!larger) return false;
  if (out.size != 0) std::memcpy(larger.get(), out.bytes.get(), out.size);
  out.bytes = std::move(larger);
  return true;
}

}  // namespace

bool is_gzip(Bytes bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Result<std::unique_ptr<Inflated>> inflate_gzip(Bytes packed, std::uint64_t limit) {
  Inflater inflater(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!inflater) return fail(Cause::refused, "no memory to inflate it with");
  std::uint64_t most = std::min<std::uint64_t>(limit, std::uint64_t(packed.size()) * kMostPerByte + 64);
  std::size_t room = first_guess(packed, most);
  auto out = std::make_unique<Inflated>();
  auto no_memory = [&] { return fail(Cause::refused, "no memory for {} bytes", room); };
  if (!make_room(*out, room)) return no_memory();
  for (Bytes rest = packed; !rest.empty();) {
    std::size_t took = 0, gave = 0;
    auto answer = libdeflate_gzip_decompress_ex(inflater.get(), rest.data(), rest.size(),
                                                out->bytes.get() + out->size, room - out->size, &took, &gave);
    if (answer == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (room >= limit) return fail(Cause::refused, "inflates to more than the limit of {} bytes", limit);
      if (room >= most) return fail(Cause::bad_input, "gzip data is corrupt");
      room = std::size_t(std::min<std::uint64_t>(most, std::uint64_t(room) * 2 + (1 << 16)));
      if (!make_room(*out, room)) return no_memory();
      continue;
    }
    if (answer != LIBDEFLATE_SUCCESS || took == 0)
      return fail(Cause::bad_input, "gzip data is cut short or corrupt in the member at offset {}",
                  packed.size() - rest.size());
    out->size += gave;
    rest = rest.subspan(took);
  }
  return out;
}

Result<std::string> deflate_gzip(std::string_view text) {
  constexpr int kFast = 1;
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> packer(
      libdeflate_alloc_compressor(kFast), &libdeflate_free_compressor);
  if (!packer) return fail(Cause::refused, "no memory to pack the profile with");
  std::string out(libdeflate_gzip_compress_bound(packer.get(), text.size()), '\0');
  out.resize(libdeflate_gzip_compress(packer.get(), text.data(), text.size(), out.data(), out.size()));
  return out;
}

}  // namespace memsnap
