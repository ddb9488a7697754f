// Three walks over the top level, which is nearly free (4 GB/s): count and collect strings; the small tables;
// the samples, into columns that were reserved exactly. A stack stays where it is when its bytes are what
// PackedStack wants; the check that they are is all that is done with it here.
#include "pprof/proto_reader.h"

#include "pprof/proto_fields.h"
#include "pprof/proto_samples.h"
#include "pprof/row_ids.h"

namespace memsnap {
namespace {

enum Top : std::uint8_t {  // fields of message Profile
  kSampleType = 1,
  kSample,
  kMapping,
  kLocation,
  kFunction,
  kString,
  kDropFrames,
  kKeepFrames,
  kTime,
  kDuration,
  kPeriodType,
  kPeriod,
  kComment,
  kDefaultSampleType,
  kDocUrl,
};

constexpr const char* kOtherType = "a field of another type";
constexpr std::size_t kLeastRow = 2;  // bytes of a message with one field
constexpr std::size_t kMostRows = ~0u - 1;

struct BadRow {
  std::size_t row = 0;
  std::string what;  // "" when there is none
};

class ProtoReader {
 public:
  explicit ProtoReader(Bytes bytes) : bytes_(bytes) {}
  std::expected<Profile, ProtoProblem> read();

 private:
  // Each answers false when the file is no profile.proto; broken_ says why.
  bool count();
  bool count_field(const ProtoFields& field);
  bool count_row(const ProtoFields& field, std::size_t& rows, const char* without_id);
  bool count_sample(ProtoFields fields);
  bool reserve();
  bool tables();
  bool table_field(const ProtoFields& field);
  bool header_field(const ProtoFields& field);
  bool value_type(ProtoFields fields, ValueType& out);
  bool mapping(ProtoFields fields);
  bool mapping_flag(const ProtoFields& field, ProfileMapping& row);
  bool function(ProtoFields fields);
  bool location(ProtoFields fields);
  bool line(ProtoFields fields);
  bool comments(const ProtoFields& field);
  void resolve();
  bool samples();
  template <class Table>
  static BadRow bad_id(const Table& table, const RowIds& rows, const char* what, const char* id);
  std::string invalid() const;  // as Profile.CheckValid would say it; "" when nothing is wrong
  std::unexpected<ProtoProblem> problem() const;

  bool broken(const char* what) {
    broken_ = what;
    return false;
  }
  template <class T>
  bool number(const ProtoFields& field, T& out) {
    return field.is_varint() ? (out = T(field.value()), true) : broken(kOtherType);
  }
  bool flag(const ProtoFields& field, bool& out) {
    return field.is_varint() ? (out = field.value() != 0, true) : broken(kOtherType);
  }
  bool string(std::uint64_t index, StringId& out) {
    if (index >= strings_.size()) return broken("an index beyond the string table");
    return out = strings_[index], true;
  }
  bool string(const ProtoFields& field, StringId& out) {
    return field.is_varint() ? string(field.value(), out) : broken(kOtherType);
  }

