#include "snap/check.h"
#include "snap/format.h"
#include "snap/snapshot.h"

namespace memsnap {
namespace {

constexpr std::string_view kAlways[] = {"strings", "counters", "facts"};

const snap::Section* find(std::span<const snap::Section> sections, std::string_view table,
                          std::string_view column) {
  auto found = std::ranges::find_if(sections, [&](const snap::Section& s) {
    return snap::name_of(s.table) == table && snap::name_of(s.column) == column;
  });
  return found == sections.end() ? nullptr : &*found;
}

}  // namespace

bool is_snapshot_file(Bytes file) { return text_of(file).starts_with(snap::kMagic); }

Result<OpenSnapshot> open_snapshot(const std::string& path, const Needs& needs) {
  MappedFile file = TRY(MappedFile::open(path));
  OpenSnapshot open = TRY(open_snapshot_bytes(file.bytes(), needs));
  open.file_ = std::move(file);
  return open;
}

Result<OpenSnapshot> open_snapshot_bytes(Bytes file, const Needs& needs) {
  CHECK(reinterpret_cast<std::uintptr_t>(file.data()) % snap::kAlign == 0);
  OpenSnapshot open;
  TRY_VOID(open.find_columns(file));
  TRY_VOID(snap::check_row_counts(open.heap_));
  TRY_VOID(open.verify(needs));
  return open;
}

Result<void> OpenSnapshot::find_columns(Bytes file) {
  std::vector<snap::Section> sections = TRY(snap::read_sections(file));
  Result<void> answer;
  Heap::tables(heap_, [&](std::string_view table, auto& rows) {
    rows.columns(rows, [&](std::string_view column, auto& values, std::string_view) {
      using Values = std::remove_reference_t<decltype(values)>;
      using Value = typename Values::value_type;
      const snap::Section* s = find(sections, table, column);
      if (!answer) return;
      if (!s) {
        answer = fail(Cause::bad_input, "snapshot: it has no column {}.{}", table, column);
      } else if (s->element_size != sizeof(Value)) {
        answer = fail(Cause::bad_input, "snapshot: column {}.{} has elements of {} bytes, expected {}", table,
                      column, s->element_size, sizeof(Value));
      } else {
        Bytes bytes = file.subspan(std::size_t(s->offset), std::size_t(s->rows * s->element_size));
        values = Values::borrow({reinterpret_cast<const Value*>(bytes.data()), std::size_t(s->rows)});
        columns_.push_back({table, column, bytes, s->checksum});
      }
    });
  });
  return answer;
}

Result<void> OpenSnapshot::verify(const Needs& needs) {
  std::vector<std::string_view> todo(std::begin(kAlways), std::end(kAlways));
  if (needs.empty()) {
    Heap::tables(heap_, [&](std::string_view table, const auto&) { todo.push_back(table); });
  } else {
    todo.insert(todo.end(), needs.begin(), needs.end());
  }
  for (std::string_view table : todo) {
    if (std::ranges::find(verified_, table) != verified_.end()) continue;
    std::size_t columns = 0;
    for (const Column& column : columns_) {
      if (column.table != table) continue;
      ++columns;
      if (snap::checksum(column.bytes) != column.checksum)
        return fail(Cause::bad_input,
                    "snapshot: the checksum of column {}.{} is wrong, so the file is damaged", table,
                    column.name);
    }
    CHECK(columns != 0);  // a verb asked for a table that a Heap does not have
    TRY_VOID(snap::check_table(heap_, table));
    verified_.push_back(table);
  }
  return {};
}

}  // namespace memsnap
