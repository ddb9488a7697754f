#include "goheap/program.h"

#include <algorithm>

namespace memsnap {
namespace {

// .gopclntab; position-independent programs of older linkers keep it among what is relocated.
Result<Bytes> find_pclntab(ElfFile& elf) {
  for (std::string_view name : {".gopclntab", ".data.rel.ro.gopclntab"})
    if (elf.section(name)) return elf.data(name);
  return fail(Cause::refused, "the executable has no function table (.gopclntab); is it packed?");
}

Result<void> check_release(const BuildInfo& build) {
  if (build.minor == 0)
    return fail(Cause::refused, "the program was built with {}, which is no release that memsnap knows",
                build.go);
  if (build.minor < kOldestMinor)
    return fail(Cause::refused, "the program was built with {}; memsnap reads go1.{} and newer", build.go,
                kOldestMinor);
  return {};
}

Result<void> collect_variables(Program& program) {
  auto wanted = [](std::string_view name) {
    return name.starts_with("runtime.") || name.starts_with("internal/");
  };
  const auto* all = TRY(program.elf.symbols());
  for (const ElfSymbol& symbol : *all)
    if (wanted(symbol.name) && (symbol.info & 15) == 1)  // STT_OBJECT
      program.variables.emplace(std::string(symbol.name), symbol.addr);
  for (const DwarfGlobal& global : program.dwarf.globals())
    if (wanted(global.name)) program.variables.emplace(std::string(global.name), global.addr);
  return {};
}

}  // namespace

Result<std::unique_ptr<Program>> Program::open(const std::string& path) {
  MappedFile file = TRY(MappedFile::open(path));
  ElfFile elf = TRY(ElfFile::open(file.bytes()));
  BuildInfo build = TRY(read_build_info(elf));
  TRY_VOID(check_release(build));
  Bytes pclntab = TRY(find_pclntab(elf));
  DwarfIndex dwarf = TRY(DwarfIndex::read(elf));
  Layout layout = TRY(Layout::from_dwarf(dwarf, build.minor));
  auto program = std::unique_ptr<Program>(new Program{.file = std::move(file),
                                                      .elf = std::move(elf),
                                                      .build = std::move(build),
                                                      .dwarf = std::move(dwarf),
                                                      .layout = std::move(layout),
                                                      .pclntab_bytes = pclntab});
  // Without the experiment the type is empty (runtime/mgcmark_nogreenteagc.go) or absent.
  program->green_tea = program->layout.size("runtime.spanInlineMarkBits") == 128;
  TRY_VOID(collect_variables(*program));
  return program;
}

std::optional<std::uint64_t> Program::symbol_if(std::string_view name) const {
  auto found = variables.find(name);
  if (found == variables.end()) return std::nullopt;
  return found->second;
}

Result<std::uint64_t> Program::symbol(std::string_view name) const {
  if (auto there = symbol_if(name)) return *there;
  return fail(Cause::refused, "the executable does not say where {} is; was it stripped?", name);
}

bool Program::experiment(std::string_view name) const {
  for (const auto& [key, value] : build.settings) {
    if (key != "GOEXPERIMENT") continue;
    std::string list = "," + value + ",";
    if (list.find("," + std::string(name) + ",") != list.npos) return true;
  }
  return false;
}

}  // namespace memsnap