  Bytes bytes_;
  Profile profile_;
  const char* broken_ = "";
  bool concatenated_ = false, too_large_ = false;
  std::vector<StringId> strings_;  // by index of the file
  struct {
    std::size_t samples = 0, labels = 0, sample_bytes = 0, types = 0, mappings = 0, functions = 0,
                locations = 0;
  } counts_;
  std::vector<std::uint64_t> location_mapping_, line_function_;  // ids of the file, row by row
  RowIds mapping_rows_, function_rows_, location_rows_;
  std::string invalid_;
};

bool ProtoReader::count_sample(ProtoFields fields) {
  constexpr std::uint64_t kLabel = 3;
  while (fields.next()) counts_.labels += fields.number() == kLabel;
  return fields.ok() || broken("a sample cut short");
}

// A row without an id takes two bytes of the file and no memory: it is not read, only refused in the end.
bool ProtoReader::count_row(const ProtoFields& field, std::size_t& rows, const char* without_id) {
  if (!field.is_bytes()) return broken(kOtherType);
  if (field.size() >= kLeastRow)
    ++rows;
  else if (invalid_.empty())
    invalid_ = without_id;
  return true;
}

bool ProtoReader::count_field(const ProtoFields& field) {
  switch (field.number()) {
    case kSample:
      if (!field.is_bytes()) return broken(kOtherType);
      counts_.samples += field.size() >= kLeastRow;
      counts_.sample_bytes += field.size();
      return count_sample(field.message());
    case kString:
      if (!field.is_bytes()) return broken(kOtherType);
      strings_.push_back(profile_.strings.borrow(field.text()));
      return strings_[0] == StringId{} || broken("a string table that does not begin with \"\"");
    case kSampleType: ++counts_.types; break;
    case kMapping: return count_row(field, counts_.mappings, "found mapping with reserved ID=0");
    case kFunction: return count_row(field, counts_.functions, "found function with reserved ID=0");
    case kLocation: return count_row(field, counts_.locations, "found location with reserved id=0");
    case kTime:
      if (profile_.time_nanos != 0) return concatenated_ = true, false;
      return number(field, profile_.time_nanos);
    default: break;
  }
  return true;
}

bool ProtoReader::count() {
  ProtoFields fields(bytes_);
  while (fields.next())
    if (!count_field(fields)) return false;
  if (!fields.ok()) return broken("a field that is cut short or of an unknown type");
  return !strings_.empty() || broken("no string table");
}

// Every row costs bytes of the file, at least a fifteenth of what it takes here.
bool ProtoReader::reserve() {
  too_large_ = counts_.samples > kMostRows || counts_.labels > kMostRows || counts_.locations > kMostRows ||
               counts_.functions > kMostRows || counts_.mappings > kMostRows;
  if (too_large_) return false;
  profile_.sample_types.reserve(counts_.types);
  profile_.mappings.reserve(counts_.mappings);
  profile_.functions.reserve(counts_.functions);
  profile_.locations.reserve(counts_.locations);
  location_mapping_.reserve(counts_.locations);
  profile_.lines.reserve(counts_.locations);
  line_function_.reserve(counts_.locations);
  SampleTable& samples = profile_.samples;
  samples.stacks.reserve(counts_.samples);
  samples.label_end.reserve(counts_.samples);
  samples.labels.reserve(counts_.labels);
  return true;
}

bool ProtoReader::value_type(ProtoFields fields, ValueType& out) {
  enum : std::uint8_t { kType = 1, kUnit };
  out = {};
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kType: good = string(fields, out.type); break;
      case kUnit: good = string(fields, out.unit); break;
      default: break;
    }
    if (!good) return false;
  }
  return fields.ok() || broken("a value type cut short");
}

bool ProtoReader::mapping_flag(const ProtoFields& field, ProfileMapping& row) {
  enum : std::uint8_t { kFunctions = 7, kFilenames, kLineNumbers, kInlineFrames };
  switch (field.number()) {
    case kFunctions: return flag(field, row.has_functions);
    case kFilenames: return flag(field, row.has_filenames);
    case kLineNumbers: return flag(field, row.has_line_numbers);
    case kInlineFrames: return flag(field, row.has_inline_frames);
    default: return true;
  }
}

bool ProtoReader::mapping(ProtoFields fields) {
  enum : std::uint8_t { kId = 1, kStart, kLimit, kOffset, kFile, kBuildId };
  constexpr std::string_view kKernel = "[kernel.kallsyms]";
  ProfileMapping& row = profile_.mappings.emplace_back();
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kId: good = number(fields, row.id); break;
      case kStart: good = number(fields, row.start); break;
      case kLimit: good = number(fields, row.limit); break;
      case kOffset: good = number(fields, row.offset); break;
      case kFile: good = string(fields, row.file); break;
      case kBuildId: good = string(fields, row.build_id); break;
      default: good = mapping_flag(fields, row);
    }
    if (!good) return false;
  }
  std::string_view file = profile_.text(row.file);
  if (file.starts_with(kKernel)) row.kernel_relocation = profile_.strings.borrow(file.substr(kKernel.size()));
  return fields.ok() || broken("a mapping cut short");
}

