// The functions of a profile's executables that a request names and that samples are in.
#pragma once

#include "profile/callgraph.h"
#include "profile/regex.h"
#include "reports/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct ProgramSymbol {
  std::string name, file;
  std::uint64_t start = 0, end = 0;  // addresses of the file; end belongs to it
  std::uint64_t bias = 0;            // what addresses of the profile are larger by
  std::vector<std::uint32_t> nodes;  // of the graph, at least one
};

// A number as Go's source has them: 42, 0x2a, 052, 0b101010.
std::optional<std::uint64_t> read_number(std::string_view text);

void add_sums(GraphNode& to, const GraphNode& from);

// By name. Executables whose nodes fit the expression are looked at, and those mapped at the address; why one
// cannot be read is a line on `out`, as go tool pprof has it.
std::vector<ProgramSymbol> symbols_with_samples(const ProfileReport& report, const CallGraph& graph,
                                                const Regex& wanted, std::optional<std::uint64_t> address,
                                                BinaryTool* binaries, Out& out);

}  // namespace memsnap
