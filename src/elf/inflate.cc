// Compressed sections: SHF_COMPRESSED with zlib or zstd (elf(5), Elf64_Chdr), and the older .zdebug_* whose
// bytes begin with "ZLIB" and the inflated size, big-endian.
#include "elf/elf.h"

#include <fmt/format.h>
#include <libdeflate.h>
#include <zstd.h>

namespace memsnap {
namespace {

constexpr std::uint64_t kMostInflated = std::uint64_t(4) << 30, kMostRatio = 1100;

bool inflate_zlib(Bytes packed, std::span<std::byte> out) {
  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  return inflater && libdeflate_zlib_decompress(inflater.get(), packed.data(), packed.size(), out.data(),
                                                out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

bool inflate_zstd(Bytes packed, std::span<std::byte> out) {
  std::size_t size = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  return !ZSTD_isError(size) && size == out.size();
}

struct Packed {
  std::uint32_t method = 0;  // ELFCOMPRESS_ZLIB 1, ELFCOMPRESS_ZSTD 2
  std::uint64_t size = 0;    // when inflated
  Bytes bytes;
};

Packed read_header(Bytes raw, bool gnu_style) {
  Cursor in(raw);
  Packed packed;
  if (gnu_style) {
    std::string_view magic = text_of(in.take(4));
    packed.size = __builtin_bswap64(in.fixed<std::uint64_t>());
    if (magic == "ZLIB") packed.method = 1;
  } else {
    packed.method = in.fixed<std::uint32_t>();
    in.fixed<std::uint32_t>();
    packed.size = in.fixed<std::uint64_t>();
    in.fixed<std::uint64_t>();
  }
  if (!in.ok()) return {};
  packed.bytes = in.take(in.left());
  return packed;
}

}  // namespace

Result<ElfFile::Inflated> ElfFile::inflate_section(std::string_view name, Bytes raw, bool gnu_style) {
  Packed packed = read_header(raw, gnu_style);
  if (packed.method != 1 && packed.method != 2)
    return fail(Cause::bad_input,
                "executable: section {} is compressed by method {}, expected 1 (zlib) or 2 (zstd)", name,
                packed.method);
  if (packed.size > kMostInflated || packed.size / kMostRatio > packed.bytes.size())
    return fail(Cause::bad_input,
                "executable: section {} says that its {} bytes inflate to {}, which is refused", name,
                packed.bytes.size(), packed.size);
  Inflated out{std::unique_ptr<std::byte[]>(new std::byte[std::size_t(packed.size)]),
               std::size_t(packed.size)};
  std::span<std::byte> room(out.bytes.get(), out.size);
  if (!(packed.method == 1 ? inflate_zlib(packed.bytes, room) : inflate_zstd(packed.bytes, room)))
    return fail(Cause::bad_input, "executable: the compressed bytes of section {} are damaged", name);
  return out;
}

}  // namespace memsnap