bool ProtoReader::function(ProtoFields fields) {
  enum : std::uint8_t { kId = 1, kName, kSystemName, kFile, kStartLine };
  ProfileFunction& row = profile_.functions.emplace_back();
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kId: good = number(fields, row.id); break;
      case kName: good = string(fields, row.name); break;
      case kSystemName: good = string(fields, row.system_name); break;
      case kFile: good = string(fields, row.file); break;
      case kStartLine: good = number(fields, row.start_line); break;
      default: break;
    }
    if (!good) return false;
  }
  return fields.ok() || broken("a function cut short");
}

bool ProtoReader::line(ProtoFields fields) {
  enum : std::uint8_t { kFunctionId = 1, kLine, kColumn };
  if (profile_.lines.size() == kMostRows) return too_large_ = true, false;
  ProfileLine& row = profile_.lines.emplace_back();
  std::uint64_t& function_id = line_function_.emplace_back();
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kFunctionId: good = number(fields, function_id); break;
      case kLine: good = number(fields, row.line); break;
      case kColumn: good = number(fields, row.column); break;
      default: break;
    }
    if (!good) return false;
  }
  return fields.ok() || broken("a line cut short");
}

bool ProtoReader::location(ProtoFields fields) {
  enum : std::uint8_t { kId = 1, kMappingId, kAddress, kLines, kFolded };
  ProfileLocation& row = profile_.locations.emplace_back();
  std::uint64_t& mapping_id = location_mapping_.emplace_back();
  row.first_line = std::uint32_t(profile_.lines.size());
  while (fields.next()) {
    bool good = true;
    switch (fields.number()) {
      case kId: good = number(fields, row.id); break;
      case kMappingId: good = number(fields, mapping_id); break;
      case kAddress: good = number(fields, row.address); break;
      case kLines: good = fields.is_bytes() ? line(fields.message()) : broken(kOtherType); break;
      case kFolded: good = flag(fields, row.folded); break;
      default: break;
    }
    if (!good) return false;
  }
  row.line_count = std::uint32_t(profile_.lines.size()) - row.first_line;
  return fields.ok() || broken("a location cut short");
}

bool ProtoReader::comments(const ProtoFields& field) {
  if (field.is_varint()) return string(field, profile_.comments.emplace_back());
  if (!field.is_bytes()) return broken(kOtherType);
  for (const std::uint8_t *at = field.begin(), *end = field.end(); at != end;) {
    std::uint64_t index;
    if (!read_varint(at, end, index)) return broken("a comment cut short");
    if (!string(index, profile_.comments.emplace_back())) return false;
  }
  return true;
}

bool ProtoReader::header_field(const ProtoFields& field) {
  switch (field.number()) {
    case kDropFrames: return string(field, profile_.drop_frames);
    case kKeepFrames: return string(field, profile_.keep_frames);
    case kDuration: return number(field, profile_.duration_nanos);
    case kPeriod: return number(field, profile_.period);
    case kComment: return comments(field);
    case kDefaultSampleType: return string(field, profile_.default_sample_type);
    case kDocUrl: return string(field, profile_.doc_url);
    default: return true;
  }
}

bool ProtoReader::table_field(const ProtoFields& field) {
  std::uint64_t kind = field.number();
  bool is_message = (kind >= kSampleType && kind <= kFunction) || kind == kPeriodType;
  if (!is_message) return header_field(field);
  if (!field.is_bytes()) return broken(kOtherType);
  bool is_row = kind == kMapping || kind == kLocation || kind == kFunction;
  if (is_row && field.size() < kLeastRow) return true;
  switch (kind) {
    case kSampleType: return value_type(field.message(), profile_.sample_types.emplace_back());
    case kMapping: return mapping(field.message());
    case kLocation: return location(field.message());
    case kFunction: return function(field.message());
    case kPeriodType: return value_type(field.message(), profile_.period_type);
    default: return true;  // samples are for the last walk
  }
}

