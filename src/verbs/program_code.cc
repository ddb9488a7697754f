#include "verbs/program_code.h"

#include "disasm/decode.h"
#include "driver/cli.h"
#include "elf/elf.h"
#include "os/files.h"
#include "profile/regex.h"
#include "symbols/demangle.h"
#include "symbols/symbolizer.h"

#include <algorithm>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint32_t kLoad = 1, kExecutable = 1;  // PT_LOAD, PF_X

}  // namespace

struct ProgramCode::Program {
  explicit Program(Symbolizer known) : symbolizer(std::move(known)) {}
  Symbolizer symbolizer;
  std::vector<CodeFrame> frames;  // of the last question
  Demangler demangle;

  std::optional<CodePlace> place(std::uint64_t address);
  // The text of an instruction of [start, end], with the function outside of it that it jumps to or calls.
  std::string text_of(Instruction& one, std::uint64_t start, std::uint64_t end);
};

std::string ProgramCode::Program::text_of(Instruction& one, std::uint64_t start, std::uint64_t end) {
  if (!one.target || (start < *one.target && *one.target <= end)) return std::move(one.text);
  symbolizer.frames_at(*one.target, frames);
  if (frames.empty() || frames.back().function.empty()) return std::move(one.text);
  return fmt::format("{} <{}>", one.text, demangle(frames.back().function));
}

// Functions are named by the outermost of the calls inlined there, as the reader of go tool pprof names them,
// which knows no inlining.
std::optional<CodePlace> ProgramCode::Program::place(std::uint64_t address) {
  symbolizer.frames_at(address, frames);
  if (frames.empty()) return std::nullopt;
  const CodeFrame& inner = frames.front();
  CodePlace place{
      .function = std::string(frames.back().function), .file = std::string(inner.file), .line = inner.line};
  if (place.file.empty() && symbolizer.is_go_code(address)) place.line = -1;  // between functions
  return place;
}

ProgramCode::ProgramCode(bool go_compat) : go_compat_(go_compat) {}
ProgramCode::~ProgramCode() = default;

Result<ProgramCode::Program*> ProgramCode::program(const std::string& file) {
  auto at = programs_.find(file);
  if (at == programs_.end()) {
    auto open_program = [&]() -> Result<std::unique_ptr<Program>> {
      if (!is_there(file)) return fail(Cause::bad_input, "open {}: no such file or directory", file);
      std::unique_ptr<Program> unknown;
      auto known = Symbolizer::open(file);
      if (!known && go_compat_ && looks_executable(file, true)) return unknown;
      if (!known) return fail(Cause::bad_input, "open {}: unrecognized object file", file);
      return std::make_unique<Program>(std::move(*known));
    };
    at = programs_.emplace(file, open_program()).first;
  }
  if (!at->second) return std::unexpected(at->second.error());
  return at->second->get();
}

Result<void> ProgramCode::open(const std::string& file) {
  auto opened = program(file);
  if (!opened) return std::unexpected(opened.error());
  return {};
}

std::optional<CodePlace> ProgramCode::place_of(const std::string& file, std::uint64_t address) {
  auto found = program(file);
  return found && *found ? (*found)->place(address) : std::nullopt;
}

Result<std::vector<BinarySymbol>> ProgramCode::symbols(const std::string& file, const std::string& expression,
                                                       std::uint64_t address) {
  Program* found = TRY(program(file));
  if (!found) return std::vector<BinarySymbol>();
  Regex wanted = TRY(Regex::compile(expression));
  std::vector<BinarySymbol> fitting;
  for (const ElfSymbol& s : TRY(found->symbolizer.all_symbols())) {
    if (s.addr == 0 && s.size == 0) continue;
    if (address != 0 && (address < s.addr || address - s.addr >= s.size)) continue;
    std::string name(s.name);
    if (wanted.matches(name)) fitting.push_back({{std::move(name)}, s.addr, s.addr + s.size - 1});
  }
  std::ranges::stable_sort(fitting, {}, &BinarySymbol::start);
  return fitting;
}

Result<std::vector<MachineInstruction>> ProgramCode::disassemble(const std::string& file, std::uint64_t start,
                                                                 std::uint64_t end, bool intel_syntax) {
  Program* found = TRY(program(file));
  if (!found || end < start) return std::vector<MachineInstruction>();
  ElfFile& elf = found->symbolizer.elf();
  if (const ElfSection* text = elf.section(".text")) {
    start = std::max(start, text->addr);
    end = std::min(end, text->addr + text->size);
  }
  if (end < start) return std::vector<MachineInstruction>();
  CodeMachine machine = elf.machine() == ElfMachine::kArm64 ? CodeMachine::kArm64 : CodeMachine::kX8664;
  auto decoded = TRY(decode_instructions(elf.at(start, end - start), start, intel_syntax, machine));
  std::vector<MachineInstruction> instructions;
  for (Instruction& one : decoded) {
    MachineInstruction row{
        .address = one.address, .text = found->text_of(one, start, end), .function = {}, .file = {}};
    if (auto place = found->place(one.address)) {
      row.file = std::move(place->file);
      row.line = place->line;
    }
    instructions.push_back(std::move(row));
  }
  return instructions;
}

Result<std::uint64_t> ProgramCode::load_bias(const std::string& file, const ProfileMapping& mapping) {
  Program* found = TRY(program(file));
  if (!found || mapping.start == 0) return 0;
  for (const ElfSegment& segment : found->symbolizer.elf().segments())
    if (segment.type == kLoad && (segment.flags & kExecutable))
      return mapping.start -
             (segment.align != 0 ? segment.addr / segment.align * segment.align : segment.addr);
  return 0;
}

}  // namespace memsnap
