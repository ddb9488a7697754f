#include "escape/alloc_calls.h"

#include "base/value_at.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>

namespace memsnap {
namespace {

constexpr std::string_view kRuntime = "runtime.";
constexpr std::size_t kCallSize = 5, kFarthest = 64;  // bytes of a call; instructions looked at before one

struct Target {
  std::uint64_t address = 0;
  std::string_view name;
};

// rbx of rbx, ebx, bx and bl: the names that the compiler's arguments come under.
std::string_view whole_register(std::string_view name) {
  static constexpr std::string_view kNames[][4] = {{"rax", "eax", "ax", "al"},  {"rbx", "ebx", "bx", "bl"},
                                                   {"rcx", "ecx", "cx", "cl"},  {"rdx", "edx", "dx", "dl"},
                                                   {"rsi", "esi", "si", "sil"}, {"rdi", "edi", "di", "dil"}};
  for (const auto& names : kNames)
    for (std::string_view one : names)
      if (name == one) return names[0];
  if (name.starts_with('r') && (name.ends_with('d') || name.ends_with('w') || name.ends_with('b')))
    name.remove_suffix(1);  // r8d
  return name;
}

// "movl $0x64, %ebx" in parts, AT&T order.
struct Words {
  std::string_view name, from, to;
};
Words words_of(std::string_view text) {
  std::size_t blank = text.find(' ');
  if (blank == text.npos) return {.name = text, .from = {}, .to = {}};
  std::string_view operands = text.substr(blank + 1);
  std::size_t comma = operands.rfind(", ");
  // The comma of disp(%rax,%rbx) has no blank; one inside parentheses with a blank belongs to the first
  // operand.
  if (comma == operands.npos) return {.name = text.substr(0, blank), .from = {}, .to = operands};
  if (operands.substr(comma).find(')') != operands.npos && operands.substr(comma).find('(') == operands.npos)
    return {.name = text.substr(0, blank), .from = {}, .to = operands};
  return {text.substr(0, blank), operands.substr(0, comma), operands.substr(comma + 2)};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x")) text.remove_prefix(2), base = 16;
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return minus ? -std::int64_t(value) : std::int64_t(value);
}

bool is_compare(std::string_view name) {
  return name.starts_with("cmp") || name.starts_with("test") || name.starts_with("push") ||
         name.starts_with("nop");
}

// The value that an instruction gives its register; `next` is the register to look for further back.
RegisterValue value_of(const Instruction& one, const Words& words, std::uint64_t after,
                       std::string_view& next) {
  using Kind = RegisterValue::Kind;
  next = {};
  if (words.name.starts_with("lea") && words.from.ends_with("(%rip)")) {
    auto offset = number_of(words.from);
    if (words.from.starts_with('(')) offset = 0;
    return offset ? RegisterValue{Kind::kAddress, std::int64_t(after) + *offset} : RegisterValue{};
  }
  if (words.name.starts_with("xor") && words.from == words.to) return {Kind::kConstant, 0};
  if (words.name.starts_with("mov") && words.from.starts_with('$')) {
    auto value = number_of(words.from.substr(1));
    return value ? RegisterValue{Kind::kConstant, *value} : RegisterValue{};
  }
  if ((words.name == "movq" || words.name == "mov") && words.from.starts_with('%'))
    next = whole_register(words.from.substr(1));
  (void)one;
  return {};
}

// The registers of the arguments that matter, by function (runtime/map.go, slice.go).
struct Arguments {
  std::string_view type, size, capacity;
};
Arguments arguments_of(std::string_view name) {
  if (name.starts_with("makemap_small")) return {};
  if (name.starts_with("makemap")) return {"rax", "rbx", {}};
  if (name == "makeslicecopy") return {"rax", "rbx", {}};
  if (name.starts_with("makeslice")) return {"rax", "rbx", "rcx"};
  if (name == "growslice") return {"rsi", {}, {}};
  return {};  // growsliceBuf and later ones: what they are passed is not known here
}

// abi.Type: TFlag at 20, Str at 40; abi.Name: a byte of flags, the length as varint, the bytes.
std::string type_name_at(const ElfFile& elf, std::uint64_t type, std::uint64_t types) {
  constexpr std::uint64_t kFlagAt = 20, kNameAt = 40, kTypeSize = 48;
  constexpr std::uint8_t kExtraStar = 2;
  constexpr std::size_t kLongest = 4096;
  Bytes descriptor = elf.at(type, kTypeSize);
  if (types == 0 || descriptor.empty()) return {};
  auto offset = value_at<std::int32_t>(descriptor, kNameAt);
  if (offset <= 0) return {};
  Cursor in(elf.from(types + std::uint64_t(offset)));
  (void)in.fixed<std::uint8_t>();
  std::uint64_t size = in.varint();
  if (!in.ok() || size == 0 || size > kLongest) return {};
  std::string_view name = text_of(in.take(size));
  if ((value_at<std::uint8_t>(descriptor, kFlagAt) & kExtraStar) != 0 && name.starts_with('*'))
    name.remove_prefix(1);
  return std::string(name);
}

std::vector<Target> targets_of(const Pclntab& table) {
  std::vector<Target> targets;
  for (std::size_t i = 0; i < table.functions(); ++i)
    if (auto function = table.function_number(i); function && is_alloc_function(function->name))
      targets.push_back({function->entry, function->name});
  std::ranges::sort(targets, {}, &Target::address);
  return targets;
}

const Target* target_at(std::span<const Target> targets, std::uint64_t address) {
  auto at = std::ranges::lower_bound(targets, address, {}, &Target::address);
  return at != targets.end() && at->address == address ? &*at : nullptr;
}

// Whether some byte may begin a call of a target: decoding costs a hundred times as much.
bool may_call(Bytes code, std::uint64_t address, std::span<const Target> targets) {
  for (std::size_t at = 0; at + kCallSize <= code.size(); ++at) {
    if (code[at] != std::byte{0xe8}) continue;
    auto offset = value_at<std::int32_t>(code, at + 1);
    if (target_at(targets, address + at + kCallSize + std::uint64_t(std::int64_t(offset)))) return true;
  }
  return false;
}

AllocCall call_of(std::span<const Instruction> code, std::size_t at, std::string_view name) {
  using Kind = RegisterValue::Kind;
  AllocCall call{.address = code[at].address, .callee = name.substr(kRuntime.size()), .type_name = {}};
  Arguments arguments = arguments_of(call.callee);
  auto constant = [&](std::string_view which) -> std::optional<std::int64_t> {
    if (which.empty()) return std::nullopt;
    RegisterValue value = register_before(code, at, which);
    return value.kind == Kind::kConstant ? std::optional(value.value) : std::nullopt;
  };
  if (!arguments.type.empty())
    if (RegisterValue type = register_before(code, at, arguments.type); type.kind == Kind::kAddress)
      call.type = std::uint64_t(type.value);
  call.size = constant(arguments.size);
  call.capacity = constant(arguments.capacity);
  return call;
}

}  // namespace

bool is_alloc_function(std::string_view name) {
  if (!name.starts_with(kRuntime)) return false;
  std::string_view what = name.substr(kRuntime.size());
  return what == "makemap" || what == "makemap64" || what == "makemap_small" ||
         what.starts_with("makeslice") || what.starts_with("growslice");
}

RegisterValue register_before(std::span<const Instruction> code, std::size_t at, std::string_view name) {
  std::uint64_t call = at < code.size() ? code[at].address : 0;
  std::size_t least = at > kFarthest ? at - kFarthest : 0;
  for (std::size_t i = at; i-- > least;) {
    Words words = words_of(code[i].text);
    if (words.name.starts_with("call") || words.name.starts_with("ret") || words.name == "jmp" ||
        words.name == "?")
      return {};
    if (!words.to.starts_with('%') || is_compare(words.name)) continue;
    if (whole_register(words.to.substr(1)) != name) continue;
    // Jumps that lead between here and the call bring values of other paths.
    bool is_joined = std::ranges::any_of(code, [&](const Instruction& one) {
      return one.target && *one.target > code[i].address && *one.target <= call;
    });
    if (is_joined) return {};
    std::string_view next;
    RegisterValue value = value_of(code[i], words, code[i + 1].address, next);
    if (value.kind != RegisterValue::Kind::kUnknown || next.empty()) return value;
    name = next;
  }
  return {};
}

Result<std::vector<AllocCall>> find_alloc_calls(ElfFile& elf, const GoCode& code) {
  if (elf.machine() != ElfMachine::kX8664)
    return fail(Cause::refused,
                "the program is for arm64: calls are read from the machine code of amd64 only");
  std::vector<Target> targets = targets_of(code.table);
  std::vector<AllocCall> calls;
  std::map<std::uint64_t, std::string> names;
  for (std::size_t i = 0; i < code.table.functions(); ++i) {
    auto function = code.table.function_number(i);
    if (!function || function->end <= function->entry || function->name.starts_with(kRuntime)) continue;
    Bytes bytes = elf.at(function->entry, function->end - function->entry);
    if (!may_call(bytes, function->entry, targets)) continue;
    std::vector<Instruction> instructions = TRY(decode_instructions(bytes, function->entry, false));
    for (std::size_t at = 0; at < instructions.size(); ++at) {
      if (!instructions[at].target || !instructions[at].text.starts_with("call")) continue;
      const Target* target = target_at(targets, *instructions[at].target);
      if (!target) continue;
      AllocCall call = call_of(instructions, at, target->name);
      if (call.type != 0) {
        auto [known, is_new] = names.try_emplace(call.type);
        if (is_new) known->second = type_name_at(elf, call.type, code.types);
        call.type_name = known->second;
        if (!call.type_name.empty() && !call.callee.starts_with("makemap")) call.type_name.insert(0, "[]");
      }
      calls.push_back(std::move(call));
    }
  }
  return calls;
}

}  // namespace memsnap
