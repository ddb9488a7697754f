#include "goheap/modules.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr int kMostModules = 1000;
constexpr std::uint64_t kMostStatic = std::uint64_t(64) << 30;  // bytes of data or bss
constexpr std::uint64_t kSmallSection = 4 << 20;                // without pointers: copied whole up to here
constexpr std::uint64_t kLargestVariable = 1 << 20;             // of the runtime; mheap_ has 93 KB

Result<std::vector<std::uint8_t>> read_mask(FrozenMemory& memory, std::uint64_t vector, const Layout& layout,
                                            std::string_view field, std::uint64_t bytes) {
  auto in = [&](std::string_view part) {
    return layout.at("runtime.moduledata", fmt::format("{}.{}", field, part));
  };
  auto bits = memory.fetch<std::int32_t>(vector + in("n"));
  auto data = memory.fetch<std::uint64_t>(vector + in("bytedata"));
  if (bits < 0 || std::uint64_t(bits) > bytes / 8 + 8)
    return fail(Cause::bad_input, "the pointer mask of a module has {} bits for {} bytes", bits, bytes);
  std::vector<std::uint8_t> mask((std::size_t(bits) + 7) / 8);
  if (memory.read(data, std::as_writable_bytes(std::span(mask))) != mask.size())
    return fail(Cause::bad_input, "the pointer mask of a module at {:#x} cannot be read", data);
  return mask;
}

Result<ModuleData> read_module(const Program& program, FrozenMemory& memory, std::uint64_t at) {
  const Layout& layout = program.layout;
  auto word = [&](std::string_view field) {
    return memory.fetch<std::uint64_t>(at + layout.at("runtime.moduledata", field));
  };
  ModuleData module{.self = at,
                    .text = word("text"),
                    .etext = word("etext"),
                    .noptrdata = word("noptrdata"),
                    .enoptrdata = word("enoptrdata"),
                    .data = word("data"),
                    .edata = word("edata"),
                    .bss = word("bss"),
                    .ebss = word("ebss"),
                    .noptrbss = word("noptrbss"),
                    .enoptrbss = word("enoptrbss"),
                    .types = word("types"),
                    .etypes = word("etypes"),
                    .rodata = word("rodata"),
                    .gofunc = word("gofunc"),
                    .end = word("end"),
                    .data_mask = {},
                    .bss_mask = {}};
  bool sane = module.text < module.etext && module.data <= module.edata && module.bss <= module.ebss &&
              module.edata - module.data < kMostStatic && module.ebss - module.bss < kMostStatic &&
              module.noptrdata <= module.enoptrdata && module.noptrbss <= module.enoptrbss;
  if (!sane) return fail(Cause::bad_input, "the module record at {:#x} makes no sense", at);
  module.data_mask = TRY(read_mask(memory, at, layout, "gcdatamask", module.edata - module.data));
  module.bss_mask = TRY(read_mask(memory, at, layout, "gcbssmask", module.ebss - module.bss));
  return module;
}

}  // namespace

Result<std::vector<ModuleData>> read_modules(const Program& program, std::uint64_t bias,
                                             FrozenMemory& memory) {
  const Layout& layout = program.layout;
  std::uint64_t at = TRY(program.symbol("runtime.firstmoduledata")) + bias;
  std::vector<ModuleData> modules;
  for (int i = 0; at && i < kMostModules; ++i) {
    bool bad = memory.fetch<std::uint8_t>(at + layout.at("runtime.moduledata", "bad")) != 0;
    if (!bad) modules.push_back(TRY(read_module(program, memory, at)));
    at = memory.fetch<std::uint64_t>(at + layout.at("runtime.moduledata", "next"));
  }
  if (modules.empty()) return fail(Cause::bad_input, "the runtime lists no module");
  return modules;
}

std::vector<Range> static_ranges(const Program& program, std::uint64_t bias,
                                 const std::vector<ModuleData>& modules) {
  std::vector<Range> ranges;
  std::vector<Range> large;
  for (const ModuleData& module : modules) {
    ranges.push_back({module.data, module.edata});
    ranges.push_back({module.bss, module.ebss});
    for (Range range : {Range{module.noptrdata, module.enoptrdata}, Range{module.noptrbss, module.enoptrbss}})
      (range.to - range.from <= kSmallSection ? ranges : large).push_back(range);
  }
  for (const auto& [name, addr] : program.variables) {
    std::uint64_t at = addr + bias;
    for (const Range& section : large)
      if (at >= section.from && at < section.to)
        ranges.push_back({at, std::min(at + kLargestVariable, section.to)});
  }
  std::ranges::sort(ranges, {}, &Range::from);
  std::vector<Range> joined;
  for (const Range& range : ranges) {
    if (range.from >= range.to) continue;
    if (!joined.empty() && range.from <= joined.back().to)
      joined.back().to = std::max(joined.back().to, range.to);
    else
      joined.push_back(range);
  }
  return joined;
}

}  // namespace memsnap
