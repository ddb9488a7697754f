// The report of `doctor`: one capture or several in numbers, the memory of the process, and the findings.
// Renderers print it as text, JSON (docs/report.schema.json), Markdown and one HTML page.
#pragma once

#include "findings/finding.h"
#include "render/out.h"
#include "render/style.h"
#include "tables/heap.h"
#include "tables/series.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

class JsonWriter;

struct MemoryPart {
  std::string cause;        // live-heap, garbage, idle-spans ... (docs/memory.md)
  std::string owner;        // of the largest share of it
  std::uint64_t bytes = 0;  // resident
};

// What stands behind a number: the command that prints it again, and why one would.
struct NextStep {
  std::string command;
  std::string why;
};

// Who holds most, whether or not that is wrong.
struct LargestHolder {
  std::string name;  // global session.store
  std::string type;  // where its bytes pile up
  std::uint64_t bytes = 0;
};

struct Report {
  std::string kind;  // process, snapshot or profile
  std::int64_t pid = 0;
  std::string exe;  // name of the executable without its folder
  std::string build_id;
  std::string go;
  std::string time;         // of the last capture, RFC 3339
  std::uint64_t up_ns = 0;  // how long the process had been running; 0 when not known

  std::uint64_t captures = 1;
  double seconds = 0;          // from the first capture to the last
  std::uint64_t pause_ns = 0;  // longest
  std::uint64_t threads = 0;
  std::string mode;
  std::string summary;  // of profiles: what stands where a capture is described
  std::uint64_t objects = 0, bytes = 0, reached_bytes = 0;
  double typed_ratio = 0;

  std::uint64_t rss = 0;
  std::uint64_t limit = 0;  // of the cgroup, 0: none
  std::string gc;  // GOGC and GOMEMLIMIT where they are not the standard: GOGC 50, GOMEMLIMIT 2.00 GiB
  double explained_ratio = 0;
  std::optional<double> rss_per_s;  // when it grows for certain
  std::vector<MemoryPart> parts;    // largest first

  std::vector<Finding> findings;       // what is worth fixing first comes first
  std::vector<LargestHolder> largest;  // information, when captures are too few to show growth
  std::string growth_note;             // what so few captures cannot show; "" when they are enough
  std::vector<std::string> notes;      // what to know when reading it: what was not looked at, and why
  std::vector<std::string> missing;    // not empty: the result is partial, and this is what is not in it
  std::vector<NextStep> next;
  std::string saved;  // file that the last capture was written to

  // Text of source lines by (file, line), for --source.
  std::map<std::pair<std::string, int>, std::string> source;
};

// Numbers, memory and gaps of the last capture; findings and the rest are the caller's.
Report make_report(const Heap& heap, const Series& series, std::vector<Finding> findings);

struct TextLimits {
  std::size_t findings = 5;  // most findings shown
  std::size_t lines = 60;    // most lines of the whole report; details are left out to keep it
};

std::string render_text(const Report& report, const Style& style, const TextLimits& limits);
void render_json(const Report& report, Out& out);
// Members of a finding, as in the report, into JSON that is being written.
void write_holder(const Holder& holder, JsonWriter& json);
void write_proof(std::span<const Site> sites, std::span<const Evidence> all, JsonWriter& json);
std::string render_markdown(const Report& report);
std::string render_html(const Report& report);

// What the capture could not look at, a sentence each; empty when it is whole.
std::vector<std::string> missing_of(const Heap& heap);

// Words that several renderers share.
std::string counted(std::uint64_t count, std::string_view one);        // 1 finding, 2,104 findings
std::string collector_words(const Heap& heap);                         // GOGC 50; "" when all is standard
std::string place(const std::string& file, int line);                  // store.go:18, "" when not known
std::string step_words(const PathStep& step, std::string_view times);  // type and how many
std::string target_words(const Report& report);                        // shop, pid 4127, go1.26.8
std::string capture_words(const Report& report);                       // one sentence
std::string verdict_words(const Report& report);                       // 5 findings: 1 high, 2 medium ...
std::string memory_words(const Report& report);                        // RSS 3.41 GiB = 85% of its limit
std::string holder_words(const Holder& holder);                        // global session.store, "" for none
std::string also_words(const Holder& holder);                          // also held by a, b
std::string site_words(const Site& site);                              // allocated, created by ...
std::string cost_words(const Report& report, const Finding& finding);  // 612 MiB (35% of live)

}  // namespace memsnap
