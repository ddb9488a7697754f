#include "goheap/map_code.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace memsnap {

namespace {

constexpr std::size_t kCallSize = 5, kLeaSize = 7;
constexpr std::size_t kBefore = 96;  // bytes in which the type is loaded before the call

std::int32_t displacement(Bytes code, std::size_t at) {
  std::int32_t value;
  std::memcpy(&value, code.data() + at, sizeof value);
  return value;
}

// The address that the last `lea disp(%rip), %rax` before `call` loads; 0 when there is none.
std::uint64_t type_before(Bytes code, std::uint64_t address, std::size_t call) {
  std::size_t least = call > kBefore ? call - kBefore : 0;
  for (std::size_t at = call; at-- > least;) {
    if (at + kLeaSize > call || code[at] != std::byte{0x48}) continue;
    // mov (%rax),%rax: the type comes out of a dictionary of generic code.
    if (code[at + 1] == std::byte{0x8b} && code[at + 2] == std::byte{0x00}) return 0;
    if (code[at + 1] != std::byte{0x8d} || code[at + 2] != std::byte{0x05}) continue;
    return address + at + kLeaSize + std::uint64_t(std::int64_t(displacement(code, at + 3)));
  }
  return 0;
}

struct Uses {
  std::map<std::uint64_t, MapUse> by_type;

  void add(std::span<const MapCallSite> sites) {
    for (const MapCallSite& site : sites) {
      if (site.type == 0 || (site.call != MapCall::kDelete && site.call != MapCall::kClear)) continue;
      bool evicts = site.call == MapCall::kClear || std::ranges::any_of(sites, [&](const MapCallSite& other) {
                      return other.type == site.type &&
                             (other.call == MapCall::kInsert || other.call == MapCall::kRange);
                    });
      MapUse& use = by_type[site.type];
      use.type = site.type;
      ++use.deletes;
      use.evicts += evicts;
    }
  }
};

// Dictionaries of generic functions list the types that their code may see.
void add_generic(ElfFile& elf, Uses& uses) {
  auto symbols = elf.symbols();
  if (!symbols) return;
  for (const ElfSymbol& symbol : **symbols) {
    if (symbol.name.find("..dict.") == std::string_view::npos) continue;
    Bytes words = elf.at(symbol.addr, symbol.size);
    for (Cursor in(words); in.left() >= 8;) {
      std::uint64_t type = in.fixed<std::uint64_t>();
      if (type == 0) continue;
      MapUse& use = uses.by_type[type];
      use.type = type;
      use.generic = true;
    }
  }
}

}  // namespace

MapCall map_call(std::string_view function) {
  if (!function.starts_with("runtime.map")) return MapCall::kNone;
  std::string_view what = function.substr(std::string_view("runtime.").size());
  if (what == "mapclear") return MapCall::kClear;
  if (what == "mapiterinit" || what == "mapIterStart") return MapCall::kRange;
  if (what == "mapdelete" || what.starts_with("mapdelete_fast")) return MapCall::kDelete;
  if (what == "mapassign" || what.starts_with("mapassign_fast")) return MapCall::kInsert;
  return MapCall::kNone;
}

std::vector<MapCallSite> map_calls(Bytes code, std::uint64_t address,
                                   std::span<const MapCallTarget> targets) {
  std::vector<MapCallSite> sites;
  for (std::size_t at = 0; at + kCallSize <= code.size(); ++at) {
    if (code[at] != std::byte{0xe8}) continue;
    std::uint64_t to = address + at + kCallSize + std::uint64_t(std::int64_t(displacement(code, at + 1)));
    auto target = std::ranges::lower_bound(targets, to, {}, &MapCallTarget::address);
    if (target == targets.end() || target->address != to) continue;
    sites.push_back({target->call, type_before(code, address, at)});
  }
  return sites;
}

MapCode MapCode::read(ElfFile& elf, const Pclntab& functions) {
  MapCode code;
  std::vector<MapCallTarget> targets;
  for (std::size_t i = 0; i < functions.functions(); ++i)
    if (auto function = functions.function_number(i))
      if (MapCall call = map_call(function->name); call != MapCall::kNone)
        targets.push_back({function->entry, call});
  std::ranges::sort(targets, {}, &MapCallTarget::address);
  if (targets.empty()) return code;

  Uses uses;
  for (std::size_t i = 0; i < functions.functions(); ++i) {
    auto function = functions.function_number(i);
    if (!function || function->end <= function->entry || map_call(function->name) != MapCall::kNone) continue;
    Bytes bytes = elf.at(function->entry, function->end - function->entry);
    if (auto sites = map_calls(bytes, function->entry, targets); !sites.empty()) uses.add(sites);
  }
  add_generic(elf, uses);
  for (const auto& [type, use] : uses.by_type) code.uses_.push_back(use);
  code.known_ = true;
  return code;
}

const MapUse* MapCode::use(std::uint64_t type) const {
  auto at = std::ranges::lower_bound(uses_, type, {}, &MapUse::type);
  return at == uses_.end() || at->type != type ? nullptr : &*at;
}

std::uint32_t MapCode::deletes(std::uint64_t type) const {
  const MapUse* found = use(type);
  if (!known_ || (found != nullptr && found->generic && found->deletes == 0)) return ~0u;
  return found == nullptr ? 0 : found->deletes;
}

std::uint32_t MapCode::evicts(std::uint64_t type) const {
  const MapUse* found = use(type);
  if (!known_ || (found != nullptr && found->generic && found->evicts == 0)) return ~0u;
  return found == nullptr ? 0 : found->evicts;
}

}  // namespace memsnap
