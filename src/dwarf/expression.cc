#include "dwarf/expression.h"

#include <fmt/format.h>

namespace memsnap::dw {
namespace {

using Kind = LocationPiece::Kind;

// A value on the stack of the machine, as far as it can be said without a process.
struct Symbol {
  int base = LocationPiece::kNoBase;
  std::int64_t offset = 0;
  bool known = true;
};

std::int64_t sum(std::int64_t a, std::int64_t b) { return std::int64_t(std::uint64_t(a) + std::uint64_t(b)); }

class Decoder {
 public:
  Decoder(const Units& units, const Unit& unit, Bytes expression, Bytes frame_base)
      : units_(units), unit_(unit), in_(expression, 0), frame_base_(frame_base) {}

  std::vector<LocationPiece> run() {
    while (in_.ok() && !in_.done()) {
      unsigned op = in_.fixed<std::uint8_t>();
      if (op == kOpPiece)
        piece(in_.varint());
      else if (!constant(op) && !place(op) && !arithmetic(op))
        return unknown();
      if (pieces_.size() > kMostPieces) return unknown();
    }
    if (!in_.ok()) return unknown();
    if (pieces_.empty() || touched_) pieces_.push_back(finished());
    return std::move(pieces_);
  }

 private:
  static constexpr std::size_t kMostPieces = 64, kMostStack = 64;

  std::vector<LocationPiece> unknown() { return {{.kind = Kind::kComputed}}; }

  void push(Symbol symbol) {
    touched_ = true;
    if (stack_.size() < kMostStack)
      stack_.push_back(symbol);
    else
      in_.fail();
  }
  void push_number(std::int64_t number) { push({.offset = number}); }
  Symbol pop() {
    if (stack_.empty()) return in_.fail(), Symbol{};
    Symbol top = stack_.back();
    stack_.pop_back();
    return top;
  }
  void settle(LocationPiece piece) {
    touched_ = true;
    current_ = piece;
    settled_ = true;
  }

  LocationPiece finished() {
    LocationPiece piece;
    if (settled_) {
      piece = current_;
    } else if (!stack_.empty()) {
      piece.kind = stack_.back().known ? Kind::kMemory : Kind::kComputed;
      piece.base = stack_.back().base;
      piece.offset = stack_.back().offset;
    }
    stack_.clear();
    settled_ = touched_ = false;
    return piece;
  }
  void piece(std::uint64_t size) {
    LocationPiece piece = finished();
    piece.size = size;
    pieces_.push_back(piece);
  }

  bool constant(unsigned op);
  bool place(unsigned op);
  bool arithmetic(unsigned op);
  void frame_relative(std::int64_t offset);
  // What a register held when the function was entered.
  void entry_value(Bytes expression) {
    unsigned op = expression.size() == 1 ? unsigned(expression[0]) : 0;
    bool is_register = op >= kOpReg0 && op <= kOpReg31;
    push({.base = is_register ? int(op - kOpReg0) : LocationPiece::kNoBase, .known = false});
  }

