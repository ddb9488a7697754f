#include "verbs/doctor_profiles.h"

#include "base/text.h"
#include "checkup/checkup.h"
#include "compare/profile_diff.h"
#include "driver/remote.h"
#include "os/clock.h"
#include "profile/paths.h"
#include "reports/source_files.h"
#include "verbs/diff_files.h"

#include <algorithm>

namespace memsnap {
namespace {

bool is_url(const std::string& word) { return word.starts_with("http://") || word.starts_with("https://"); }

// The profiles that a server's address stands for; a full URL of one stands for itself.
std::vector<std::string> expand(const std::string& word) {
  if (!is_url(word)) return {word};
  std::string base = word;
  while (base.ends_with('/')) base.pop_back();
  std::size_t host = base.find("://") + 3, slash = base.find('/', host);
  if (slash == base.npos)
    base += "/debug/pprof";
  else if (!base.ends_with("/debug/pprof"))
    return {word};
  return {base + "/heap", base + "/goroutine"};
}

// In what the report names first: the program of the last profile.
void set_target(const std::vector<NamedProfile>& profiles, Report& report) {
  const Profile& last = profiles.back().profile;
  report.kind = "profile";
  if (!last.mappings.empty() && last.mappings[0].file != StringId{}) {
    report.exe = base_name(last.text(last.mappings[0].file));
    report.build_id = std::string(last.text(last.mappings[0].build_id));
  }
  report.go = go_release_of(last);
  if (last.time_nanos > 0) report.time = rfc3339(std::uint64_t(last.time_nanos));
  report.captures = profiles.size();
  std::int64_t first = profiles.front().profile.time_nanos;
  if (first > 0 && last.time_nanos > first) report.seconds = double(last.time_nanos - first) / 1e9;
}

std::vector<NextStep> next_steps(const Report& report) {
  std::vector<NextStep> steps;
  for (std::size_t number = 1; const Finding& finding : report.findings) {
    std::string why = fmt::format("the numbers behind finding {}, {}", number++, finding.pattern);
    for (const Evidence& evidence : finding.evidence) {
      bool known =
          std::ranges::any_of(steps, [&](const NextStep& step) { return step.command == evidence.verb; });
      if (!known && steps.size() < 2) steps.push_back({evidence.verb, why});
    }
  }
  if (!report.findings.empty())
    steps.push_back({fmt::format("memsnap explain {}", report.findings[0].rule),
                     "why it matters, and the program mended"});
  steps.push_back({"memsnap doctor PID", "who holds what: from the process itself, without an endpoint"});
  return steps;
}

}  // namespace

bool are_profiles(const std::vector<std::string>& words) {
  return !words.empty() && std::ranges::all_of(words, [](const std::string& word) {
    bool number = word.find_first_not_of("0123456789") == std::string::npos;
    return !number && diff_kind(word) == DiffKind::kProfile;
  });
}

Result<Report> doctor_profiles(const std::vector<std::string>& words, Io& io) {
  std::vector<NamedProfile> profiles;
  for (const std::string& word : words)
    for (const std::string& source : expand(word))
      profiles.push_back({shown_source(source), TRY(read_profile_source(source, io))});
  Report report;
  set_target(profiles, report);
  SourceFiles files("", "", false);
  Checkup checkup = TRY(check_profiles(std::move(profiles), [&](std::string_view file, std::int64_t line) {
    return file.empty() ? nullptr : files.line(std::string(file), line);
  }));
  report.summary = checkup.summary;
  report.notes = std::move(checkup.notes);
  report.objects = checkup.objects;
  report.bytes = checkup.bytes;
  report.findings = std::move(checkup.findings);
  report.growth_note =
      "A profile says who allocated. Who holds it, by which path, and what can never wake, only the process "
      "or a "
      "snapshot can tell.";
  report.next = next_steps(report);
  return report;
}

}  // namespace memsnap
