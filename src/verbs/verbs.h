// The registry: one struct per verb. Parsing, help, man pages, completion and docs/verbs.md come from it.
#pragma once

#include "base/result.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct Example {
  const char* command;  // without "memsnap "
  const char* what;
};

// What a positional word of a verb may be, for completion.
enum class Targets : std::uint8_t { kNone, kProcesses, kAny, kSnapshots, kRules, kVerbs, kShells };

struct Verb {
  const char* name;
  const char* summary;   // a phrase
  const char* operands;  // [PID | FILE.snap]
  Targets targets = Targets::kNone;
  const char* about;                             // paragraphs
  std::array<std::span<const Flag>, 6> flags{};  // its own, and groups that it shares
  std::span<const Example> examples{};
  Result<int> (*run)(const Flags& flags, Io& io) = nullptr;  // gives the exit status
  // Turns the words of another tool's command line into our flags, before they are read; null: none.
  std::vector<std::string> (*spell)(std::span<const std::string> words) = nullptr;
  // Asked before that: a verb that takes this line in another way than the house's gives the exit status.
  std::optional<int> (*instead)(std::span<const std::string> words, Io& io) = nullptr;
};

// All verbs, in the order of the help.
std::span<const Verb* const> verbs();
const Verb* find_verb(std::string_view name);
std::vector<Flag> flags_of(const Verb& verb);

// Runs one command line (without the program's name) and gives the exit status. Errors are printed to io.err.
int run_command(std::span<const std::string> words, Io& io);

// Printed from the registry.
std::string help_text();
std::string help_text(const Verb& verb);
std::string verbs_markdown();
std::string man_page();                  // roff of memsnap(1)
std::string man_page(const Verb& verb);  // roff of memsnap-VERB(1)
Result<std::string> completion(std::string_view shell);

// ---- Groups of flags that verbs share.
extern const std::array<Flag, 1> kEveryFlags;    // of all verbs
extern const std::array<Flag, 3> kRowFlags;      // of verbs that list
extern const std::array<Flag, 2> kCaptureFlags;  // of verbs that capture a process several times
extern const std::array<Flag, 3> kTargetFlags;   // of verbs that look at a process

std::size_t row_limit(const Flags& flags);  // of kRowFlags

}  // namespace memsnap
