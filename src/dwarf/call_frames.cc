#include "dwarf/call_frames.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace memsnap::dw {
namespace {

// Operations that set nothing of the frame's place are passed over with their operands.
enum FrameOperation : std::uint8_t {
  kFrameNop = 0x00,
  kFrameSetLoc = 0x01,
  kFrameAdvance1 = 0x02,
  kFrameAdvance2 = 0x03,
  kFrameAdvance4 = 0x04,
  kFrameOffsetExtended = 0x05,
  kFrameRestoreExtended = 0x06,
  kFrameUndefined = 0x07,
  kFrameSameValue = 0x08,
  kFrameRegister = 0x09,
  kFrameRemember = 0x0a,
  kFrameRestore = 0x0b,
  kFrameDefCfa = 0x0c,
  kFrameDefCfaRegister = 0x0d,
  kFrameDefCfaOffset = 0x0e,
  kFrameDefCfaExpression = 0x0f,
  kFrameExpression = 0x10,
  kFrameOffsetExtendedSigned = 0x11,
  kFrameDefCfaSigned = 0x12,
  kFrameDefCfaOffsetSigned = 0x13,
  kFrameValOffset = 0x14,
  kFrameValOffsetSigned = 0x15,
  kFrameValExpression = 0x16,
  kFrameGnuArgsSize = 0x2e,
};
enum HighOperation : std::uint8_t { kHighNone = 0, kHighAdvance = 1, kHighOffset = 2, kHighRestore = 3 };
// DW_EH_PE_*.
constexpr std::uint8_t kPointerForm = 0x0f, kPointerApplication = 0x70, kPointerPcRelative = 0x10,
                       kPointerOmitted = 0xff;
constexpr std::size_t kMostRemembered = 64;

// Rules of registers, which say nothing of the frame's place; false for what is not known.
bool pass_over(DieReader& in, unsigned op) {
  switch (op) {
    case kFrameExpression:
    case kFrameValExpression:
      in.varint();
      in.skip(in.varint());
      return true;
    case kFrameOffsetExtended:
    case kFrameRegister:
    case kFrameOffsetExtendedSigned:
    case kFrameValOffset:
    case kFrameValOffsetSigned:
      in.varint();
      in.varint();
      return true;
    case kFrameRestoreExtended:
    case kFrameUndefined:
    case kFrameSameValue:
    case kFrameGnuArgsSize: in.varint(); return true;
    default: return false;
  }
}

}  // namespace

struct CallFrames::State {
  FrameRule rule;
  bool known = false;  // the rule is not an expression
  std::uint64_t at = 0;
  std::vector<std::pair<FrameRule, bool>> remembered;
};

CallFrames::CallFrames(Bytes section, std::uint64_t address) : section_(section), address_(address) {
  constexpr std::uint32_t kWide = 0xffffffff;
  for (DieReader in(section, 0); in.left() >= 8;) {
    std::uint64_t size = in.fixed<std::uint32_t>();
    bool wide = size == kWide;
    if (wide) size = in.fixed<std::uint64_t>();
    if (size == 0 || size > in.left()) break;
    std::uint64_t behind = in.at() + size, id_at = in.at();
    DieReader entry(section, id_at, behind);
    std::uint64_t id = wide ? entry.fixed<std::uint64_t>() : entry.fixed<std::uint32_t>();
    if (entry.ok() && id != 0 && id <= id_at) read_entry(entry, id_at - id);
    in = DieReader(section, behind);
  }
  std::ranges::stable_sort(entries_, {}, &Entry::from);
}

std::optional<std::uint64_t> CallFrames::pointer(DieReader& in, std::uint8_t encoding) const {
  std::uint64_t here = address_ + in.at(), value = 0;
  switch (encoding & kPointerForm) {
    case 0x00:
    case 0x04:
    case 0x0c: value = in.fixed<std::uint64_t>(); break;
    case 0x02: value = in.fixed<std::uint16_t>(); break;
    case 0x03: value = in.fixed<std::uint32_t>(); break;
    case 0x0a: value = std::uint64_t(std::int64_t(in.fixed<std::int16_t>())); break;
    case 0x0b: value = std::uint64_t(std::int64_t(in.fixed<std::int32_t>())); break;
    case 0x01: value = in.varint(); break;
    case 0x09: value = std::uint64_t(in.signed_varint()); break;
    default: return std::nullopt;
  }
  std::uint8_t application = encoding & kPointerApplication;
  if (!in.ok() || (application != 0 && application != kPointerPcRelative)) return std::nullopt;
  return application == kPointerPcRelative ? here + value : value;
}