bool ProtoReader::tables() {
  for (ProtoFields fields(bytes_); fields.next();)
    if (!table_field(fields)) return false;
  return true;
}

// From ids of the file to rows, now that every row is known. A mapping that is not there is none; a function
// that is not there is refused by invalid().
void ProtoReader::resolve() {
  auto ids_of = [](const auto& table) { return [&table](std::size_t row) { return table[row].id; }; };
  mapping_rows_.build(profile_.mappings.size(), ids_of(profile_.mappings));
  function_rows_.build(profile_.functions.size(), ids_of(profile_.functions));
  location_rows_.build(profile_.locations.size(), ids_of(profile_.locations));
  for (std::size_t row = 0; row < profile_.locations.size(); ++row)
    profile_.locations[row].mapping = MappingId(mapping_rows_[location_mapping_[row]]);
  for (std::size_t row = 0; row < profile_.lines.size(); ++row)
    profile_.lines[row].function = FunctionId(function_rows_[line_function_[row]]);
  static_assert(RowIds::kNone == std::uint32_t(kNoMapping) && RowIds::kNone == std::uint32_t(kNoFunction));
}

bool ProtoReader::samples() {
  // Each value has a byte of the file, however many types it claims.
  profile_.samples.values.reserve(std::min(counts_.samples * profile_.types(), counts_.sample_bytes));
  SampleReader reader(profile_, location_rows_, strings_);
  for (ProtoFields fields(bytes_); fields.next();)
    if (fields.number() == kSample && !reader.add(fields.message())) return broken(reader.broken());
  if (invalid_.empty()) invalid_ = reader.invalid();
  return true;
}

// The first row with the id 0 or an id that was there before.
template <class Table>
BadRow ProtoReader::bad_id(const Table& table, const RowIds& rows, const char* what, const char* id) {
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (table[row].id == 0) return {row, fmt::format("found {} with reserved {}=0", what, id)};
    if (rows.has_duplicate() && row == rows.duplicate_row())
      return {row, fmt::format("multiple {}s with same id: {}", what, table[row].id)};
  }
  return {table.size(), {}};
}

std::string ProtoReader::invalid() const {
  if (!invalid_.empty()) return invalid_;
  if (BadRow bad = bad_id(profile_.mappings, mapping_rows_, "mapping", "ID"); !bad.what.empty())
    return bad.what;
  if (BadRow bad = bad_id(profile_.functions, function_rows_, "function", "ID"); !bad.what.empty())
    return bad.what;
  BadRow bad = bad_id(profile_.locations, location_rows_, "location", "id");
  for (std::size_t row = 0; row < bad.row; ++row)
    for (const ProfileLine& at : profile_.lines_of(profile_.locations[row]))
      if (at.function == kNoFunction)
        return fmt::format("location id: {} has a line with nil function", profile_.locations[row].id);
  return bad.what;
}

std::unexpected<ProtoProblem> ProtoReader::problem() const {
  ProtoProblem out{ProtoProblem::kOtherFormat, broken_, Cause::bad_input};
  if (too_large_) out = {ProtoProblem::kMalformed, "a table of more than 2^32 rows", Cause::refused};
  if (concatenated_) out = {ProtoProblem::kParsing, "concatenated profiles detected", Cause::bad_input};
  if (*broken_ == '\0' && !invalid_.empty()) out = {ProtoProblem::kMalformed, invalid_, Cause::bad_input};
  return std::unexpected(out);
}

std::expected<Profile, ProtoProblem> ProtoReader::read() {
  if (!count() || !reserve() || !tables()) return problem();
  resolve();
  if (!samples()) return problem();
  invalid_ = invalid();
  if (!invalid_.empty()) return problem();
  return std::move(profile_);
}

}  // namespace

std::expected<Profile, ProtoProblem> read_proto(Bytes bytes) { return ProtoReader(bytes).read(); }

}  // namespace memsnap
