// For tests and fuzz seeds: the debug sections of a small program, written entry by entry as Go writes them,
// in DWARF 4 or 5.
#pragma once

#include "dwarf/dwarf_numbers.h"
#include "elf/tiny_elf.h"

#include <map>
#include <utility>

namespace memsnap {

// Bytes with names for places in them, and references to those names.
struct TinyBytes {
  std::string out;
  std::map<std::string, std::uint32_t> labels;
  std::vector<std::pair<std::size_t, std::string>> references;

  TinyBytes& label(const std::string& name) { return labels[name] = std::uint32_t(out.size()), *this; }
  TinyBytes& u8(unsigned v) { return out += char(v), *this; }
  TinyBytes& u16(unsigned v) { return append(out, std::uint16_t(v)), *this; }
  TinyBytes& u32(std::uint32_t v) { return append(out, v), *this; }
  TinyBytes& u64(std::uint64_t v) { return append(out, v), *this; }
  TinyBytes& text(std::string_view v) { return out.append(v), u8(0); }
  TinyBytes& uleb(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) out += char(v | 0x80);
    return u8(unsigned(v));
  }
  TinyBytes& sleb(std::int64_t v) {
    for (; v < -64 || v > 63; v >>= 7) out += char(v | 0x80);
    return u8(unsigned(v & 0x7f));
  }
  TinyBytes& block(const std::string& bytes) { return u8(unsigned(bytes.size())), out += bytes, *this; }
  TinyBytes& ref(const std::string& name) { return references.emplace_back(out.size(), name), u32(0); }
  void resolve() {
    for (const auto& [at, name] : references) std::memcpy(out.data() + at, &labels.at(name), 4);
  }
};

class TinyDwarf {
 public:
  // Codes of the abbreviations below, in their order.
  enum Code : unsigned {
    kUnit = 1,
    kBase,
    kStruct,
    kMember,
    kPointer,
    kAlias,
    kMap,
    kArray,
    kRange,
    kGlobal,
    kFunction,
    kParameter,
    kLocal,
    kCaptured,
    kBlock,
    kInlined,
    kAbstract,
    kAbstractVariable,
    kConcrete,
    kSimpleBlock,
  };

  explicit TinyDwarf(int version) : version_(version) {
    write_abbreviations();
    // .debug_addr and .debug_rnglists begin with a header of their own in DWARF 5.
    addr.u32(0).u16(5).u8(8).u8(0);
    if (version == 5) {
      ranges.u32(0).u16(5).u8(8).u8(0).u32(0);
      locations.u32(0).u16(5).u8(8).u8(0).u32(0);
    }
  }

  TinyBytes abbrev, info, addr, ranges, locations;

  void begin_unit(std::uint16_t language, std::uint64_t low_pc) {
    unit_at_ = info.out.size();
    info.u32(0).u16(unsigned(version_));
    if (version_ == 5)
      info.u8(1).u8(8).u32(0);
    else
      info.u32(0).u8(8);
    info.uleb(kUnit).text("main").u8(language).u64(low_pc);
    if (version_ == 5) info.u32(8);
  }
  void end_unit() {
    info.u8(0);
    auto size = std::uint32_t(info.out.size() - unit_at_ - 4);
    std::memcpy(info.out.data() + unit_at_, &size, 4);
  }
  TinyBytes& die(Code code) { return info.uleb(code); }
  void end_children() { info.u8(0); }

