#include "driver/driver.h"

#include "driver/fetch.h"
#include "driver/shell.h"
#include "os/folders.h"

#include <optional>
#include <utility>

namespace memsnap {
namespace {

// A report that becomes a file with its first byte, so that one that fails leaves none.
class ReportFile {
 public:
  explicit ReportFile(std::string path) : path_(std::move(path)) {}

  int write(std::string_view text) {
    if (!file_) {
      auto opened = OutputFile::open(path_);
      if (!opened) {
        error_ = opened.error();
        return EIO;
      }
      file_.emplace(std::move(*opened));
    }
    return file_->write(text);
  }
  Result<void> close() {
    if (!file_ && !error_) write({});  // an empty report is a file too
    if (error_) return std::unexpected(*error_);
    return file_->close();
  }

 private:
  std::string path_;
  std::optional<OutputFile> file_;
  std::optional<Error> error_;
};

Result<void> print_to_file(Profile profile, const ReportRequest& request, const PprofWorld& world) {
  ReportFile file(request.config.output);
  Out out([&](std::string_view text) { return file.write(text); });
  TRY_VOID(generate_report(std::move(profile), request, world.binaries, out, world.err));
  world.say(fmt::format("Generating report in {}", request.config.output));
  out.flush();
  return file.close();
}

// Binary data would spoil the terminal: it goes to a new file in this folder.
Result<void> print_aside(Profile profile, const ReportRequest& request, const char* suffix,
                         const PprofWorld& world) {
  Out out;
  TRY_VOID(generate_report(std::move(profile), request, world.binaries, out, world.err));
  OutputFile file = TRY(OutputFile::open_new("", "profile", fmt::format(".{}", suffix)));
  world.say(fmt::format("Generating report in {}", file.path()));
  file.write(out.text());
  return file.close();
}

}  // namespace

Result<void> print_report(Profile profile, const PprofCommand& command, const std::string& symbol,
                          const PprofConfig& config, const PprofWorld& world, bool in_shell) {
  if (command.needs != CommandNeeds::kNothing) return fail(Cause::refused, "{}", command_advice(command));
  ReportRequest request{.kind = command.kind,
                        .config = config,
                        .symbol = symbol,
                        .has_symbol = command.has_symbol,
                        .json = world.json && !in_shell,
                        .go_compat = world.go_compat,
                        .precision = world.precision};
  if (!config.output.empty()) return print_to_file(std::move(profile), request, world);
  if (*command.suffix && (in_shell || world.spare_terminal))
    return print_aside(std::move(profile), request, command.suffix, world);
  return generate_report(std::move(profile), request, world.binaries, world.out, world.err);
}

Result<int> run_pprof(const PprofJob& job, const PprofWorld& world) {
  for (const std::string& remark : job.remarks) world.say(remark);
  if (job.command && job.command->needs != CommandNeeds::kNothing)
    return fail(Cause::refused, "{}", command_advice(*job.command));
  Profile profile = TRY(fetch_profiles(job.from, world));
  if (job.command) {
    TRY_VOID(print_report(std::move(profile), *job.command, job.symbol, job.config, world, false));
    return 0;
  }
  if (!job.http.empty() && world.serve) return world.serve(std::move(profile), job);
  TRY_VOID(run_shell(std::move(profile), job.config, world));
  return 0;
}

}  // namespace memsnap
