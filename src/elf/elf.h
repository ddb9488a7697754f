// An ELF file of a Go program: header, sections, segments, symbols, build id, build info.
// Facts: elf(5), debug/elf and debug/buildinfo of the Go sources.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

struct ElfSection {
  std::string_view name;
  std::uint32_t type = 0;
  std::uint64_t flags = 0, addr = 0, offset = 0, size = 0;
  std::uint32_t link = 0;  // number of the section that this one refers to
};

struct ElfSegment {
  std::uint32_t type = 0, flags = 0;
  std::uint64_t offset = 0, addr = 0, file_size = 0, mem_size = 0, align = 0;
};

struct ElfSymbol {
  std::string_view name;
  std::uint64_t addr = 0, size = 0;
  std::uint8_t info = 0;
};

enum class ElfMachine : std::uint8_t { kX8664, kArm64 };

// Borrows the bytes of the file, which must outlive it.
class ElfFile {
 public:
  // Refuses what is not a 64-bit little-endian executable for x86-64 (or, with `also_arm64`, for that), and
  // says what it is.
  static Result<ElfFile> open(Bytes file, bool also_arm64 = false);
  ElfMachine machine() const { return machine_; }

  std::uint64_t entry() const { return entry_; }
  bool position_independent() const { return pie_; }
  const std::vector<ElfSection>& sections() const { return sections_; }
  const std::vector<ElfSegment>& segments() const { return segments_; }
  const ElfSection* section(std::string_view name) const;

  // The bytes of a section, inflated when it is compressed (SHF_COMPRESSED zlib or zstd, .zdebug_*).
  // Refused above 4 GiB inflated or 1,100 times the compressed size (zlib cannot reach that, and no debug
  // section comes near). Empty when there is no such section or it takes no room in the file.
  Result<Bytes> data(std::string_view section_name);

  // Bytes of the file that are mapped at this (unrelocated) address; empty when one of them is not.
  Bytes at(std::uint64_t addr, std::uint64_t size) const;
  // All bytes of the file from this address to the end of the segment that holds it.
  Bytes from(std::uint64_t addr) const;

  // Symbols of .symtab in file order, read once; empty when the file is stripped.
  Result<const std::vector<ElfSymbol>*> symbols();
  std::optional<ElfSymbol> symbol(std::string_view name);

  std::string go_build_id() const;   // .note.go.buildid, "" when absent
  std::string gnu_build_id() const;  // hex, "" when absent

 private:
  struct Inflated {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
    Bytes view() const { return {bytes.get(), size}; }
  };
  static Result<Inflated> inflate_section(std::string_view name, Bytes raw, bool gnu_style);
  Result<void> read_sections(std::uint64_t table, std::size_t count, std::size_t names);
  Result<void> read_segments(std::uint64_t table, std::size_t count);
  Bytes raw(const ElfSection& section) const;
  Bytes note(std::string_view section_name, std::string_view owner, std::uint32_t type) const;

  Bytes file_;
  ElfMachine machine_ = ElfMachine::kX8664;
  std::uint64_t entry_ = 0;
  bool pie_ = false;
  std::vector<ElfSection> sections_;
  std::vector<ElfSegment> segments_;
  std::vector<ElfSymbol> symbols_;
  bool symbols_read_ = false;
  std::map<std::string, Inflated, std::less<>> inflated_;
};

// What the linker wrote about the build (debug/buildinfo): go1.26.8, module path and version, settings.
struct BuildInfo {
  std::string go;               // go1.26.8, also devel and X: suffixes as written
  int minor = 0;                // 26; 0 when no go1.N is in it
  std::string path;             // main package
  std::string module, version;  // main module; "" when built outside of one
  std::vector<std::pair<std::string, std::string>> settings;  // GOEXPERIMENT, -ldflags, CGO_ENABLED …

  // "" when there is no such setting.
  std::string_view setting(std::string_view key) const;
};

// Cause::bad_input when the file is not a Go program; says so for gccgo and TinyGo by name.
Result<BuildInfo> read_build_info(ElfFile& file);

// N of go1.N…, of devel go1.N-… too; 0 when the text is not of that form.
int go_minor(std::string_view version);

}  // namespace memsnap
