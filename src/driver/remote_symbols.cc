#include "driver/remote_symbols.h"

#include "base/text.h"
#include "http/client.h"
#include "http/proxy.h"
#include "profile/paths.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kAnswerLimit = std::uint64_t(256) << 20;  // bytes

// Nothing when it would pass either end of the address space.
std::optional<std::uint64_t> shifted(std::uint64_t address, std::uint64_t by, bool down) {
  std::uint64_t to = down ? address - by : address + by;
  if (down ? to > address : to < address) return std::nullopt;
  return to;
}

struct Shift {
  std::uint64_t by = 0;
  bool down = false;
};

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\n'; }

struct Symbol {
  std::string_view address, name;  // 0x2a
};

// The first address of a line and what follows it behind blanks. The line has its end.
std::optional<Symbol> symbol_of(std::string_view line) {
  for (std::size_t at = 0; (at = line.find("0x", at)) != std::string_view::npos; ++at) {
    std::size_t end = at + 2;
    while (end < line.size() && is_hex(line[end])) ++end;
    std::size_t name = end;
    while (name < line.size() && is_blank(line[name])) ++name;
    if (end == at + 2 || name == end) continue;
    std::string_view rest = line.substr(name);
    return Symbol{line.substr(at, end - at), rest.substr(0, rest.find('\n'))};
  }
  return std::nullopt;
}

class Answer {
 public:
  Answer(Profile& profile, Shift shift) : profile_(profile), shift_(shift) {}

  Result<void> read(std::string_view text) {
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
      std::optional<Symbol> symbol = symbol_of(text.substr(0, end + 1));
      if (!symbol) continue;
      std::uint64_t address = 0;
      std::string_view digits = symbol->address.substr(2);
      if (std::from_chars(digits.data(), digits.data() + digits.size(), address, 16).ec != std::errc{})
        return fail(Cause::bad_input,
                    "unexpected parse failure {0}: strconv.ParseUint: parsing \"{0}\": value out of range",
                    symbol->address);
      auto there = shifted(address, shift_.by, !shift_.down);
      if (!there)
        return fail(Cause::bad_input, "cannot adjust symbolz address {}, it would overflow", address);
      names_[*there] = function(symbol->name);
    }
    return {};
  }

  void apply(MappingId mapping) {
    for (ProfileLocation& location : profile_.locations) {
      auto name = names_.find(location.address);
      if (location.mapping != mapping || name == names_.end()) continue;
      location.first_line = std::uint32_t(profile_.lines.size());
      location.line_count = 1;
      profile_.lines.push_back({.function = name->second});
    }
  }

 private:
  FunctionId function(std::string_view name) {
    StringId text = profile_.strings.add(name);
    auto [at, fresh] = functions_.try_emplace(text, FunctionId(std::uint32_t(profile_.functions.size())));
    if (fresh)
      profile_.functions.push_back({.id = profile_.functions.size() + 1, .name = text, .system_name = text});
    return at->second;
  }

  Profile& profile_;
  Shift shift_;
  std::unordered_map<std::uint64_t, FunctionId> names_;
  std::unordered_map<StringId, FunctionId> functions_;
};

Result<void> ask_about(Profile& profile, MappingId mapping, const MappingSource& source,
                       const SymbolPage& ask) {
  // Where the mapping began may have changed when profiles were merged.
  std::uint64_t start = profile[mapping].start;
  Shift shift = source.start < start ? Shift{start - source.start, true} : Shift{source.start - start, false};
  std::string addresses;
  for (const ProfileLocation& location : profile.locations) {
    if (location.mapping != mapping || location.address == 0 || location.line_count != 0) continue;
    auto address = shifted(location.address, shift.by, shift.down);
    if (!address)
      return fail(Cause::bad_input, "cannot adjust address {} by {}{}, it would overflow", location.address,
                  shift.down ? "-" : "", shift.by);
    addresses += fmt::format("{}{:#x}", addresses.empty() ? "" : "+", *address);
  }
  if (addresses.empty()) return {};
  std::string text = TRY(ask(symbol_page(source.url), addresses));
  Answer answer(profile, shift);
  TRY_VOID(answer.read(text));
  answer.apply(mapping);
  return {};
}

}  // namespace

void note_sources(Profile& profile, const Url& url, MappingSources& sources) {
  for (ProfileMapping& mapping : profile.mappings) {
    std::string key(profile.text(mapping.build_id));
    if (key.empty()) key = profile.text(mapping.file);
    if (key.empty()) {
      key = url.redacted();
      mapping.file = profile.strings.add(key);
    }
    sources[key].push_back({url, mapping.start});
  }
}

void forget_sources(Profile& profile) {
  for (ProfileMapping& mapping : profile.mappings) {
    if (!profile.text(mapping.build_id).empty()) continue;
    auto url = Url::parse(profile.text(mapping.file));
    if (url && !url->scheme.empty()) mapping.file = StringId{};
  }
}

Url symbol_page(const Url& profile) {
  constexpr std::string_view kOfGperftools[] = {"/pprof/heap", "/pprof/growth", "/pprof/profile",
                                                "/pprof/pmuprofile", "/pprof/contention"};
  bool symbol = profile.path.find("/debug/pprof/") != std::string::npos;
  for (std::string_view suffix : kOfGperftools) symbol |= profile.path.ends_with(suffix);
  Url page = profile;
  page.path = clean_path(profile.path + (symbol ? "/../symbol" : "/../symbolz"));
  page.query.clear();
  return page;
}

Result<void> ask_for_symbols(Profile& profile, bool force, const MappingSources& sources,
                             const SymbolPage& ask) {
  for (std::size_t row = 0; row < profile.mappings.size(); ++row) {
    ProfileMapping& mapping = profile.mappings[row];
    if (mapping.has_functions && !force) continue;
    auto known = sources.find(std::string(profile.text(mapping.file)));
    if (known == sources.end()) known = sources.find(std::string(profile.text(mapping.build_id)));
    if (known == sources.end()) continue;
    TRY_VOID(ask_about(profile, MappingId(std::uint32_t(row)), known->second.front(), ask));
    mapping.has_functions = true;
  }
  return {};
}

Result<std::string> post_addresses(const Url& page, const std::string& addresses, const PprofWorld& world) {
  HttpFetch fetch{.url = page,
                  .method = "POST",
                  .body = addresses,
                  .body_type = "application/octet-stream",
                  .body_limit = kAnswerLimit,
                  .proxy = [&](const Url& url) { return proxy_of(url, world.environment); }};
  auto answer = http_fetch(fetch);
  if (!answer) return fail(answer.error().cause, "http post {}: {}", page.redacted(), answer.error().what);
  if (answer->status != 200)
    return fail(Cause::bad_input, "http post {}: server response: {} {}", page.redacted(), answer->status,
                escape_terminal(answer->reason));
  return std::move(answer->body);
}

}  // namespace memsnap
