#include "symbols/symbolizer.h"

#include "dwarf/call_frames.h"
#include "dwarf/code_index.h"
#include "dwarf/type_texts.h"
#include "gosym/code_lines.h"
#include "os/files.h"
#include "symbols/elf_symbols.h"
#include "symbols/go_code.h"
#include "symbols/value_text.h"

#include <algorithm>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint32_t kLoad = 1;
constexpr std::uint64_t kLargestValue = 1 << 16;  // bytes of a variable whose value is shown

}  // namespace

struct Symbolizer::Impl {
  Impl(MappedFile opened, ElfFile read) : file(std::move(opened)), elf(std::move(read)) {}

  MappedFile file;
  ElfFile elf;
  std::optional<GoCode> go;
  std::optional<GoCodeLines> go_lines;
  std::vector<GoCodeFrame> go_frames;  // of the last question
  std::optional<ElfFunctions> functions;
  std::optional<dw::CodeIndex> dwarf;
  bool dwarf_asked = false;
  std::vector<dw::DwarfFrame> dwarf_frames;  // of the last question
  std::optional<dw::TypeTexts> types;
  std::optional<Error> no_dwarf;
  std::optional<dw::CallFrames> call_frames;
  std::vector<ElfSymbol> go_symbols;  // of a stripped program
  std::string partial;

  void note(const Error& error) {
    if (partial.empty()) partial = error.what;
  }
  bool in_go(std::uint64_t address) const { return go && address >= go->text && address < go->text_end; }
  const ElfFunctions::Function* symbol_at(std::uint64_t address);
  dw::CodeIndex* open_dwarf();
  std::optional<std::uint64_t> frame_address(std::uint64_t address, const dw::FrameRegisters& registers);
  std::optional<std::string> value_of(const dw::CodeVariable& variable, const dw::FrameRegisters& registers,
                                      const LiveFrame& live);
  void ask_dwarf(std::uint64_t address, std::vector<CodeFrame>& frames);
  void go_frames_at(std::uint64_t address, std::vector<CodeFrame>& frames);
  void other_frames_at(std::uint64_t address, std::vector<CodeFrame>& frames);
};

Symbolizer::Symbolizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Symbolizer::Symbolizer(Symbolizer&&) noexcept = default;
Symbolizer& Symbolizer::operator=(Symbolizer&&) noexcept = default;
Symbolizer::~Symbolizer() = default;

Result<Symbolizer> Symbolizer::open(const std::string& path) {
  MappedFile file = TRY(MappedFile::open(path));
  auto elf = ElfFile::open(file.bytes(), true);
  if (!elf) return fail(elf.error().cause, "{}: {}", path, elf.error().what);
  auto impl = std::make_unique<Impl>(std::move(file), std::move(*elf));
  auto go = find_go_code(impl->elf);
  if (!go)
    impl->note(go.error());
  else if (*go) {
    impl->go = std::move(*go);
    impl->go_lines.emplace(impl->go->table, impl->go->gofunc);
  }
  return Symbolizer(std::move(impl));
}

bool Symbolizer::is_go_code(std::uint64_t address) const { return impl_->in_go(address); }
ElfFile& Symbolizer::elf() { return impl_->elf; }
std::string Symbolizer::partial() const {
  if (impl_->partial.empty() && impl_->dwarf) return impl_->dwarf->damage();
  return impl_->partial;
}

void Symbolizer::prepare(std::span<const std::uint64_t> addresses) {
  if (impl_->go_lines && addresses.size() > 1) impl_->go_lines->prepare(addresses);
}

void Symbolizer::frames_at(std::uint64_t address, std::vector<CodeFrame>& frames) {
  frames.clear();
  if (impl_->in_go(address))
    impl_->go_frames_at(address, frames);
  else
    impl_->other_frames_at(address, frames);
}

void Symbolizer::Impl::go_frames_at(std::uint64_t address, std::vector<CodeFrame>& frames) {
  bool sure = go_lines->frames_at(address, go_frames);
  if (!sure) ask_dwarf(address, frames);
  if (!frames.empty()) return;
  for (const GoCodeFrame& f : go_frames)
    frames.push_back({.function = f.function, .file = f.file, .line = f.line});
}

// The symbol table names the outermost function: it knows which of its clones and which part of it
// (foo.cold, foo.isra.0) this is, and functions that were compiled without debug information.
void Symbolizer::Impl::other_frames_at(std::uint64_t address, std::vector<CodeFrame>& frames) {
  ask_dwarf(address, frames);
  const ElfFunctions::Function* known = symbol_at(address);
  if (!known) return;
  if (frames.empty()) frames.emplace_back();
  frames.back().function = known->symbol.name;
  if (frames.back().file.empty()) frames.back().file = known->file;
}

dw::CodeIndex* Symbolizer::Impl::open_dwarf() {
  if (!dwarf_asked) {
    dwarf_asked = true;
    auto read = dw::CodeIndex::read(elf);
    if (read) {
      dwarf.emplace(std::move(*read));
    } else {
      no_dwarf = read.error();
      if (read.error().cause != Cause::refused) note(read.error());
    }
  }
  return dwarf ? &*dwarf : nullptr;
}

