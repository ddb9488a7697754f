// Writes data/layouts/go1.NN.toml: where the runtime's fields lie in a program of that release, from its
// DWARF, the numbers of its specials from the release's sources, and its wait reasons from the program.
// Usage: layoutgen <program> <GOROOT of the release>
#include "dwarf/dwarf.h"
#include "elf/elf.h"
#include "golayout/layout.h"
#include "os/files.h"

#include <fmt/core.h>

#include <optional>
#include <set>

namespace memsnap {
namespace {

using Names = std::map<std::string, std::set<std::string>>;

void add(Names& names, std::span<const RequiredStruct> structs) {
  for (const RequiredStruct& one : structs)
    for (std::string_view field : one.fields) names[std::string(one.name)].insert(std::string(field));
}

std::string field_key(const std::string& field) {
  if (field.empty()) return "sizeof";
  return field.find('.') == field.npos ? field : "\"" + field + "\"";
}

void print_structs(const DwarfIndex& dwarf) {
  Names names;
  add(names, required_structs());
  add(names, optional_structs());
  for (const auto& [name, fields] : names) {
    if (!dwarf.size_of(name)) continue;
    std::vector<std::pair<std::uint64_t, std::string>> rows;
    for (const std::string& field : fields) {
      std::optional<std::uint64_t> value = field.empty() ? dwarf.size_of(name) : dwarf.offset_of(name, field);
      if (value) rows.emplace_back(field.empty() ? 0 : *value, field);
    }
    std::ranges::sort(rows, {}, [](const auto& row) { return std::tuple(!row.second.empty(), row.first, row.second); });
    fmt::print("\n[struct.\"{}\"]\n", name);
    for (const auto& [offset, field] : rows)
      fmt::print("{} = {}\n", field_key(field), field.empty() ? *dwarf.size_of(name) : offset);
  }
}

// _KindSpecialFinalizer = 2
Result<int> special_kind(const std::string& source, std::string_view name) {
  std::size_t at = source.find(fmt::format("\t{} = ", name));
  if (at == source.npos) return -1;
  return std::stoi(source.substr(at + name.size() + 4, 8));
}

Result<void> print_specials(const std::string& goroot) {
  std::string source = TRY(read_small_file(goroot + "/src/runtime/mheap.go"));
  fmt::print("\n[special_kinds]\n");
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"finalizer", "_KindSpecialFinalizer"}, {"weak", "_KindSpecialWeakHandle"}, {"profile", "_KindSpecialProfile"},
      {"cleanup", "_KindSpecialCleanup"},     {"tiny_block", "_KindSpecialTinyBlock"}};
  for (auto [key, name] : kKinds) {
    int number = TRY(special_kind(source, name));
    if (number >= 0) fmt::print("{} = {}\n", key, number);
  }
  return {};
}

// runtime.waitReasonStrings, an array of strings in the data of a program that is linked to fixed addresses.
Result<void> print_reasons(ElfFile& elf) {
  auto symbol = elf.symbol("runtime.waitReasonStrings");
  if (!symbol) return fail(Cause::bad_input, "the program has no symbol runtime.waitReasonStrings");
  fmt::print("\n[wait_reasons]\n");
  Cursor headers(elf.at(symbol->addr, symbol->size));
  for (int number = 0; !headers.done(); ++number) {
    auto text = headers.fixed<std::uint64_t>();
    auto length = headers.fixed<std::uint64_t>();
    Bytes bytes = length ? elf.at(text, length) : Bytes();
    if (bytes.size() != length) return fail(Cause::bad_input, "wait reason {} is not in the file", number);
    fmt::print("{} = \"{}\"\n", number, text_of(bytes));
  }
  return {};
}

Result<void> run(const std::string& program, const std::string& goroot) {
  MappedFile file = TRY(MappedFile::open(program));
  ElfFile elf = TRY(ElfFile::open(file.bytes()));
  BuildInfo build = TRY(read_build_info(elf));
  DwarfIndex dwarf = TRY(DwarfIndex::read(elf));
  fmt::print("# {} linux/amd64, written by tools/layoutgen from the DWARF of a program; offsets in bytes.\n", build.go);
  print_structs(dwarf);
  TRY_VOID(print_specials(goroot));
  return print_reasons(elf);
}

}  // namespace
}  // namespace memsnap

int main(int count, char** words) {
  if (count != 3) {
    fmt::print(stderr, "usage: layoutgen <program> <GOROOT of its release>\n");
    return 2;
  }
  auto done = memsnap::run(words[1], words[2]);
  if (done) return 0;
  fmt::print(stderr, "layoutgen: {}\n", done.error().what);
  return memsnap::exit_status(done.error().cause);
}
