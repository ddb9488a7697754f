#include "disasm/decode.h"

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace memsnap {
namespace {

class Decoder {
 public:
  Decoder(CodeMachine machine, bool intel_syntax) : arm_(machine == CodeMachine::kArm64) {
    if (cs_open(arm_ ? CS_ARCH_ARM64 : CS_ARCH_X86, arm_ ? CS_MODE_ARM : CS_MODE_64, &handle_) != CS_ERR_OK)
      return;
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
    if (!arm_) cs_option(handle_, CS_OPT_SYNTAX, intel_syntax ? CS_OPT_SYNTAX_INTEL : CS_OPT_SYNTAX_ATT);
    instruction_ = cs_malloc(handle_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    if (instruction_) cs_free(instruction_, 1);
    if (handle_) cs_close(&handle_);
  }

  bool ok() const { return instruction_ != nullptr; }
  std::size_t shortest() const { return arm_ ? 4 : 1; }
  // Takes the next instruction off the front; nullptr when there is none.
  const cs_insn* next(const std::uint8_t*& code, std::size_t& size, std::uint64_t& address) {
    return cs_disasm_iter(handle_, &code, &size, &address, instruction_) ? instruction_ : nullptr;
  }

  std::optional<std::uint64_t> target_of(const cs_insn& i) const {
    bool jumps = cs_insn_group(handle_, &i, CS_GRP_JUMP) || cs_insn_group(handle_, &i, CS_GRP_CALL);
    if (!jumps || !i.detail) return std::nullopt;
    if (arm_) {
      const cs_arm64& arm = i.detail->arm64;  // cbz and tbz name a register before the place
      if (arm.op_count == 0 || arm.operands[arm.op_count - 1].type != ARM64_OP_IMM) return std::nullopt;
      return std::uint64_t(arm.operands[arm.op_count - 1].imm);
    }
    const cs_x86& x86 = i.detail->x86;
    if (x86.op_count != 1 || x86.operands[0].type != X86_OP_IMM) return std::nullopt;
    return std::uint64_t(x86.operands[0].imm);
  }

 private:
  bool arm_;
  csh handle_ = 0;
  cs_insn* instruction_ = nullptr;
};

}  // namespace

Result<std::vector<Instruction>> decode_instructions(Bytes code, std::uint64_t address, bool intel_syntax,
                                                     CodeMachine machine) {
  Decoder decoder(machine, intel_syntax);
  if (!decoder.ok()) return fail(Cause::refused, "the disassembler does not know this machine");
  std::vector<Instruction> instructions;
  auto at = reinterpret_cast<const std::uint8_t*>(code.data());
  for (std::size_t left = code.size(); left > 0;) {
    std::uint64_t here = address;
    if (const cs_insn* i = decoder.next(at, left, address)) {
      std::string text = *i->op_str ? fmt::format("{} {}", i->mnemonic, i->op_str) : i->mnemonic;
      instructions.push_back({here, std::move(text), decoder.target_of(*i)});
      continue;
    }
    instructions.push_back({here, "?", {}});
    std::size_t passed = std::min(decoder.shortest(), left);
    at += passed, left -= passed, address += passed;
  }
  return instructions;
}

}  // namespace memsnap