void Symbolizer::Impl::ask_dwarf(std::uint64_t address, std::vector<CodeFrame>& frames) {
  if (!open_dwarf()) return;
  dwarf->frames_at(address, dwarf_frames);
  for (const dw::DwarfFrame& f : dwarf_frames)
    frames.push_back({.function = f.function,
                      .file = f.place.file,
                      .line = f.place.line,
                      .column = f.place.column,
                      .discriminator = f.place.discriminator});
}

const ElfFunctions::Function* Symbolizer::Impl::symbol_at(std::uint64_t address) {
  if (!functions) {
    auto read = ElfFunctions::read(elf);
    if (!read) note(read.error());
    functions = read ? std::move(*read) : ElfFunctions();
  }
  return functions->at(address);
}

Result<void> Symbolizer::prepare_variables() {
  dw::CodeIndex* dwarf = impl_->open_dwarf();
  if (!dwarf) return std::unexpected(*impl_->no_dwarf);
  if (impl_->types) return {};
  TRY_VOID(dwarf->add_locations(impl_->elf));
  impl_->types.emplace(dwarf->units());
  return {};
}

// The canonical frame address. Of Go code it is above the return address, which lies above the frame.
std::optional<std::uint64_t> Symbolizer::Impl::frame_address(std::uint64_t address,
                                                             const dw::FrameRegisters& registers) {
  constexpr std::size_t kReturnAddress = 8, kStackPointer = 7;
  if (elf.machine() != ElfMachine::kX8664) return std::nullopt;
  if (in_go(address)) {
    auto stack = registers.general[kStackPointer];
    auto function = go->table.function_at(address);
    auto delta = function ? go->table.sp_delta(*function, address) : std::nullopt;
    if (!stack || !delta || *delta < 0) return std::nullopt;
    return *stack + std::uint64_t(*delta) + kReturnAddress;
  }
  if (!call_frames) {
    const ElfSection* section = elf.section(".eh_frame");
    auto bytes = section ? elf.data(".eh_frame") : Result<Bytes>(Bytes{});
    call_frames.emplace(bytes ? *bytes : Bytes{}, section ? section->addr : 0);
  }
  auto rule = call_frames->rule_at(address);
  if (!rule || rule->base < 0 || std::size_t(rule->base) >= registers.general.size()) return std::nullopt;
  auto base = registers.general[std::size_t(rule->base)];
  return base ? std::optional(*base + std::uint64_t(rule->offset)) : std::nullopt;
}

Result<void> Symbolizer::variables_at(std::uint64_t address, std::span<const CodeFrame> frames,
                                      const LiveFrame* live, std::vector<ScopeVariable>& variables) {
  variables.clear();
  TRY_VOID(prepare_variables());
  dw::FrameRegisters registers;
  if (live) {
    registers = live->registers;
    registers.cfa = impl_->frame_address(address, registers);
  }
  for (const dw::CodeVariable& v : TRY(impl_->dwarf->variables_at(address))) {
    if (v.depth >= frames.size()) continue;
    std::size_t frame = frames.size() - 1 - v.depth;
    // Scopes begin before the declaration, in which the variable is not known yet.
    bool same_file = v.file.empty() || v.file == frames[frame].file;
    bool not_yet = same_file && frames[frame].line != 0 && v.line > frames[frame].line;
    bool by_compiler = v.name.starts_with('.') || v.name.starts_with('#');  // .dict, .closureptr, #yield1
    if ((not_yet && !v.parameter) || by_compiler) continue;
    ScopeVariable row{.frame = frame,
                      .name = v.name,
                      .type = impl_->types->name(v.type),
                      .parameter = v.parameter,
                      .line = v.line,
                      .scope = v.scope,
                      .held = v.held,
                      .location = dw::location_text(v.pieces, impl_->elf.machine()),
                      .value = {}};
    if (live) row.value = impl_->value_of(v, registers, *live);
    variables.push_back(std::move(row));
  }
  return {};
}

std::optional<std::string> Symbolizer::Impl::value_of(const dw::CodeVariable& v,
                                                      const dw::FrameRegisters& registers,
                                                      const LiveFrame& live) {
  std::uint64_t size = types->shape(v.type).size;
  if (size > kLargestValue) return std::nullopt;
  auto bytes = dw::read_location(v.pieces, size, registers, live.read_memory);
  if (!bytes) return std::nullopt;
  return value_text(*types, v.type, *bytes, live.read_memory);
}

std::optional<std::uint64_t> Symbolizer::address_of(std::uint64_t file_offset) const {
  for (const ElfSegment& s : impl_->elf.segments())
    if (s.type == kLoad && s.offset <= file_offset && file_offset - s.offset < s.file_size)
      return s.addr + (file_offset - s.offset);
  return std::nullopt;
}

std::string Symbolizer::go_version() const {
  auto build = read_build_info(impl_->elf);
  return build ? build->go : "";
}

Result<std::span<const ElfSymbol>> Symbolizer::all_symbols() {
  const auto* symbols = TRY(impl_->elf.symbols());
  if (!symbols->empty() || !impl_->go) return *symbols;
  std::vector<ElfSymbol>& made = impl_->go_symbols;
  const Pclntab& table = impl_->go->table;
  std::size_t functions = made.empty() ? table.functions() : 0;
  for (std::size_t i = 0; i < functions; ++i)
    if (auto f = table.function_number(i); f && f->end > f->entry)
      made.push_back({.name = f->name, .addr = f->entry, .size = f->end - f->entry});
  return made;
}

}  // namespace memsnap
