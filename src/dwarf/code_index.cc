#include "dwarf/code_index.h"

#include "dwarf/lists.h"

namespace memsnap::dw {
namespace {

// What the entry of a function or of an inlined call says.
struct CodeEntry {
  Value low, high, ranges;
  std::uint64_t origin = 0;
  bool named = false;  // by itself
  std::uint32_t call_file = 0, call_line = 0, call_column = 0, discriminator = 0;
};

CodeEntry read_code_entry(DieReader& in, const Units& units, const Unit& unit, const Abbreviation& a) {
  CodeEntry e;
  for (const AttributeSpec& spec : unit.abbreviations->attributes_of(a)) {
    Value v = units.value(in, spec, unit);
    switch (spec.name) {
      case kAtLowPc: e.low = v; break;
      case kAtHighPc: e.high = v; break;
      case kAtRanges: e.ranges = v; break;
      case kAtAbstractOrigin: e.origin = Units::target(v, unit); break;
      case kAtName:
      case kAtLinkageName:
      case kAtMipsLinkageName: e.named = true; break;
      case kAtCallFile: e.call_file = std::uint32_t(v.number); break;
      case kAtCallLine: e.call_line = std::uint32_t(v.number); break;
      case kAtCallColumn: e.call_column = std::uint32_t(v.number); break;
      case kAtGnuDiscriminator: e.discriminator = std::uint32_t(v.number); break;
      default: break;
    }
  }
  return e;
}

// Code that the linker left out has been given a place at 0, or at 1 in lists.
constexpr std::uint64_t kLeftOut = 1;

// The code of an entry; at most `most` ranges.
void append_code(const Units& units, const Unit& unit, const CodeEntry& e, std::size_t most,
                 std::vector<CodeRange>& found) {
  if (e.ranges.form != 0) {
    append_ranges(units, unit, e.ranges, most, found);
  } else if (e.low.form != 0 && e.high.form != 0) {
    std::uint64_t from = units.address(e.low, unit), to = units.address(e.high, unit);
    found.push_back({from, to != 0 ? to : from + e.high.number});
  }
  std::erase_if(found, [](const CodeRange& r) { return r.from <= kLeftOut || r.from >= r.to; });
}

}  // namespace

struct CodeIndex::UnitCode {
  struct Node {  // a function or an inlined call
    std::uint64_t entry = 0;
    std::uint64_t named = 0;  // entry that has its name
    std::uint32_t caller = kNobody;
    std::uint32_t call_file = 0, call_line = 0, call_column = 0, discriminator = 0;
  };
  LineTable lines;
  std::vector<Node> nodes;
  std::vector<CodePart> parts;  // of nodes
};

namespace {

// One pass over the entries of a unit: all functions and inlined calls that have code.
template <class Node>
class CodeWalk {
 public:
  CodeWalk(const Units& units, const Unit& unit, std::size_t& pieces_left)
      : units_(units),
        unit_(unit),
        pieces_left_(pieces_left),
        in_(units.sections().info, unit.root, unit.end) {}

  Result<void> run() {
    do {
      TRY_VOID(step());
    } while (!open_.empty() && !in_.done());
    if (!in_.ok())
      return fail(Cause::bad_input, "DWARF: an entry of the unit at offset {} is cut short", unit_.offset);
    return {};
  }

  std::vector<Node> nodes;
  std::vector<OwnedRange> ranges;

 private:
  Result<void> step() {
    std::uint64_t offset = in_.at(), code = in_.varint();
    if (code == 0) {
      if (!open_.empty()) open_.pop_back();
      return {};
    }
    const Abbreviation* a = unit_.abbreviations->find(code);
    if (!a)
      return fail(Cause::bad_input,
                  "DWARF: the entry at offset {} is of kind {}, which its unit does not declare", offset,
                  code);
    std::uint32_t around = open_.empty() ? kNobody : open_.back();
    bool is_code = a->tag == kTagSubprogram || a->tag == kTagInlinedSubroutine;
    if (is_code && a->has_code)
      TRY_VOID(take(*a, offset, around));
    else
      Units::skip(in_, *a, unit_);
    if (a->children) open_.push_back(around);
    return {};
  }

  // Sets `node` to the new one when the entry has code.
  Result<void> take(const Abbreviation& a, std::uint64_t offset, std::uint32_t& node) {
    CodeEntry e = read_code_entry(in_, units_, unit_, a);
    found_.clear();
    append_code(units_, unit_, e, pieces_left_, found_);
    if (found_.size() >= pieces_left_ || nodes.size() >= kNobody)
      return fail(Cause::bad_input, "DWARF: more ranges of code than the file has bytes for them");
    if (found_.empty()) return {};
    pieces_left_ -= found_.size();
    auto number = std::uint32_t(nodes.size());
    for (const CodeRange& range : found_) ranges.push_back({range, number});
    nodes.push_back({.entry = offset,
                     .named = e.named || e.origin == 0 ? offset : e.origin,
                     .caller = a.tag == kTagInlinedSubroutine ? node : kNobody,
                     .call_file = e.call_file,
                     .call_line = e.call_line,
                     .call_column = e.call_column,
                     .discriminator = e.discriminator});
    node = number;
    return {};
  }