  void function_range(std::uint64_t low, std::uint64_t high) {
    if (version_ == 4)
      info.u64(low).u64(high);
    else
      info.uleb(index_of(low)).uleb(high - low);
  }
  // Offset in the section of a list of ranges, relative to base.
  std::uint32_t range_list(std::uint64_t base, const std::vector<std::pair<unsigned, unsigned>>& pairs) {
    auto at = std::uint32_t(ranges.out.size());
    if (version_ == 4)
      ranges.u64(~0ull).u64(base);
    else
      ranges.u8(dw::kBaseAddressx).uleb(index_of(base));
    for (auto [from, to] : pairs) {
      if (version_ == 4)
        ranges.u64(from).u64(to);
      else
        ranges.u8(dw::kOffsetPair).uleb(from).uleb(to);
    }
    if (version_ == 4)
      ranges.u64(0).u64(0);
    else
      ranges.u8(dw::kEndOfList);
    return at;
  }
  struct Where {
    unsigned from, to;
    std::string expression;
  };
  std::uint32_t location_list(std::uint64_t base, const std::vector<Where>& wheres) {
    auto at = std::uint32_t(locations.out.size());
    if (version_ == 4)
      locations.u64(~0ull).u64(base);
    else
      locations.u8(dw::kBaseAddressx).uleb(index_of(base));
    for (const Where& w : wheres) {
      if (version_ == 4)
        locations.u64(w.from).u64(w.to).u16(unsigned(w.expression.size()));
      else
        locations.u8(dw::kOffsetPair).uleb(w.from).uleb(w.to).uleb(w.expression.size());
      locations.out += w.expression;
    }
    if (version_ == 4)
      locations.u64(0).u64(0);
    else
      locations.u8(dw::kEndOfList);
    return at;
  }

  std::vector<TinySection> sections() {
    info.resolve();
    bool five = version_ == 5;
    return {{.name = ".debug_abbrev", .bytes = abbrev.out},
            {.name = ".debug_info", .bytes = info.out},
            {.name = ".debug_addr", .bytes = addr.out},
            {.name = five ? ".debug_rnglists" : ".debug_ranges", .bytes = ranges.out},
            {.name = five ? ".debug_loclists" : ".debug_loc", .bytes = locations.out}};
  }
  std::string program() {
    TinyElf elf;
    elf.sections = sections();
    return elf.bytes();
  }

 private:
  std::uint64_t index_of(std::uint64_t address) {
    std::uint64_t index = (addr.out.size() - 8) / 8;
    addr.u64(address);
    return index;
  }

  void declare(unsigned tag, bool children, const std::vector<std::pair<unsigned, unsigned>>& attributes) {
    abbrev.uleb(++declared_).uleb(tag).u8(children);
    for (auto [name, form] : attributes) abbrev.uleb(name).uleb(form);
    abbrev.u8(0).u8(0);
  }

