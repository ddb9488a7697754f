// -proto and -topproto: a profile again.
#include "pprof/write.h"
#include "profile/units.h"
#include "reports/report.h"

#include <map>
#include <tuple>

namespace memsnap {

Result<void> print_proto(ProfileReport& report, Out& out) {
  for (std::int64_t& value : report.profile.samples.values) value = report.scaled_by_ratio(value);
  out.put(TRY(write_profile_gz(report.profile)));
  return {};
}

// A profile with one sample of one frame for each row of -top; its values are cum and flat.
Result<void> print_top_proto(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  const Profile& from = report.profile;
  Profile to;
  StringId unit = to.strings.add(report.output_unit);
  to.sample_types = {{to.strings.add("cum"), unit}, {to.strings.add("flat"), unit}};
  to.time_nanos = from.time_nanos;
  to.duration_nanos = from.duration_nanos;
  to.period_type = {to.strings.add(from.text(from.period_type.type)),
                    to.strings.add(from.text(from.period_type.unit))};
  to.period = from.period;

  std::map<std::tuple<StringId, StringId, std::int64_t>, FunctionId> functions;
  auto scaled = [&](std::int64_t value) {
    return whole(scale_value(value, report.sample_unit, report.output_unit).value);
  };
  for (std::uint32_t row : graph.shown) {
    const GraphNode& node = graph.nodes[row];
    auto [at, fresh] = functions.try_emplace({node.info.name, node.info.file, node.info.start_line},
                                             FunctionId(std::uint32_t(to.functions.size())));
    if (fresh)
      to.functions.push_back({.id = to.functions.size() + 1,
                              .name = to.strings.add(from.text(node.info.name)),
                              .file = to.strings.add(from.text(node.info.file)),
                              .start_line = node.info.start_line});
    LocationId location{std::uint32_t(to.locations.size())};
    to.locations.push_back({.id = to.locations.size() + 1,
                            .address = node.info.address,
                            .first_line = std::uint32_t(to.lines.size()),
                            .line_count = 1});
    to.lines.push_back({.function = at->second, .line = node.info.line, .column = node.info.column});
    std::int64_t values[] = {scaled(node.cum_value()), scaled(node.flat_value())};
    to.add_sample({&location, 1}, values, {});
  }
  out.put(TRY(write_profile_gz(to)));
  return {};
}

}  // namespace memsnap
