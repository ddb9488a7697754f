// Flags as Go's tools take them: one dash or two, -x=v or -x v, switches without a value; before, between or
// after the targets; -- ends them. Every flag is declared once, and help, man pages, completion and
// docs/verbs.md are printed from that declaration.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class FlagKind : std::uint8_t {
  kSwitch,
  kNumber,
  kInteger,  // of either sign, as Go's flags take it: 10, -1, 0x10
  kReal,
  kDuration,
  kChoice,
  kText,
  kAnyText,  // which may be empty
  kFile,
  kFolder,
  kPid
};

struct Flag {
  const char* name;
  FlagKind kind;
  const char* value;          // what stands for the value in help: ROWS, DURATION; "" for a switch
  const char* help;           // a phrase, no full stop
  const char* standard = "";  // value when the flag is absent, as typed; "" for none
  const char* choices = "";   // of kChoice, separated by |
  std::uint64_t least = 0;    // of kNumber
};

// As help and errors write it: -n, --json.
std::string dashed(std::string_view name);

// The flags and targets of one command line.
class Flags {
 public:
  // Checks names and values against `known`. Errors are Cause::usage and offer the nearest name.
  static Result<Flags> parse(std::span<const std::string> words, std::span<const Flag> known);

  // The same words as Go's flag package takes them: the first word that is no flag ends the flags, and errors
  // have its texts. Empty when help is asked for, with -h or -help.
  static Result<std::optional<Flags>> parse_as_go(std::span<const std::string> words,
                                                  std::span<const Flag> known);

  bool given(std::string_view name) const { return given_.contains(name); }
  // Each with the flag's standard value when it was not given. Names that were not declared are bugs.
  bool on(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;
  std::chrono::nanoseconds duration(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  const std::vector<std::string>& targets() const { return targets_; }

 private:
  explicit Flags(std::span<const Flag> known);  // with the standard values

  std::map<std::string, std::string, std::less<>> values_;  // of every declared flag
  std::map<std::string, bool, std::less<>> given_;
  std::vector<std::string> targets_;
};

// A length of time as Go writes it: 5s, 100ms, 1h15m, 1.5s, 0. None of them negative.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
std::optional<std::uint64_t> parse_number(std::string_view text);

// The candidate that a slip of the finger turns into `word`; "" when none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace memsnap