  void write_abbreviations() {
    using namespace dw;
    bool five = version_ == 5;
    unsigned low = five ? kFormAddrx : kFormAddr, high = five ? kFormUdata : kFormAddr;
    std::vector<std::pair<unsigned, unsigned>> unit = {
        {kAtName, kFormString}, {kAtLanguage, kFormData1}, {kAtLowPc, kFormAddr}};
    if (five) unit.emplace_back(kAtAddrBase, kFormSecOffset);
    declare(kTagCompileUnit, true, unit);
    declare(kTagBase, false,
            {{kAtName, kFormString},
             {kAtByteSize, kFormData1},
             {kAtGoKind, kFormData1},
             {kAtGoRuntimeType, kFormAddr}});
    declare(kTagStructure, true,
            {{kAtName, kFormString},
             {kAtByteSize, kFormUdata},
             {kAtGoKind, kFormData1},
             {kAtGoRuntimeType, kFormAddr}});
    declare(kTagMember, false,
            {{kAtName, kFormString},
             {kAtDataMemberLocation, kFormUdata},
             {kAtType, kFormRefAddr},
             {kAtGoEmbeddedField, kFormFlag}});
    declare(kTagPointer, false,
            {{kAtName, kFormString},
             {kAtType, kFormRefAddr},
             {kAtGoKind, kFormData1},
             {kAtGoRuntimeType, kFormAddr}});
    declare(kTagTypedef, false, {{kAtName, kFormString}, {kAtType, kFormRefAddr}});
    declare(kTagTypedef, false,
            {{kAtName, kFormString},
             {kAtType, kFormRefAddr},
             {kAtGoKind, kFormData1},
             {kAtGoRuntimeType, kFormAddr},
             {kAtGoKey, kFormRefAddr},
             {kAtGoElem, kFormRefAddr}});
    declare(kTagArray, true,
            {{kAtName, kFormString},
             {kAtType, kFormRefAddr},
             {kAtByteSize, kFormUdata},
             {kAtGoKind, kFormData1},
             {kAtGoRuntimeType, kFormAddr}});
    declare(kTagSubrange, false, {{kAtType, kFormRefAddr}, {kAtCount, kFormUdata}});
    declare(kTagVariable, false,
            {{kAtName, kFormString}, {kAtLocation, kFormBlock1}, {kAtType, kFormRefAddr}});
    declare(kTagSubprogram, true,
            {{kAtName, kFormString}, {kAtLowPc, low}, {kAtHighPc, high}, {kAtFrameBase, kFormBlock1}});
    declare(kTagFormalParameter, false,
            {{kAtName, kFormString},
             {kAtDeclLine, kFormUdata},
             {kAtType, kFormRefAddr},
             {kAtLocation, kFormSecOffset}});
    declare(kTagVariable, false,
            {{kAtName, kFormString},
             {kAtDeclLine, kFormUdata},
             {kAtType, kFormRefAddr},
             {kAtLocation, kFormBlock1}});
    declare(kTagVariable, false,
            {{kAtName, kFormString},
             {kAtDeclLine, kFormUdata},
             {kAtType, kFormRefAddr},
             {kAtGoClosureOffset, kFormUdata},
             {kAtLocation, kFormBlock1}});
    declare(kTagLexicalBlock, true, {{kAtRanges, kFormSecOffset}});
    declare(kTagInlinedSubroutine, true, {{kAtAbstractOrigin, kFormRefAddr}, {kAtRanges, kFormSecOffset}});
    declare(kTagSubprogram, true, {{kAtName, kFormString}});
    declare(kTagVariable, false,
            {{kAtName, kFormString}, {kAtDeclLine, kFormUdata}, {kAtType, kFormRefAddr}});
    declare(kTagVariable, false, {{kAtAbstractOrigin, kFormRefAddr}, {kAtLocation, kFormBlock1}});
    declare(kTagLexicalBlock, true, {{kAtLowPc, low}, {kAtHighPc, high}});
    abbrev.u8(0);
  }

  int version_;
  unsigned declared_ = 0;
  std::size_t unit_at_ = 0;
};

