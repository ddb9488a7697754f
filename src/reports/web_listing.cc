#include "reports/web_listing.h"

#include "profile/paths.h"
#include "profile/regex.h"
#include "profile/units.h"
#include "reports/program_symbols.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace memsnap {
namespace {

struct Frame {
  std::string function, file;
  std::int64_t line = 0;
};

// An instruction of interest, or an address with samples that no executable is at hand for.
struct Code {
  std::uint64_t file_address = 0, length = 1;
  std::string text, file;
  std::int64_t line = 0, flat = 0, cum = 0;
};

struct Use {  // of an instruction on a line
  std::uint64_t address = 0;
  std::vector<WebCall> calls;
};

struct File {
  std::map<std::int64_t, std::vector<Use>> lines;
  std::map<std::int64_t, std::string> function;  // the first that was met on the line
};

struct Range {
  std::uint64_t begin = 0, end = 0;
  MappingId mapping = kNoMapping;
  std::int64_t flat = 0;
};

std::string plain_file(std::string_view file) {
  for (std::string_view prefix : {"/proc/self/cwd/", "./"})
    if (file.starts_with(prefix)) file.remove_prefix(prefix.size());
  return clean_path(file);
}

// What the samples tell of addresses.
class Samples {
 public:
  std::map<std::uint64_t, LocationId> wanted;  // addresses where a function that fits is
  std::unordered_map<std::uint64_t, std::int64_t> flat, cum;
  std::set<std::string_view> interest;
  std::map<std::string_view, std::string_view> names;  // by the linker's

  Samples(const ProfileReport& report, const Regex& fits)
      : profile_(report.profile), fits_(fits), address_(read_number(report.request.symbol)) {
    for (const ProfileMapping& mapping : profile_.mappings) next_ = std::max(next_, mapping.limit);
    std::vector<LocationId> stack;
    for (std::size_t row = 0; row < profile_.samples.rows(); ++row) {
      stack.clear();
      profile_.samples.stacks[row].append_to(stack);
      std::span<const std::int64_t> values = profile_.values_of(row);
      std::int64_t value = values[report.value];
      if (report.divisor != GraphOptions::kNoDivisor && values[report.divisor] != 0)
        value = divide(value, values[report.divisor]);
      for (std::size_t i = stack.size(); i-- > 0;) add(stack[i], value, i == 0);
    }
  }

 private:
  static std::int64_t divide(std::int64_t a, std::int64_t b) { return b == -1 ? wrap_sub(0, a) : a / b; }
  static std::int64_t wrap_sub(std::int64_t a, std::int64_t b) {
    return std::int64_t(std::uint64_t(a) - std::uint64_t(b));
  }

  // Locations without an address get one behind all mappings.
  std::uint64_t address_of(LocationId id) {
    std::uint64_t address = profile_[id].address;
    if (address != 0) return address;
    auto [at, fresh] = made_.try_emplace(id, next_);
    if (fresh) ++next_;
    return at->second;
  }

  void add(LocationId id, std::int64_t value, bool leaf) {
    const ProfileLocation& location = profile_[id];
    std::span<const ProfileLine> lines = profile_.lines_of(location);
    for (const ProfileLine& line : lines)
      if (line.function != kNoFunction) {
        const ProfileFunction& function = profile_[line.function];
        names[profile_.text(function.system_name)] = profile_.text(function.name);
      }
    std::uint64_t address = address_of(id);
    cum[address] = wrap_add(cum[address], value);
    if (leaf) flat[address] = wrap_add(flat[address], value);
    if (address_ && address == *address_) {
      if (!lines.empty()) mark(address, id, lines.back());
      return;
    }
    bool whole = location.mapping != kNoMapping && fits(profile_[location.mapping].file);
    for (std::size_t i = 0; i < lines.size(); ++i)
      if ((i == 0 && whole) || fits_line(lines[i])) mark(address, id, lines[i]);
  }

  bool fits(StringId text) {
    auto [at, fresh] = known_.try_emplace(text, false);
    if (fresh) at->second = fits_.matches(profile_.text(text));
    return at->second;
  }
  bool fits_line(const ProfileLine& line) {
    if (line.function == kNoFunction) return false;
    const ProfileFunction& f = profile_[line.function];
    return fits(f.name) || fits(f.system_name) || fits(f.file);
  }

  void mark(std::uint64_t address, LocationId location, const ProfileLine& line) {
    if (line.function == kNoFunction) return;
    interest.insert(profile_.text(profile_[line.function].name));
    interest.insert(profile_.text(profile_[line.function].system_name));
    wanted.try_emplace(address, location);
  }

