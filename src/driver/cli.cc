#include "driver/cli.h"

#include "driver/config_fields.h"
#include "driver/go_text.h"
#include "os/files.h"

#include <fmt/ranges.h>

#include <cstring>
#include <utility>

namespace memsnap {
namespace {

Result<void> read_config(const GivenFlags& flags, PprofConfig& config) {
  for (const ConfigField& field : config_fields()) {
    if (field.choices.empty()) {
      auto given = flags.values.find(field.name);
      if (given == flags.values.end()) continue;
      // Flags take more spellings of whole numbers than the shell does: 0x10, 1_000.
      if (auto number = std::get_if<std::int64_t PprofConfig::*>(&field.member))
        config.*(*number) = TRY(go_parse_int(given->second));
      else
        TRY_VOID(set_config(config, field, given->second));
      continue;
    }
    std::vector<std::string> chosen;
    for (const char* choice : field.choices)
      if (flags.on(choice)) chosen.emplace_back(choice);
    if (chosen.size() > 1) return fail(Cause::usage, "conflicting options set: [{}]", fmt::join(chosen, " "));
    if (!chosen.empty()) TRY_VOID(set_config(config, field, chosen[0]));
  }
  return {};
}

Result<void> read_command(const GivenFlags& flags, std::span<const PprofCommand> commands, PprofJob& job) {
  for (const PprofCommand& command : commands) {
    bool asked = command.has_symbol ? !flags.text(command.name).empty() : flags.on(command.name);
    if (!asked) continue;
    if (job.command) return fail(Cause::usage, "must set at most one output format");
    job.command = &command;
    if (command.has_symbol) job.symbol = flags.text(command.name);
  }
  return {};
}

Result<void> read_report(const GivenFlags& flags, PprofJob& job) {
  TRY_VOID(read_command(flags, pprof_commands(), job));
  TRY_VOID(read_command(flags, own_commands(), job));
  job.http = flags.text("http");
  job.no_browser = flags.on("no_browser");
  if (job.command && !job.http.empty())
    return fail(Cause::usage, "-http is not compatible with an output format on the command line");
  if (job.no_browser && job.http.empty())
    return fail(Cause::usage, "-no_browser only makes sense with -http");
  return {};
}

// The switches from before there was -sample_index; the first that was set decides.
void read_sample_switches(const GivenFlags& flags, PprofJob& job) {
  static constexpr std::pair<const char*, const char*> kSwitches[] = {
      {"total_delay", "delay"},           {"mean_delay", "delay"},
      {"contentions", "contentions"},     {"inuse_space", "inuse_space"},
      {"inuse_objects", "inuse_objects"}, {"alloc_space", "alloc_space"},
      {"alloc_objects", "alloc_objects"},
  };
  std::string& index = job.config.sample_index;
  for (auto [name, type] : kSwitches) {
    if (!flags.on(name)) continue;
    if (index.empty())
      index = type;
    else
      job.remarks.push_back(fmt::format("Multiple value selections, ignoring -{}", name));
  }
  if (flags.on("mean_delay")) job.config.mean = true;
}

Result<void> read_base(const GivenFlags& flags, ProfileSources& from) {
  std::string base = flags.text("base"), diff_base = flags.text("diff_base");
  if (!base.empty() && !diff_base.empty())
    return fail(Cause::usage, "-base and -diff_base flags cannot both be specified");
  from.diff_base = !diff_base.empty();
  if (!base.empty()) from.base.push_back(base);
  if (!diff_base.empty()) from.base.push_back(diff_base);
  return {};
}

}  // namespace

bool GivenFlags::on(std::string_view name) const { return go_parse_bool(text(name)).value_or(false); }

std::string GivenFlags::text(std::string_view name) const {
  auto at = values.find(name);
  return at == values.end() ? "" : at->second;
}

std::int64_t GivenFlags::number(std::string_view name, std::int64_t standard) const {
  auto at = values.find(name);
  return at == values.end() ? standard : go_parse_int(at->second).value_or(standard);
}

Result<PprofJob> read_command_line(const GivenFlags& flags,
                                   const std::function<bool(const std::string&)>& is_executable) {
  PprofJob job;
  job.from.sources = flags.words;
  if (flags.words.empty()) return fail(Cause::usage, "no profile source specified");
  if (flags.words.size() > 1 && is_executable(flags.words[0])) {
    job.from.executable = flags.words[0];
    job.from.sources.erase(job.from.sources.begin());
  }
  TRY_VOID(read_config(flags, job.config));
  TRY_VOID(read_report(flags, job));
  read_sample_switches(flags, job);
  TRY_VOID(read_base(flags, job.from));
  if (job.config.normalize && job.from.base.empty())
    return fail(Cause::usage, "must have base profile to normalize by");
  job.from.normalize = job.config.normalize;
  job.precision = flags.on("precision");
  if (job.command)
    job.from.keep_base_apart =
        (job.precision && shows_precision(job.command->kind)) || shows_both_sides(job.command->kind);
  job.from.build_id = flags.text("buildid");
  job.from.seconds = flags.number("seconds", -1);
  job.from.timeout = flags.number("timeout", -1);
  job.from.symbolize = flags.text("symbolize");
  job.from.comment = flags.text("add_comment");
  job.from.tls_certificate = flags.text("tls_cert");
  job.from.tls_key = flags.text("tls_key");
  job.from.tls_authorities = flags.text("tls_ca");
  if (job.from.tls_certificate.empty() != job.from.tls_key.empty())
    return fail(Cause::usage, "{} is specified, so {} must also be specified",
                job.from.tls_key.empty() ? "-tls_cert" : "-tls_key",
                job.from.tls_key.empty() ? "-tls_key" : "-tls_cert");
  job.from.all_frames = flags.on("all_frames");
  return job;
}

// An object file of Windows for an unknown machine, without sections and optional header, as debug/pe of Go
// reads one: profiles of gperftools begin so.
static bool looks_like_coff(std::string_view text) {
  constexpr std::size_t kSmallest = 96, kSymbols = 8, kCount = 12, kOptional = 16, kSymbolSize = 18;
  auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, text.data() + at, sizeof value);
    return std::uint64_t(value);
  };
  if (text.size() < kSmallest || number(0) != 0 || (number(kOptional) & 0xffff) != 0) return false;
  if (number(kSymbols) == 0) return true;
  std::uint64_t names = number(kSymbols) + kSymbolSize * number(kCount);
  if (names + 4 > text.size()) return false;
  return number(names) <= 4 || names + number(names) <= text.size();
}

bool looks_executable(const std::string& path, bool go_compat) {
  auto file = MappedFile::open(path);
  if (!file) return false;
  std::string_view text = text_of(file->bytes());
  using std::string_view_literals::operator""sv;
  for (std::string_view magic : {"\x7f"
                                 "ELF"sv,
                                 "MZ"sv, "\xfe\xed\xfa\xce"sv, "\xfe\xed\xfa\xcf"sv, "\xce\xfa\xed\xfe"sv,
                                 "\xcf\xfa\xed\xfe"sv, "!<arch>\n"sv})
    if (text.starts_with(magic)) return true;
  return go_compat && looks_like_coff(text);
}

}  // namespace memsnap