// A Go unit with a struct, a map, an array, two package variables, a closure and a function with every kind
// of scope; before it a unit in C.
inline TinyDwarf example_program(int version) {
  using D = TinyDwarf;
  constexpr std::uint64_t kText = 0x401000;
  TinyDwarf d(version);
  d.begin_unit(0x0c, 0x700000);
  d.die(D::kGlobal).text("c_variable").block(std::string("\x03\0\0\x70\0\0\0\0\0", 9)).ref("int");
  d.end_unit();

  d.begin_unit(dw::kLanguageGo, kText);
  d.info.label("int");
  d.die(D::kBase).text("int").u8(8).u8(2).u64(0x100);
  d.info.label("Node$alias");
  d.die(D::kAlias).text("main.Node").ref("Node");
  d.info.label("Node");
  d.die(D::kStruct).text("main.Node").uleb(40).u8(25).u64(0x240);
  d.die(D::kMember).text("next").uleb(0).ref("*Node").u8(0);
  d.die(D::kMember).text("Base").uleb(8).ref("Base$alias").u8(1);
  d.die(D::kMember).text("index").uleb(24).ref("map").u8(0);
  d.end_children();
  d.info.label("Base");
  d.die(D::kStruct).text("main.Base").uleb(16).u8(25).u64(0);
  d.die(D::kMember).text("a").uleb(0).ref("int").u8(0);
  d.die(D::kMember).text("b").uleb(8).ref("int").u8(0);
  d.end_children();
  d.info.label("Base$alias");
  d.die(D::kAlias).text("main.Base").ref("Base");
  d.info.label("*Node");
  d.die(D::kPointer).text("*main.Node").ref("Node$alias").u8(22).u64(0x300);
  d.info.label("header");
  d.die(D::kStruct).text("map<int,*main.Node>").uleb(48).u8(0).u64(0);
  d.die(D::kMember).text("used").uleb(0).ref("int").u8(0);
  d.end_children();
  d.info.label("*header");
  d.die(D::kPointer).text("*map<int,*main.Node>").ref("header").u8(0).u64(0);
  d.info.label("map");
  d.die(D::kMap).text("map[int]*main.Node").ref("*header").u8(21).u64(0x380).ref("int").ref("*Node");
  d.info.label("array");
  d.die(D::kArray).text("[5]main.Base").ref("Base$alias").uleb(80).u8(17).u64(0);
  d.die(D::kRange).ref("int").uleb(5);
  d.end_children();
  d.die(D::kGlobal).text("main.table").block(std::string("\x03\x40\x20\x50\0\0\0\0\0", 9)).ref("array");
  d.die(D::kGlobal).text("main.nodes").block(std::string("\x03\0\0\x50\0\0\0\0\0", 9)).ref("map");
  d.die(D::kGlobal).text("main.optimised").block("").ref("map");

  d.die(D::kAbstract).text("main.inlined");
  d.info.label("inlined.x");
  d.die(D::kAbstractVariable).text("x").uleb(70).ref("*Node");
  d.end_children();

  d.die(D::kFunction).text("main.run.func1");
  d.function_range(kText + 0x400, kText + 0x440);
  d.info.block("\x9c");
  d.die(D::kCaptured).text("&total").uleb(31).ref("int").uleb(8).block("");
  d.die(D::kCaptured).text("node").uleb(32).ref("*Node").uleb(16).block("");
  d.end_children();

  const std::string fbreg_minus_48("\x91\x50", 2), cfa("\x9c", 1), rax("\x50", 1);
  d.die(D::kFunction).text("main.run");
  d.function_range(kText + 0x100, kText + 0x200);
  d.info.block("\x9c");
  d.die(D::kParameter).text("n").uleb(20).ref("*Node");
  d.info.u32(d.location_list(kText + 0x100, {{0, 0x10, rax}, {0x10, 0x100, cfa}}));
  d.die(D::kLocal)
      .text("slice")
      .uleb(21)
      .ref("Base$alias")
      .block(std::string("\x91\x60\x93\x08", 4) + std::string("\x53\x93\x08", 3) +
             std::string("\x93\x04", 2) + std::string("\x9c\x11\x10\x22\x93\x08", 6));
  d.die(D::kLocal).text("register").uleb(22).ref("int").block(rax);
  d.die(D::kLocal).text("gone").uleb(23).ref("int").block("");
  d.die(D::kBlock).u32(d.range_list(kText + 0x100, {{0x20, 0x40}, {0x60, 0x80}}));
  d.die(D::kLocal).text("inner").uleb(24).ref("int").block(fbreg_minus_48);
  d.die(D::kSimpleBlock);
  d.function_range(kText + 0x168, kText + 0x170);
  d.die(D::kLocal).text("deep").uleb(25).ref("int").block("\x91\x40");
  d.end_children();
  d.end_children();
  d.die(D::kInlined).ref("inlined.x").u32(d.range_list(kText + 0x100, {{0x90, 0xa0}}));
  d.die(D::kConcrete).ref("inlined.x").block("\x91\x08");
  d.end_children();
  d.end_children();
  d.end_unit();
  return d;
}

}  // namespace memsnap
