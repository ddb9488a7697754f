#include "verbs/diff_files.h"

#include "base/text.h"
#include "compare/bench_diff.h"
#include "compare/finding_list.h"
#include "compare/print.h"
#include "compare/profile_diff.h"
#include "driver/fetch.h"
#include "driver/remote.h"
#include "os/files.h"
#include "snap/snapshot.h"
#include "verbs/verbs.h"

#include <charconv>
#include <cstdlib>
#include <limits>

namespace memsnap {
namespace {

constexpr std::uint64_t kLargestText = std::uint64_t(64) << 20;

bool is_url(const std::string& word) {
  return word.starts_with("http://") || word.starts_with("https://") || word.starts_with("https+insecure://");
}

Result<std::string> read_text(const std::string& path) {
  MappedFile file = TRY(MappedFile::open(path));
  if (file.bytes().size() > kLargestText)
    return fail(Cause::bad_input, "{}: {}, expected at most {}", path, human_bytes(file.bytes().size()),
                human_bytes(kLargestText));
  return std::string(text_of(file.bytes()));
}

}  // namespace

Result<Profile> read_profile_source(const std::string& source, Io& io) {
  PprofWorld world{.out = io.out, .err = io.err, .environment = [](const char* name) {
                     const char* value = std::getenv(name);
                     return std::string(value ? value : "");
                   }};
  ProfileSources from;
  from.sources = {source};
  from.symbolize = "none";
  return fetch_profiles(from, world);
}

namespace {

// 1 or 1%
Result<double> threshold_of(const Flags& flags) {
  std::string text = flags.text("threshold");
  if (text.ends_with('%')) text.pop_back();
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1000))
    return fail(Cause::usage, "--threshold={}: want percent, as 1 or 2.5%", flags.text("threshold"));
  return value / 100;
}

Result<Comparison> compare(DiffKind kind, const std::string& before, const std::string& after,
                           const Flags& flags, const CompareLimits& limits, Io& io) {
  if (kind == DiffKind::kProfile) {
    Profile first = TRY(read_profile_source(before, io)), second = TRY(read_profile_source(after, io));
    return diff_profiles(std::move(first), std::move(second), flags.text("sample-index"), limits);
  }
  std::string first = TRY(read_text(before)), second = TRY(read_text(after));
  if (kind == DiffKind::kBench)
    return diff_benchmarks(TRY(read_bench_output(first, before)), TRY(read_bench_output(second, after)),
                           limits);
  return diff_findings(TRY(read_finding_list(first, before)), TRY(read_finding_list(second, after)), limits);
}

}  // namespace

const char* word(DiffKind kind) {
  static constexpr const char* kWords[] = {"snapshot", "profile", "benchmark output", "list of findings"};
  return kWords[std::size_t(kind)];
}

DiffKind diff_kind(const std::string& path) {
  if (is_url(path)) return DiffKind::kProfile;
  auto file = MappedFile::open(path);
  if (!file) return DiffKind::kSnapshot;
  std::string_view text = text_of(file->bytes());
  if (is_snapshot_file(file->bytes()) || path.ends_with(".snap")) return DiffKind::kSnapshot;
  if (looks_like_json(text)) return DiffKind::kFindings;
  return looks_like_bench_output(text) ? DiffKind::kBench : DiffKind::kProfile;
}

std::string diff_format(const Flags& flags) { return flags.on("json") ? "json" : flags.text("format"); }

std::optional<Severity> least_failure(const Flags& flags) {
  if (flags.given("fail-on")) return severity_of(flags.text("fail-on"));
  return flags.given("baseline") ? std::optional(Severity::kMedium) : std::nullopt;
}

Result<std::set<std::string>> known_of(const Flags& flags) {
  if (!flags.given("baseline")) return std::set<std::string>();
  std::string text = TRY(read_text(flags.text("baseline")));
  return read_baseline(text, flags.text("baseline"));
}

int put_comparison(const Comparison& comparison, const std::string& before, const std::string& after,
                   const Flags& flags, Io& io) {
  std::string format = diff_format(flags);
  ComparedSides sides{shown_source(before), shown_source(after)};
  std::optional<Severity> least = least_failure(flags);
  if (format == "json")
    print_comparison_json(comparison, sides, io.out);
  else if (format == "markdown")
    print_comparison_markdown(comparison, sides, row_limit(flags), io.out);
  else if (format == "junit")
    print_junit(comparison, least.value_or(Severity::kMedium), io.out);
  else if (format == "sarif")
    print_sarif(comparison, io.out);
  else
    print_comparison(comparison, sides, io.style, row_limit(flags), io.out);
  return least && has_regression(comparison, *least) ? 1 : 0;
}

Result<int> diff_files(DiffKind kind, const std::string& before, const std::string& after, const Flags& flags,
                       Io& io) {
  CompareLimits limits{.threshold = TRY(threshold_of(flags))};
  std::set<std::string> known = TRY(known_of(flags));
  Comparison comparison = TRY(compare(kind, before, after, flags, limits, io));
  apply_baseline(comparison, known);
  return put_comparison(comparison, before, after, flags, io);
}

}  // namespace memsnap
