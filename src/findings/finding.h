// What every analysis produces and every renderer prints: a claim, what it costs, where to change the
// program, and evidence that lets a reader check the claim without trusting us. The JSON of it is
// docs/report.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh };
enum class Confidence : std::uint8_t { kHint, kLikely, kCertain, kProven };  // proven: a reachability proof
enum class HolderKind : std::uint8_t { kNone, kGlobal, kGoroutine, kFinalizer, kPool, kTimer, kMmap };

// One step from the root to the victim: a type as the user knows it and how the next step hangs on it.
struct PathStep {
  std::string type;            // map[string]*session.Session
  std::string ref;             // .sessions, […], captured ch; "" for the last step
  std::uint64_t count = 1;     // objects folded into this step
  std::uint64_t retained = 0;  // bytes below it
};

struct Holder {
  HolderKind kind = HolderKind::kNone;
  std::string root;  // pkg.var; function and variable of the frame; type; mapping
  std::string file;  // "" when not known
  int line = 0;
  std::vector<PathStep> path;     // root's own value first, accumulation point last
  std::vector<std::string> also;  // other roots that hold it too: cutting the path alone frees nothing
};

struct Site {
  std::string function;
  std::string file;
  int line = 0;
  double share = 0;    // of the finding's bytes or objects, 0 .. 1
  std::string source;  // heap-profile, goroutine-creator, stack, declaration
};

struct Evidence {
  std::string kind;  // map, slice, goroutine, channel, growth, memory, proof, note ...
  std::string text;  // one sentence
  std::string verb;  // command that prints it again; "" when none does
};

struct Fix {
  std::string text;
  std::string recipe;  // key of docs/patterns
};

struct Finding {
  std::string pattern;  // product.md's pattern id
  std::string rule;     // key of data/rules/<rule>.toml
  Severity severity = Severity::kInfo;
  Confidence confidence = Confidence::kHint;
  std::string
      fingerprint;  // set by rank(): hash of pattern, root, field names on the path, function of the site
  std::string title;
  std::string type;
  std::uint64_t objects = 0;
  std::uint64_t retained_bytes = 0;  // bytes that go away with the fix
  double share = 0;                  // of reached bytes (of RSS for memory outside the heap)
  std::optional<double> growth_bytes_per_s;
  Holder holder;
  std::vector<Site> sites;
  std::vector<Evidence> evidence;  // never empty
  Fix fix;
  // Rows the finding is about; used to fold consequences into their cause, not printed.
  std::uint32_t node = ~0u;  // NodeId of the accumulation point
};

// Words of a rule, from data/rules/<rule>.toml.
struct RuleText {
  std::string rule;
  std::string pattern;
  std::string title;       // a phrase: map that only grows
  std::string why;         // paragraphs: why the memory is held
  std::string leak_code;   // Go
  std::string fixed_code;  // Go
  std::string fix;         // one sentence
  std::string recipe;
};

// All rules, sorted by key; parsed once from the files embedded in the program.
const std::vector<RuleText>& rule_texts();
const RuleText* rule_text(const std::string& rule);

// Lower-case word of the JSON and of --fail-on: high, certain, goroutine ...
const char* word(Severity);
const char* word(Confidence);
const char* word(HolderKind);
std::optional<Severity> severity_of(const std::string& word);

// Stable across restarts, ASLR and unrelated edits: no line, no address, no index.
std::string fingerprint(const Finding&);

}  // namespace memsnap