  const Profile& profile_;
  const Regex& fits_;
  std::optional<std::uint64_t> address_;
  std::uint64_t next_ = 1;
  std::map<LocationId, std::uint64_t> made_;
  std::map<StringId, bool> known_;
};

// Instructions around those addresses, and the lines they belong to.
class Listing {
 public:
  Listing(const ProfileReport& report, BinaryTool* binaries, const Samples& samples)
      : report_(report), profile_(report.profile), binaries_(binaries), samples_(samples) {
    std::vector<std::uint64_t> bare;
    std::vector<Range> ranges = split(bare);
    for (std::uint64_t address : bare) add_bare(address);
    std::ranges::stable_sort(ranges, std::greater{}, &Range::flat);
    if (ranges.size() > kMostRanges) ranges.resize(kMostRanges);
    for (const Range& range : ranges) add_range(range);
    for (auto& [address, code] : codes) count(address, code);
  }

  std::map<std::string, File> files;
  std::map<std::uint64_t, Code> codes;

 private:
  static constexpr std::size_t kMostRanges = 25;
  static constexpr std::uint64_t kAround = 500, kNear = 32;  // bytes

  bool is_at_hand(LocationId id) const {
    MappingId mapping = profile_[id].mapping;
    return binaries_ && mapping != kNoMapping &&
           binaries_->open(std::string(profile_.text(profile_[mapping].file)));
  }

  std::vector<Range> split(std::vector<std::uint64_t>& bare) const {
    std::vector<std::pair<std::uint64_t, LocationId>> known;
    for (auto [address, location] : samples_.wanted)
      if (is_at_hand(location))
        known.emplace_back(address, location);
      else
        bare.push_back(address);
    std::vector<Range> ranges;
    for (std::size_t i = 0; i < known.size();) {
      Range range{.begin = known[i].first,
                  .end = known[i].first,
                  .mapping = profile_[known[i].second].mapping,
                  .flat = 0};
      const ProfileMapping& mapping = profile_[range.mapping];
      range.flat = flat_of(known[i++].first);
      for (; i < known.size() && known[i].first <= range.end + 2 * kAround && known[i].first < mapping.limit;
           ++i) {
        range.end = known[i].first;
        range.flat = wrap_add(range.flat, flat_of(range.end));
      }
      // The difference is one of unsigned numbers there, too: only the very start is not passed.
      range.begin = mapping.start - range.begin >= kAround ? range.begin - kAround : mapping.start;
      range.end = mapping.limit - range.end >= kAround ? range.end + kAround : mapping.limit;
      ranges.push_back(range);
    }
    return ranges;
  }

  std::int64_t flat_of(std::uint64_t address) const {
    auto at = samples_.flat.find(address);
    return at == samples_.flat.end() ? 0 : at->second;
  }

  void add_range(const Range& range) {
    const ProfileMapping& mapping = profile_[range.mapping];
    std::string file(profile_.text(mapping.file));
    auto bias = binaries_->load_bias(file, mapping);
    if (!bias) return;
    auto rows =
        binaries_->disassemble(file, range.begin - *bias, range.end - *bias, report_.config.intel_syntax);
    if (!rows) return;
    std::vector<Frame> before;
    std::uint64_t before_at = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      MachineInstruction& row = (*rows)[i];
      std::uint64_t address = row.address + *bias;
      auto place = binaries_->place_of(file, row.address);
      std::vector<Frame> frames = {place ? Frame{place->function, place->file, place->line}
                                         : Frame{row.function, row.file, row.line}};
      Code code{.file_address = row.address, .text = row.text, .file = frames[0].file};
      code.line = frames[0].line;
      if (i + 1 < rows->size()) code.length = (*rows)[i + 1].address - row.address;
      codes[address] = std::move(code);
      if (frames[0].line != 0)
        before = frames, before_at = address;
      else if (address - before_at <= kNear && !before.empty())
        frames = before;  // no line of its own
      add_stack(address, frames);
    }
  }

  void add_bare(std::uint64_t address) {
    std::vector<Frame> frames;
    for (const ProfileLine& line : profile_.lines_of(profile_[samples_.wanted.at(address)])) {
      if (line.function == kNoFunction) continue;
      const ProfileFunction& f = profile_[line.function];
      frames.push_back({std::string(profile_.text(f.name)), std::string(profile_.text(f.file)), line.line});
    }
    Code code{.file_address = address};
    if (!frames.empty()) code.file = frames[0].file, code.line = frames[0].line;
    codes[address] = std::move(code);
    add_stack(address, frames);
  }

