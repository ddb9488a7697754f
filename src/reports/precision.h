// --precision: what of a report's numbers the sampling leaves open.
#pragma once

#include "profile/sampling.h"

#include <cstdint>
#include <string>
#include <vector>

namespace memsnap {

struct ProfileReport;

// Made before the labels of a base are dropped, since it needs them.
struct ReportPrecision {
  Sampling sampling;
  SamplingReader reader;
  SampledValue total;

  ReportPrecision(const Profile& profile, std::size_t value)
      : sampling(sampling_of(profile, value)),
        reader(profile, sampling, value),
        total(sampling_of_all(profile, reader)) {}
  ReportPrecision(ReportPrecision&&) = delete;  // reader points to sampling
};

// The lines in front of the report: rate, total, what may be missing, which rate would show it.
std::vector<std::string> precision_lines(const ProfileReport& report);

// One row per node of the report's graph, which is no call tree; empty without limits.
std::vector<NodeSampling> sampling_of_nodes(const ProfileReport& report);

// What stands in a row for one value. With fewer than four samples the value is replaced by its limits.
struct PrecisionCells {
  std::string value, limits, samples;
  bool is_noise = false;  // a difference whose limits hold 0
};
PrecisionCells precision_cells(const ProfileReport& report, std::int64_t value, const SampledValue& sum);

// Columns: value, limits, number of samples.
inline constexpr std::size_t kPreciseValueWidth = 15, kLimitsWidth = 9, kSamplesWidth = 6;
std::string precise_columns(const PrecisionCells& cells);  // all three, without a blank in front
std::string limits_columns(const PrecisionCells& cells);   // the last two

}  // namespace memsnap
