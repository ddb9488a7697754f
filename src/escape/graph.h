// The escapes of a log with their explanations, and how these hang together: an explanation may end at a
// place that another one speaks of (a captured variable at its function literal, an argument at the callee's
// parameter).
//
// A location is known by its function, its place and its name: every function has a ~r0, and several
// variables of one function may be called err. The log gives the place of the value that a chain starts with;
// of a variable in the middle of a chain it is the place where the value was assigned.
#pragma once

#include "golog/escape_log.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap {

enum class LocationKind : std::uint8_t { kValue, kVariable, kResult, kHeap };

struct EscapeNode {
  StringId function{};
  StringId name{};
  LogPlace at;
  LocationKind kind = LocationKind::kVariable;
};

struct EscapeEdge {
  std::uint32_t from = 0, to = 0;  // nodes
  std::uint32_t flow = 0;          // row of EscapeLog::flows
};

class EscapeGraph {
 public:
  // The log must live as long, and not change.
  explicit EscapeGraph(const EscapeLog& log);

  const EscapeLog& log() const { return log_; }
  // Rows of EscapeLog::chains that explain a row of EscapeLog::escapes.
  std::span<const std::uint32_t> chains_of(std::size_t escape) const {
    return std::span(chain_rows_)
        .subspan(first_chain_[escape], first_chain_[escape + 1] - first_chain_[escape]);
  }
  // The chain of the value that a chain's last flow ends in, when that is {storage for X} or a variable which
  // escapes itself; ~0 when there is none or it is not certain which.
  std::uint32_t chain_behind(std::uint32_t chain) const;
  // The chain of the only parameter of this function that leaks to the heap; ~0 when there is none or several
  // do.
  std::uint32_t leak_of(StringId package, std::string_view function) const;
  // The function that a row of EscapeLog::escapes is in; "" when not known. Of a log that does not say (Go
  // before 1.25) the function declared last before it in its file, and never a function literal in that.
  StringId function_of(std::size_t escape) const;
  bool knows_functions() const { return knows_functions_; }
  // Calls inlined at a place, in the order of the log.
  std::span<const LoggedInlining> inlinings_at(const LogPlace& at) const;

  // The nodes and edges of these chains, each location once.
  struct Part {
    std::vector<EscapeNode> nodes;
    std::vector<EscapeEdge> edges;
  };
  Part part(std::span<const std::uint32_t> chains) const;

  static constexpr std::uint32_t kNone = ~0u;

 private:
  void join_chains();
  void index_functions();
  std::uint32_t one_of(std::uint64_t key, StringId name, StringId function, const LogPlace& near) const;

  const EscapeLog& log_;
  std::vector<std::uint32_t> first_chain_, chain_rows_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> values_;  // (function, name) -> chain of a value
  std::unordered_multimap<std::uint64_t, std::uint32_t>
      leaks_;                              // (package, function) -> chain of a parameter
  std::vector<LoggedInlining> inlinings_;  // by place
  std::vector<LoggedFunction> functions_;  // by place
  bool knows_functions_ = false;
};

// The name in {storage for NAME}; "" of others.
std::string_view stored_name(std::string_view location);
// ~r0, or another result without a name.
bool is_result(std::string_view location);
// F of F(a, b): what is called in an expression; "" when it is no call.
std::string_view callee_of(std::string_view expression);

}  // namespace memsnap