  // The instruction stands at each line of a function that fits, below it the calls that were inlined.
  void add_stack(std::uint64_t address, const std::vector<Frame>& frames) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const Frame& frame = frames[i];
      if (!samples_.interest.contains(frame.function)) continue;
      File& file = files[plain_file(frame.file)];
      Use use{.address = address, .calls = {}};
      for (std::size_t k = i; k-- > 0;) use.calls.push_back({frames[k].file, frames[k].line});
      file.lines[frame.line].push_back(std::move(use));
      file.function.try_emplace(frame.line, frame.function);
    }
  }

  // Samples in the middle of an instruction are its own.
  void count(std::uint64_t address, Code& code) const {
    auto add = [&](const auto& counts, std::int64_t& sum) {
      for (std::uint64_t p = address; p < address + code.length; ++p)
        if (auto at = counts.find(p); at != counts.end()) sum = wrap_add(sum, at->second);
    };
    add(samples_.flat, code.flat);
    add(samples_.cum, code.cum);
  }

  const ProfileReport& report_;
  const Profile& profile_;
  BinaryTool* binaries_;
  const Samples& samples_;
};

struct Part {  // lines of one function: begin, end - 1 and all between
  std::string name;
  std::int64_t begin = 0, end = 0, flat = 0, cum = 0;
};

// Lines of a function that are no further apart than this are shown in one piece.
constexpr std::int64_t kGap = 20, kMargin = 5;

void widen(std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part& part = parts[i];
    if (i > 0) {
      std::int64_t half = std::min((part.begin - parts[i - 1].end) / 2, kMargin);
      parts[i - 1].end += half;
      part.begin -= half;
    } else if (part.begin > kMargin) {
      part.begin -= kMargin;
    } else if (part.begin > 1) {
      part.begin = 1;
    }
  }
  if (!parts.empty()) parts.back().end += kMargin;
}

std::vector<Part> parts_of(const File& file, const Listing& listing, const Samples& samples) {
  std::vector<Part> parts;
  for (const auto& [number, uses] : file.lines) {
    std::string_view linker = file.function.at(number);
    auto pretty = samples.names.find(linker);
    Part part{.name = std::string(pretty == samples.names.end() ? linker : pretty->second),
              .begin = number,
              .end = number + 1};
    for (const Use& use : uses) {
      const Code& code = listing.codes.at(use.address);
      part.flat = wrap_add(part.flat, code.flat);
      part.cum = wrap_add(part.cum, code.cum);
    }
    if (!parts.empty() && number - parts.back().end < kGap && parts.back().name == part.name) {
      Part& last = parts.back();
      last.end = part.end;
      last.flat = wrap_add(last.flat, part.flat);
      last.cum = wrap_add(last.cum, part.cum);
    } else {
      parts.push_back(std::move(part));
    }
  }
  widen(parts);
  return parts;
}

WebLine line_of(std::int64_t number, const std::vector<Use>& uses, const Listing& listing) {
  WebLine line{.number = number, .flat = 0, .cum = 0, .source = {}, .instructions = {}};
  std::uint64_t follows = 0;
  for (const Use& use : uses) {
    const Code& code = listing.codes.at(use.address);
    line.flat = wrap_add(line.flat, code.flat);
    line.cum = wrap_add(line.cum, code.cum);
    line.instructions.push_back({.address = code.file_address,
                                 .text = code.text,
                                 .file = code.file,
                                 .line = code.line,
                                 .flat = code.flat,
                                 .cum = code.cum,
                                 .starts_block = use.address != follows,
                                 .calls = use.calls});
    follows = use.address + code.length;
  }
  return line;
}

WebFunction function_of(const Part& part, const std::string& name, const File& file, const Listing& listing,
                        SourceFiles& sources) {
  static const std::vector<Use> kNone;
  WebFunction function{.name = part.name, .file = name, .flat = part.flat, .cum = part.cum, .lines = {}};
  for (std::int64_t number = part.begin; number < part.end; ++number) {
    const std::string* source = sources.line(name, number);
    auto uses = file.lines.find(number);
    if (!source && uses == file.lines.end()) continue;
    WebLine line = line_of(number, uses == file.lines.end() ? kNone : uses->second, listing);
    line.source = source ? *source : number == 0 ? "<instructions with unknown line numbers>" : "???";
    function.lines.push_back(std::move(line));
  }
  return function;
}

}  // namespace

Result<std::vector<WebFunction>> list_with_instructions(const ProfileReport& report, BinaryTool* binaries,
                                                        SourceFiles& sources) {
  Regex wanted = TRY(Regex::compile(report.request.symbol));
  Samples samples(report, wanted);
  if (samples.interest.empty())
    return fail(Cause::usage, "no matches found for regexp: {}", report.request.symbol);
  Listing listing(report, binaries, samples);
  std::vector<WebFunction> functions;
  for (const auto& [name, file] : listing.files)
    for (const Part& part : parts_of(file, listing, samples))
      if (part.cum != 0) functions.push_back(function_of(part, name, file, listing, sources));
  return functions;
}

}  // namespace memsnap