std::optional<CallFrames::Common> CallFrames::common_at(std::uint64_t offset) const {
  DieReader head(section_, offset);
  std::uint64_t size = head.fixed<std::uint32_t>();
  bool wide = size == 0xffffffff;
  if (wide) size = head.fixed<std::uint64_t>();
  if (!head.ok() || size > head.left()) return std::nullopt;
  DieReader in(section_, head.at(), head.at() + size);
  if ((wide ? in.fixed<std::uint64_t>() : in.fixed<std::uint32_t>()) != 0) return std::nullopt;
  auto version = in.fixed<std::uint8_t>();
  std::string_view augmentation = in.c_string();
  if (version == 4) in.skip(2);  // sizes of addresses and of segments
  Common common;
  common.code_unit = in.varint();
  common.data_unit = in.signed_varint();
  if (version == 1)
    in.skip(1);  // register of the return address
  else
    in.varint();
  if (augmentation.starts_with('z')) {
    common.augmented = true;
    DieReader letters = in;
    in.skip(in.varint());
    letters.varint();
    for (char letter : augmentation.substr(1)) {
      if (letter == 'R') common.encoding = letters.fixed<std::uint8_t>();
      if (letter == 'L') letters.skip(1);
      if (letter == 'P') {
        auto encoding = letters.fixed<std::uint8_t>();
        if (encoding != kPointerOmitted) pointer(letters, encoding);
      }
    }
    if (!letters.ok()) return std::nullopt;
  } else if (!augmentation.empty()) {
    return std::nullopt;  // of unknown meaning, and nobody knows how long
  }
  common.program = in.take(in.left());
  return in.ok() ? std::optional(common) : std::nullopt;
}

void CallFrames::read_entry(DieReader& in, std::uint64_t offset) {
  auto common = common_at(offset);
  if (!common) return;
  auto from = pointer(in, common->encoding);
  auto size = pointer(in, common->encoding & kPointerForm);
  if (common->augmented) in.skip(in.varint());
  if (!from || !size || !in.ok() || *size == 0 || *from + *size < *from) return;
  entries_.push_back({*from, *from + *size, offset, in.take(in.left())});
}

// Until what holds at the pc is set; false when an operation is not known.
bool CallFrames::run(Bytes program, const Common& common, std::uint64_t from, std::uint64_t pc,
                     State& state) {
  DieReader in(program, 0);
  state.at = from;
  auto advance = [&](std::uint64_t units) { return (state.at += units * common.code_unit) <= pc; };
  auto scaled = [&](std::int64_t n) {
    return std::int64_t(std::uint64_t(n) * std::uint64_t(common.data_unit));
  };
  while (in.ok() && !in.done()) {
    unsigned op = in.fixed<std::uint8_t>(), low = op & 0x3f;
    switch (op >> 6) {
      case kHighAdvance:
        if (!advance(low)) return true;
        continue;
      case kHighOffset: in.varint(); continue;
      case kHighRestore: continue;
      default: break;
    }
    switch (low) {
      case kFrameNop: break;
      case kFrameAdvance1:
      case kFrameAdvance2:
      case kFrameAdvance4:
        if (!advance(in.number(1u << (low - kFrameAdvance1)))) return true;
        break;
      case kFrameDefCfa:
        state.rule = {int(in.varint() & 0xffff), 0};
        state.rule.offset = std::int64_t(in.varint());
        state.known = true;
        break;
      case kFrameDefCfaSigned:
        state.rule = {int(in.varint() & 0xffff), 0};
        state.rule.offset = scaled(in.signed_varint());
        state.known = true;
        break;
      case kFrameDefCfaRegister: state.rule.base = int(in.varint() & 0xffff); break;
      case kFrameDefCfaOffset: state.rule.offset = std::int64_t(in.varint()); break;
      case kFrameDefCfaOffsetSigned: state.rule.offset = scaled(in.signed_varint()); break;
      case kFrameDefCfaExpression:
        in.skip(in.varint());
        state.known = false;
        break;
      case kFrameRemember:
        if (state.remembered.size() >= kMostRemembered) return false;
        state.remembered.emplace_back(state.rule, state.known);
        break;
      case kFrameRestore:
        if (state.remembered.empty()) return false;
        std::tie(state.rule, state.known) = state.remembered.back();
        state.remembered.pop_back();
        break;
      default:
        if (!pass_over(in, low)) return false;
    }
  }
  return in.ok();
}

std::optional<FrameRule> CallFrames::rule_at(std::uint64_t pc) const {
  auto next = std::ranges::upper_bound(entries_, pc, {}, &Entry::from);
  if (next == entries_.begin() || pc >= (next - 1)->to) return std::nullopt;
  const Entry& entry = *(next - 1);
  auto common = common_at(entry.common);
  State state;
  if (!common || !run(common->program, *common, entry.from, ~std::uint64_t(0), state)) return std::nullopt;
  if (!run(entry.program, *common, entry.from, pc, state) || !state.known) return std::nullopt;
  return state.rule;
}

}  // namespace memsnap::dw
