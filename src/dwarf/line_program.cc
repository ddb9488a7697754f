#include "dwarf/line_program.h"

namespace memsnap::dw {

// Reads one program into a table.
class LineProgram {
 public:
  LineProgram(const Units& units, const Unit& unit, LineTable& table)
      : units_(units), unit_(unit), table_(table), in_(units.sections().line, unit.line_program) {}

  Result<void> read();

 private:
  struct State {
    std::uint64_t address = 0, file = 1, line = 1, column = 0, discriminator = 0;
  };
  struct Content {  // of an entry of the tables of version 5
    std::uint16_t what = 0, form = 0;
  };

  Result<void> read_header();
  void read_old_tables();
  void read_new_table(bool files);
  bool step();
  void standard(unsigned op);
  bool extended();
  void row();
  void end_sequence();
  void advance(std::uint64_t operations) { state_.address += operations * least_length_; }
  std::unexpected<Error> damaged(std::string_view what) const {
    return fail(Cause::bad_input, "DWARF: the line program at offset {} {}", unit_.line_program, what);
  }

  const Units& units_;
  const Unit& unit_;
  LineTable& table_;
  DieReader in_;
  Unit forms_;  // what the sizes of its values follow
  std::uint64_t end_ = 0, program_ = 0;
  unsigned version_ = 0, least_length_ = 1, line_range_ = 0, first_special_ = 0;
  int line_base_ = 0;
  std::uint8_t operands_[256] = {};  // of the standard operations
  State state_;
  std::uint64_t start_ = 0;    // address of the sequence
  std::size_t first_row_ = 0;  // of the sequence
  bool in_sequence_ = false;
};

Result<void> LineProgram::read_header() {
  constexpr std::uint32_t kWide = 0xffffffff;
  std::uint64_t length = in_.fixed<std::uint32_t>();
  forms_ = unit_;
  forms_.offset_size = 4;
  if (length == kWide) {
    length = in_.fixed<std::uint64_t>();
    forms_.offset_size = 8;
  }
  if (!in_.ok() || length > in_.left()) return damaged("is cut short");
  end_ = in_.at() + length;
  in_ = DieReader(units_.sections().line, in_.at(), end_);
  version_ = in_.fixed<std::uint16_t>();
  if (version_ < 2 || version_ > 5)
    return damaged(fmt::format("is of version {}, expected 2 to 5", version_));
  if (version_ >= 5) {
    forms_.address_size = in_.fixed<std::uint8_t>();
    in_.fixed<std::uint8_t>();  // size of a segment selector
  }
  std::uint64_t header = in_.number(forms_.offset_size);
  if (!in_.ok() || header > in_.left()) return damaged("has a header that is cut short");
  program_ = in_.at() + header;
  least_length_ = in_.fixed<std::uint8_t>();
  if (version_ >= 4) in_.fixed<std::uint8_t>();  // operations per instruction: of VLIW machines
  in_.fixed<std::uint8_t>();                     // whether a row begins a statement at first
  line_base_ = in_.fixed<std::int8_t>();
  line_range_ = in_.fixed<std::uint8_t>();
  first_special_ = in_.fixed<std::uint8_t>();
  for (unsigned op = 1; op < first_special_; ++op) operands_[op] = in_.fixed<std::uint8_t>();
  if (!in_.ok() || line_range_ == 0 || first_special_ == 0) return damaged("has a damaged header");
  return {};
}

void LineProgram::read_old_tables() {
  table_.folders_.push_back(unit_.folder);
  for (std::string_view folder; !(folder = in_.c_string()).empty();) table_.folders_.push_back(folder);
  table_.files_.emplace_back();  // they are counted from 1
  for (std::string_view name; !(name = in_.c_string()).empty();) {
    std::uint64_t folder = in_.varint();
    in_.varint();  // time
    in_.varint();  // size
    table_.files_.push_back({name, folder});
  }
}

void LineProgram::read_new_table(bool files) {
  std::vector<Content> contents(in_.fixed<std::uint8_t>());
  for (Content& c : contents) {
    c.what = std::uint16_t(in_.varint());
    c.form = std::uint16_t(in_.varint());
  }
  std::uint64_t count = in_.varint();
  if (contents.empty() || count > in_.left()) return count == 0 ? void() : in_.fail();
  for (std::uint64_t i = 0; i < count && in_.ok(); ++i) {
    LineTable::File entry;
    std::uint64_t before = in_.at();
    for (const Content& c : contents) {
      Value value = units_.value(in_, {.name = c.what, .form = c.form}, forms_);
      if (c.what == kLinePath) entry.name = value.text;
      if (c.what == kLineFolderIndex) entry.folder = value.number;
    }
    if (in_.at() == before) in_.fail();  // entries without bytes are damage, and memory
    if (files)
      table_.files_.push_back(entry);
    else
      table_.folders_.push_back(entry.name);
  }
}

void LineProgram::row() {
  if (!in_sequence_) {
    in_sequence_ = true;
    start_ = state_.address;
    first_row_ = table_.rows_.size();
  }
  std::uint64_t offset = state_.address - start_;
  auto last = table_.rows_.size() > first_row_ ? table_.rows_.back().offset : 0;
  if (state_.address >= start_ && offset <= UINT32_MAX && offset >= last)
    table_.rows_.push_back(
        {.offset = std::uint32_t(offset),
         .file = std::uint32_t(std::min<std::uint64_t>(state_.file, UINT32_MAX)),
         .line = std::uint32_t(state_.line),
         .column = std::uint16_t(std::min<std::uint64_t>(state_.column, UINT16_MAX)),
         .discriminator = std::uint16_t(std::min<std::uint64_t>(state_.discriminator, UINT16_MAX))});
  state_.discriminator = 0;
}

void LineProgram::end_sequence() {
  // Code that the linker left out has its lines at 0.
  std::size_t count = table_.rows_.size() - first_row_;
  if (in_sequence_ && count != 0 && start_ != 0 && state_.address > start_ &&
      first_row_ + count <= UINT32_MAX)
    table_.sequences_.push_back({start_, state_.address, std::uint32_t(first_row_), std::uint32_t(count)});
  else if (in_sequence_)
    table_.rows_.resize(first_row_);
  in_sequence_ = false;
  state_ = {};
}

void LineProgram::standard(unsigned op) {
  switch (op) {
    case kLineCopy: return row();
    case kLineAdvancePc: return advance(in_.varint());
    case kLineAdvanceLine: state_.line += std::uint64_t(in_.signed_varint()); return;
    case kLineSetFile: state_.file = in_.varint(); return;
    case kLineSetColumn: state_.column = in_.varint(); return;
    case kLineConstAddPc: return advance((255 - first_special_) / line_range_);
    case kLineFixedAdvancePc: state_.address += in_.fixed<std::uint16_t>(); return;
    default:
      for (unsigned i = 0; i < operands_[op]; ++i) in_.varint();
  }
}

bool LineProgram::extended() {
  std::uint64_t size = in_.varint();
  if (!in_.ok() || size == 0 || size > in_.left()) return false;
  std::uint64_t behind = in_.at() + size;
  switch (in_.fixed<std::uint8_t>()) {
    case kLineEndSequence: end_sequence(); break;
    case kLineSetAddress: state_.address = in_.number(unsigned(std::min<std::uint64_t>(size - 1, 8))); break;
    case kLineSetDiscriminator: state_.discriminator = in_.varint(); break;
    case kLineDefineFile: {
      std::string_view name = in_.c_string();
      table_.files_.push_back({name, in_.varint()});
      break;
    }
    default: break;
  }
  in_ = DieReader(units_.sections().line, behind, end_);
  return in_.ok();
}

bool LineProgram::step() {
  unsigned op = in_.fixed<std::uint8_t>();
  if (op >= first_special_) {
    unsigned special = op - first_special_;
    advance(special / line_range_);
    state_.line += std::uint64_t(std::int64_t(line_base_) + std::int64_t(special % line_range_));
    row();
  } else if (op == kLineExtended) {
    return extended();
  } else {
    standard(op);
  }
  return in_.ok();
}

Result<void> LineProgram::read() {
  TRY_VOID(read_header());
  table_.unit_folder_ = unit_.folder;
  table_.counts_from_zero_ = version_ >= 5;
  if (version_ < 5) {
    read_old_tables();
  } else {
    read_new_table(false);
    read_new_table(true);
  }
  if (!in_.ok()) return damaged("has damaged tables of files");
  in_ = DieReader(units_.sections().line, program_, end_);
  while (!in_.done())
    if (!step()) break;
  // What stands before damage is sound, but for a sequence without its end.
  if (in_sequence_) table_.rows_.resize(first_row_);
  std::ranges::stable_sort(table_.sequences_, {}, &LineTable::Sequence::from);
  table_.paths_.resize(table_.files_.size());
  return {};
}

Result<LineTable> LineTable::read(const Units& units, const Unit& unit) {
  LineTable table;
  if (unit.line_program != Unit::kNone) TRY_VOID(LineProgram(units, unit, table).read());
  return table;
}

bool LineTable::place_at(std::uint64_t pc, LinePlace& place) const {
  auto next = std::ranges::upper_bound(sequences_, pc, {}, &Sequence::from);
  if (next == sequences_.begin()) return false;
  const Sequence& sequence = *(next - 1);
  if (pc >= sequence.to) return false;
  auto rows = std::span(rows_).subspan(sequence.first, sequence.count);
  auto behind = std::ranges::upper_bound(rows, pc - sequence.from, {}, &Row::offset);
  if (behind == rows.begin()) return false;
  const Row& row = *(behind - 1);
  place = {file(row.file), row.line, row.column, row.discriminator};
  return true;
}

std::string_view LineTable::file(std::uint64_t number) const {
  if (number >= files_.size()) return {};
  const File& file = files_[std::size_t(number)];
  std::string& path = paths_[std::size_t(number)];
  if (path.empty() && !file.name.empty()) path = path_of(file);
  return path;
}

std::string LineTable::path_of(const File& file) const {
  std::string path(file.name);
  auto below = [&](std::string_view folder) {
    if (path.starts_with('/') || folder.empty()) return;
    path.insert(0, folder.ends_with('/') ? "" : "/").insert(0, folder);
  };
  if (file.folder < folders_.size()) below(folders_[std::size_t(file.folder)]);
  below(unit_folder_);
  return path;
}

}  // namespace memsnap::dw
