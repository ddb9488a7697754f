#include "reports/precision.h"

#include "profile/units.h"
#include "reports/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr double kFewSamples = 4;      // below this only the limits say something
constexpr double kFinestRate = 16384;  // bytes; more samples than that show in a program's speed
constexpr double kSampleCost = 2e-6;   // seconds of CPU for one, as docs/precision.md measured them

std::string without_unit(const std::string& text) {
  std::size_t end = text.find_last_of("0123456789");
  return end == text.npos ? text : text.substr(0, end + 1);
}
std::string unit_of(const std::string& text) { return text.substr(without_unit(text).size()); }

// 4.57–13MB
std::string range_text(const std::string& low, const std::string& high) {
  const char* dash = low.starts_with('-') || high.starts_with('-') ? " to " : "\u2013";
  if (low == high) return low;
  return (low == "0" || unit_of(low) == unit_of(high) ? without_unit(low) : low) + dash + high;
}

std::string range_of(const ProfileReport& report, Interval limits) {
  return range_text(report.format(whole(std::round(limits.low))),
                    report.format(whole(std::round(limits.high))));
}

// ±8%, or -43+62% where the sides differ.
std::string relative_limits(double value, Interval limits) {
  double low = std::max(0.0, (value - limits.low) / value * 100);
  double high = std::max(0.0, (limits.high - value) / value * 100), wider = std::max(low, high);
  auto percent = [](double number) {
    return number < 0.05 ? "0" : fmt::format("{:.{}f}", number, number < 1 ? 1 : 0);
  };
  if (high - low < 0.2 * wider) return fmt::format("\u00b1{}%", percent(wider));
  return fmt::format("-{}+{}%", percent(low), percent(high));
}

std::string limits_text(const ProfileReport& report, const SampledValue& sum, Interval limits) {
  if (sum.base.samples() == 0) return relative_limits(sum.now.estimate(), limits);
  return "\u00b1" + report.format(whole((limits.high - limits.low) / 2));
}

std::string bytes_text(double bytes) { return value_label(whole(bytes), "bytes"); }

// What a rate of 16 KiB would have cost since the program began.
std::string cost_text(const ProfileReport& report, double samples_factor) {
  const Profile& profile = report.profile;
  for (std::size_t i = 0; i < profile.types(); ++i) {
    if (profile.text(profile.sample_types[i].type) != "alloc_space") continue;
    double allocated = 0;
    for (std::size_t row = 0; row < profile.samples.rows(); ++row)
      allocated += double(std::max<std::int64_t>(0, profile.values_of(row)[i]));
    double samples = allocated / kFinestRate;
    return fmt::format("{:.0f}x the samples, here {:.0f} of about 2us since the start: {} of CPU",
                       samples_factor, samples,
                       value_label(whole(samples * kSampleCost * 1e9), "nanoseconds"));
  }
  return fmt::format("{:.0f}x the samples, about 2us of CPU each", samples_factor);
}

void add_heap_lines(const ProfileReport& report, std::vector<std::string>& lines) {
  double rate = report.precision->sampling.rate;
  lines.push_back(
      fmt::format("May be missing: sites below {} (of 20 sites with so much, one leaves no sample)",
                  bytes_text(unseen_bytes(rate))));
  if (rate <= kFinestRate) return;
  double factor = rate / kFinestRate;
  lines.push_back(fmt::format(
      "runtime.MemProfileRate = {:.0f} would show sites from {}, {:.1f}x narrower; it takes {}", kFinestRate,
      bytes_text(unseen_bytes(kFinestRate)), std::sqrt(factor), cost_text(report, factor)));
}

void add_time_lines(const ProfileReport& report, std::vector<std::string>& lines) {
  const Sampling& sampling = report.precision->sampling;
  lines.push_back(fmt::format("May be missing: functions below {}; four times the duration halves the error",
                              value_label(whole(unseen_bytes(sampling.rate)), sampling.unit)));
}

void add_difference_lines(const ReportPrecision& precision, std::vector<std::string>& lines) {
  if (!precision.reader.is_difference()) return;
  if (precision.reader.is_base_earlier()) {
    lines.emplace_back("The base is an earlier profile of the same process: only samples since then count");
    return;
  }
  lines.emplace_back(
      "Differences marked ~ may be none: their limits hold 0. The errors of both profiles add up;");
  lines.emplace_back(
      "of two captures of one process they partly cancel out, and the limits are at most these");
}

}  // namespace

std::vector<std::string> precision_lines(const ProfileReport& report) {
  const ReportPrecision& precision = *report.precision;
  const Sampling& sampling = precision.sampling;
  if (sampling.kind == SamplingKind::kAll)
    return {"Precision: every event is in this profile, none was sampled"};
  if (report.divisor != GraphOptions::kNoDivisor) return {"Precision: no limits for a mean"};
  if (!sampling.has_limits()) return {fmt::format("Precision: no limits, {}", sampling.why_unknown)};
  Interval limits = precision.total.interval();
  bool heap = sampling.kind == SamplingKind::kHeap;
  std::vector<std::string> lines;
  std::string rate = value_label(whole(sampling.rate), sampling.unit);
  if (precision.total.samples() == 0)
    lines.push_back(fmt::format("Precision: no samples, one would be taken every {}", rate));
  else
    lines.push_back(fmt::format("Precision: {} {} {} ({}, {:.0f} samples), one every {}{}",
                                report.sample_type, report.format(whole(precision.total.estimate())),
                                limits_text(report, precision.total, limits), range_of(report, limits),
                                precision.total.samples(), rate, heap ? " allocated" : ""));
  if (heap)
    add_heap_lines(report, lines);
  else
    add_time_lines(report, lines);
  add_difference_lines(precision, lines);
  return lines;
}

std::vector<NodeSampling> sampling_of_nodes(const ProfileReport& report) {
  if (!report.has_limits()) return {};
  return node_sampling(report.profile, graph_options(report), report.precision->reader);
}

PrecisionCells precision_cells(const ProfileReport& report, std::int64_t value, const SampledValue& sum) {
  PrecisionCells cells{.value = report.format(value), .limits = ".", .samples = "."};
  if (sum.samples() == 0) return cells;
  Interval limits = sum.interval();
  cells.samples = fmt::format("{:.0f}", sum.samples());
  cells.is_noise = sum.is_noise();
  if (sum.samples() < kFewSamples && limits.high > limits.low)
    cells.value = range_of(report, limits);
  else
    cells.limits = limits_text(report, sum, limits);
  return cells;
}

std::string limits_columns(const PrecisionCells& cells) {
  return pad_to(cells.limits, kLimitsWidth) + " " + pad_to(cells.samples, kSamplesWidth);
}

std::string precise_columns(const PrecisionCells& cells) {
  return pad_to(cells.value, kPreciseValueWidth) + " " + limits_columns(cells);
}

}  // namespace memsnap
