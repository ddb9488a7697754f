// The layout tables that were built in, and the reader of their few lines.
#include "golayout/layout.h"

#include "golayout/builtin.h"

#include <charconv>

namespace memsnap {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

// "text" without escapes.
bool unquote(std::string_view& text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  return text.find('"') == text.npos && text.find('\\') == text.npos;
}

template <class Number>
bool to_number(std::string_view text, Number& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

class TableReader {
 public:
  Result<LayoutTable> read(std::string_view text) {
    std::size_t number = 0;
    while (!text.empty()) {
      ++number;
      std::size_t end = text.find('\n');
      std::string_view line = trim(text.substr(0, end));
      text = end == text.npos ? std::string_view() : text.substr(end + 1);
      if (line.empty() || line.front() == '#') continue;
      if (!take(line))
        return fail(Cause::bad_input, "layout table: line {} is not understood: {}", number, line);
    }
    return std::move(table_);
  }

 private:
  enum class Section { kNone, kStruct, kSpecials, kReasons };

  bool take(std::string_view line) {
    if (line.front() == '[') return open_section(line);
    std::size_t equals = line.find(" = ");
    if (equals == line.npos) return false;
    std::string_view key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 3));
    if (!key.empty() && key.front() == '"' && !unquote(key)) return false;
    switch (section_) {
      case Section::kNone: return false;
      case Section::kStruct: return take_field(key, value);
      case Section::kSpecials: return take_special(key, value);
      case Section::kReasons: return take_reason(key, value);
    }
    return false;
  }

  bool open_section(std::string_view line) {
    if (line == "[special_kinds]") return section_ = Section::kSpecials, true;
    if (line == "[wait_reasons]") return section_ = Section::kReasons, true;
    if (!line.starts_with("[struct.") || line.back() != ']') return false;
    std::string_view name = line.substr(8, line.size() - 9);
    if (!unquote(name)) return false;
    section_ = Section::kStruct;
    fields_ = &table_.structs[std::string(name)];
    return fields_->empty();  // twice the same struct is a mistake
  }

  bool take_field(std::string_view key, std::string_view value) {
    std::uint64_t offset = 0;
    if (!to_number(value, offset)) return false;
    return fields_->emplace(key == "sizeof" ? std::string() : std::string(key), offset).second;
  }

  bool take_special(std::string_view key, std::string_view value) {
    int* kind = key == "finalizer"    ? &table_.special_kinds.finalizer
                : key == "weak"       ? &table_.special_kinds.weak
                : key == "profile"    ? &table_.special_kinds.profile
                : key == "cleanup"    ? &table_.special_kinds.cleanup
                : key == "tiny_block" ? &table_.special_kinds.tiny_block
                                      : nullptr;
    return kind && to_number(value, *kind);
  }

  bool take_reason(std::string_view key, std::string_view value) {
    unsigned number = 0;
    if (!to_number(key, number) || number != table_.wait_reasons.size() || !unquote(value)) return false;
    table_.wait_reasons.emplace_back(value);
    return true;
  }

  LayoutTable table_;
  Section section_ = Section::kNone;
  LayoutTable::Fields* fields_ = nullptr;
};

}  // namespace

Result<LayoutTable> parse_layout_table(std::string_view text) { return TableReader().read(text); }

const LayoutTable* layout_table(int go_minor) {
  static const std::map<int, LayoutTable> tables = [] {
    std::map<int, LayoutTable> all;
    for (const BuiltinText& file : kLayoutFiles) {
      int minor = 0;
      std::string_view name = file.name;  // go1.26.toml
      CHECK(name.starts_with("go1.") && name.ends_with(".toml") &&
            to_number(name.substr(4, name.size() - 9), minor));
      auto table = parse_layout_table(file.text);
      CHECK(table.has_value());
      all.emplace(minor, std::move(*table));
    }
    return all;
  }();
  auto found = tables.find(go_minor);
  return found == tables.end() ? nullptr : &found->second;
}

}  // namespace memsnap