  const Units& units_;
  const Unit& unit_;
  std::size_t& pieces_left_;
  DieReader in_;
  std::vector<std::uint32_t> open_;  // per entry that is open: the node around its children
  std::vector<CodeRange> found_;
};

}  // namespace

CodeIndex::CodeIndex() = default;
CodeIndex::CodeIndex(CodeIndex&&) noexcept = default;
CodeIndex& CodeIndex::operator=(CodeIndex&&) noexcept = default;
CodeIndex::~CodeIndex() = default;

void CodeIndex::note(const Error& error) {
  if (damage_.empty()) damage_ = error.what;
}

Result<CodeIndex> CodeIndex::read(ElfFile& file) {
  Sections sections = TRY(Sections::read_for_code(file));
  if (sections.info.empty())
    return fail(Cause::refused, "executable: it has no .debug_info, so it was stripped or built without -g");
  CodeIndex index;
  // Ranges are written down once; a file that names the same list again and again is damaged.
  index.pieces_left_ = (sections.info.size() + sections.rnglists.size() + sections.ranges.size()) / 2 + 16;
  index.units_ = std::make_unique<Units>(sections);
  TRY_VOID(index.units_->read());
  index.index_units();
  return index;
}

void CodeIndex::index_units() {
  const auto& units = units_->all();
  codes_.resize(units.size());
  std::vector<OwnedRange> ranges;
  std::vector<CodeRange> found;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Unit& unit = units[i];
    if (!unit.abbreviations) continue;
    DieReader in(units_->sections().info, unit.root, unit.end);
    const Abbreviation* root = unit.abbreviations->find(in.varint());
    if (!root || (root->tag != kTagCompileUnit && !root->has_code)) continue;
    found.clear();
    append_code(*units_, unit, read_code_entry(in, *units_, unit, *root), pieces_left_, found);
    // A unit that does not say where its code is: its functions do.
    if (found.empty())
      for (const CodePart& part : code_of(i).parts)
        if (part.owner != kNobody) found.push_back({part.from, (&part + 1)->from});
    pieces_left_ -= std::min(pieces_left_, found.size());
    if (pieces_left_ == 0)
      return note({Cause::bad_input, "DWARF: more ranges of code than the file has bytes for them"});
    for (const CodeRange& range : found) ranges.push_back({range, first_wins(i)});
  }
  parts_ = disjoint_parts(std::move(ranges));
}

CodeIndex::UnitCode& CodeIndex::code_of(std::size_t number) {
  auto& slot = codes_[number];
  if (slot) return *slot;
  slot = std::make_unique<UnitCode>();
  const Unit& unit = units_->all()[number];
  auto lines = LineTable::read(*units_, unit);
  if (lines)
    slot->lines = std::move(*lines);
  else
    note(lines.error());
  CodeWalk<UnitCode::Node> walk(*units_, unit, pieces_left_);
  if (auto done = walk.run(); !done) note(done.error());
  slot->nodes = std::move(walk.nodes);
  slot->parts = disjoint_parts(std::move(walk.ranges));
  return *slot;
}

CodeIndex::Code CodeIndex::code_at(std::size_t unit, std::uint64_t pc) {
  UnitCode& code = code_of(unit);
  Code found{.lines = &code.lines};
  for (std::uint32_t node = owner_at(code.parts, pc); node != kNobody; node = code.nodes[node].caller)
    found.function = code.nodes[node].entry;
  return found;
}

std::string_view CodeIndex::name_of(std::uint64_t entry) {
  auto [known, fresh] = names_.try_emplace(entry);
  if (!fresh) return known->second;
  constexpr int kDeepest = 8;  // an inlined call, its abstract function, the declaration of that
  std::string_view plain;
  for (int i = 0; i < kDeepest && entry != 0; ++i) {
    const Unit* unit = units_->containing(entry);
    if (!unit || !unit->abbreviations) break;
    DieReader in(units_->sections().info, entry, unit->end);
    const Abbreviation* a = unit->abbreviations->find(in.varint());
    if (!a) break;
    entry = 0;
    for (const AttributeSpec& spec : unit->abbreviations->attributes_of(*a)) {
      Value v = units_->value(in, spec, *unit);
      if (spec.name == kAtLinkageName || spec.name == kAtMipsLinkageName) return known->second = v.text;
      if (spec.name == kAtName && plain.empty()) plain = v.text;
      if (spec.name == kAtAbstractOrigin || spec.name == kAtSpecification) entry = Units::target(v, *unit);
    }
  }
  return known->second = plain;
}

void CodeIndex::frames_at(std::uint64_t pc, std::vector<DwarfFrame>& frames) {
  frames.clear();
  std::uint32_t unit = owner_at(parts_, pc);
  if (unit == kNobody) return;
  UnitCode& code = code_of(first_wins(unit));
  LinePlace place;
  bool has_line = code.lines.place_at(pc, place);
  std::uint32_t node = owner_at(code.parts, pc);
  if (node == kNobody) {
    if (has_line) frames.push_back({.function = {}, .place = place});
    return;
  }
  for (; node != kNobody; node = code.nodes[node].caller) {
    const auto& n = code.nodes[node];
    frames.push_back({.function = name_of(n.named), .place = place, .entry = n.entry});
    place = {code.lines.file(n.call_file), n.call_line, n.call_column, n.discriminator};
  }
}

}  // namespace memsnap::dw