  const Units& units_;
  const Unit& unit_;
  DieReader in_;
  Bytes frame_base_;
  std::vector<Symbol> stack_;
  LocationPiece current_;
  bool settled_ = false, touched_ = false;
  std::vector<LocationPiece> pieces_;
};

bool Decoder::constant(unsigned op) {
  if (op >= kOpLit0 && op <= kOpLit31) return push_number(std::int64_t(op - kOpLit0)), true;
  switch (op) {
    case kOpAddr: push_number(std::int64_t(in_.number(unit_.address_size))); return true;
    case kOpAddrx: push_number(std::int64_t(units_.address_number(in_.varint(), unit_))); return true;
    case kOpConst1u: push_number(in_.fixed<std::uint8_t>()); return true;
    case kOpConst1s: push_number(in_.fixed<std::int8_t>()); return true;
    case kOpConst2u: push_number(in_.fixed<std::uint16_t>()); return true;
    case kOpConst2s: push_number(in_.fixed<std::int16_t>()); return true;
    case kOpConst4u: push_number(in_.fixed<std::uint32_t>()); return true;
    case kOpConst4s: push_number(in_.fixed<std::int32_t>()); return true;
    case kOpConst8u:
    case kOpConst8s: push_number(in_.fixed<std::int64_t>()); return true;
    case kOpConstu: push_number(std::int64_t(in_.varint())); return true;
    case kOpConsts: push_number(in_.signed_varint()); return true;
    default: return false;
  }
}

// Frame bases are the canonical frame address or one register, perhaps with an offset.
void Decoder::frame_relative(std::int64_t offset) {
  DieReader base(frame_base_, 0);
  unsigned op = base.fixed<std::uint8_t>();
  if (op == kOpCallFrameCfa && base.done())
    push({.base = LocationPiece::kCfa, .offset = offset});
  else if (op >= kOpReg0 && op <= kOpReg31 && base.done())
    push({.base = int(op - kOpReg0), .offset = offset});
  else if (std::int64_t more = base.signed_varint(); op >= kOpBreg0 && op <= kOpBreg31 && base.done())
    push({.base = int(op - kOpBreg0), .offset = sum(offset, more)});
  else
    push({.known = false});
}

bool Decoder::place(unsigned op) {
  if (op >= kOpReg0 && op <= kOpReg31)
    return settle({.kind = Kind::kRegister, .base = int(op - kOpReg0)}), true;
  if (op >= kOpBreg0 && op <= kOpBreg31)
    return push({.base = int(op - kOpBreg0), .offset = in_.signed_varint()}), true;
  switch (op) {
    case kOpRegx: settle({.kind = Kind::kRegister, .base = int(in_.varint() & 0xffff)}); return true;
    case kOpBregx: {
      int number = int(in_.varint() & 0xffff);
      push({.base = number, .offset = in_.signed_varint()});
      return true;
    }
    case kOpFbreg: frame_relative(in_.signed_varint()); return true;
    case kOpCallFrameCfa: push({.base = LocationPiece::kCfa}); return true;
    case kOpStackValue: {
      Symbol top = pop();
      settle({.kind = top.known ? Kind::kValue : Kind::kComputed, .base = top.base, .offset = top.offset});
      return true;
    }
    case kOpImplicitValue: settle({.kind = Kind::kBytes, .bytes = in_.take(in_.varint())}); return true;
    case kOpEntryValue:
    case kOpGnuEntryValue: entry_value(in_.take(in_.varint())); return true;
    default: return false;
  }
}

bool Decoder::arithmetic(unsigned op) {
  switch (op) {
    case kOpPlusUconst: {
      Symbol top = pop();
      top.offset = sum(top.offset, std::int64_t(in_.varint()));
      if (!top.known) top.base = LocationPiece::kNoBase;
      push(top);
      return true;
    }
    case kOpPlus: {
      Symbol b = pop(), a = pop();
      bool plain = a.base == LocationPiece::kNoBase || b.base == LocationPiece::kNoBase;
      bool known = a.known && b.known && plain;
      int base = a.base == LocationPiece::kNoBase ? b.base : a.base;
      push(
          {.base = known ? base : LocationPiece::kNoBase, .offset = sum(a.offset, b.offset), .known = known});
      return true;
    }
    case kOpMinus: {
      Symbol b = pop(), a = pop();
      bool known = a.known && b.known && b.base == LocationPiece::kNoBase;
      push({.base = known ? a.base : LocationPiece::kNoBase,
            .offset = sum(a.offset, std::int64_t(0 - std::uint64_t(b.offset))),
            .known = known});
      return true;
    }
    case kOpNop: return true;
    default: return false;
  }
}

constexpr std::array<std::string_view, 17> kRegisterNames = {"rax", "rdx", "rcx", "rbx", "rsi", "rdi",
                                                             "rbp", "rsp", "r8",  "r9",  "r10", "r11",
                                                             "r12", "r13", "r14", "r15", "rip"};

std::string register_name(int number, ElfMachine machine) {
  if (machine == ElfMachine::kArm64) {
    if (number >= 0 && number <= 30) return fmt::format("x{}", number);
    if (number >= 64 && number <= 95) return fmt::format("v{}", number - 64);
    return number == 31 ? "sp" : fmt::format("register {}", number);
  }
  if (number >= 0 && std::size_t(number) < kRegisterNames.size())
    return std::string(kRegisterNames[std::size_t(number)]);
  if (number >= 17 && number <= 32) return fmt::format("xmm{}", number - 17);
  return fmt::format("register {}", number);
}

std::string base_text(const LocationPiece& piece, ElfMachine machine) {
  if (piece.base == LocationPiece::kNoBase) return fmt::format("{:#x}", std::uint64_t(piece.offset));
  std::string base = piece.base == LocationPiece::kCfa ? "cfa" : register_name(piece.base, machine);
  return piece.offset == 0 ? base : fmt::format("{}{:+}", base, piece.offset);
}

std::string piece_text(const LocationPiece& piece, ElfMachine machine) {
  switch (piece.kind) {
    case Kind::kMemory: return "[" + base_text(piece, machine) + "]";
    case Kind::kRegister: return register_name(piece.base, machine);
    case Kind::kValue:
      return piece.base == LocationPiece::kNoBase ? fmt::format("={}", piece.offset)
                                                  : "=" + base_text(piece, machine);
    case Kind::kBytes: return "constant";
    case Kind::kComputed:
      return piece.base >= 0 && piece.offset == 0 ? register_name(piece.base, machine) + " at entry"
                                                  : "computed";
    case Kind::kGone: break;
  }
  return "gone";
}

std::optional<std::uint64_t> base_value(int base, const FrameRegisters& registers) {
  if (base == LocationPiece::kNoBase) return registers.bias;
  if (base == LocationPiece::kCfa) return registers.cfa;
  return base >= 0 && std::size_t(base) < registers.general.size() ? registers.general[std::size_t(base)]
                                                                   : std::nullopt;
}

bool read_piece(const LocationPiece& piece, const FrameRegisters& registers, const ReadMemory& read_memory,
                std::span<std::byte> into) {
  if (piece.kind == Kind::kBytes) {
    if (piece.bytes.size() < into.size()) return false;
    std::ranges::copy(piece.bytes.first(into.size()), into.begin());
    return true;
  }
  if (piece.kind == Kind::kGone || piece.kind == Kind::kComputed) return false;
  bool number = piece.kind == Kind::kValue && piece.base == LocationPiece::kNoBase;
  auto base = number ? std::optional<std::uint64_t>(0) : base_value(piece.base, registers);
  if (!base) return false;
  std::uint64_t value = *base + std::uint64_t(piece.offset);
  if (piece.kind == Kind::kMemory) return read_memory(value, into);
  if (into.size() > sizeof value) return false;
  std::memcpy(into.data(), &value, into.size());
  return true;
}

}  // namespace

std::vector<LocationPiece> location_pieces(const Units& units, const Unit& unit, Bytes expression,
                                           Bytes frame_base) {
  if (expression.empty()) return {LocationPiece{}};
  return Decoder(units, unit, expression, frame_base).run();
}

std::string location_text(std::span<const LocationPiece> pieces, ElfMachine machine) {
  if (pieces.size() == 1) return piece_text(pieces[0], machine);
  std::string text;
  for (const LocationPiece& piece : pieces) text += (text.empty() ? "(" : ", ") + piece_text(piece, machine);
  return text + ")";
}

std::optional<std::vector<std::byte>> read_location(std::span<const LocationPiece> pieces, std::uint64_t size,
                                                    const FrameRegisters& registers,
                                                    const ReadMemory& read_memory) {
  std::vector<std::byte> bytes(std::size_t(size), std::byte{0});
  std::uint64_t at = 0;
  for (const LocationPiece& piece : pieces) {
    if (at >= size) break;
    std::uint64_t count = piece.size == 0 ? size - at : std::min(piece.size, size - at);
    auto into = std::span(bytes).subspan(std::size_t(at), std::size_t(count));
    if (!read_piece(piece, registers, read_memory, into)) return std::nullopt;
    at += count;
  }
  return at >= size ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace memsnap::dw
