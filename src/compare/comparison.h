// What a comparison of two profiles, benchmark outputs or finding lists found: one form for all of them,
// which is printed as text, JSON, Markdown, JUnit and SARIF, and decides whether a pull request may pass.
#pragma once

#include "findings/finding.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class ChangeKind : std::uint8_t { kSame, kNoise, kBetter, kWorse, kNew, kGone };

struct ComparedRow {
  std::string name;    // function, benchmark, title of a finding
  std::string metric;  // alloc_space, ns/op, pattern
  std::string unit;    // of before and after: bytes, nanoseconds, count, ns/op
  double before = 0, after = 0;
  double change = 0;  // of before, or for functions of the whole: 0.05 is 5 % more; infinite when before is 0
  std::string limits;  // what stands for the change when it is read: p=0.008 n=5+5, ±3.2MB, ""
  ChangeKind verdict = ChangeKind::kSame;
  Severity severity = Severity::kInfo;  // of what became worse
  std::string file;                     // "" when not known
  std::int64_t line = 0;
  std::string id;         // the same in every run: what a baseline knows it by
  bool is_known = false;  // in the baseline
};

struct Comparison {
  std::string kind;                   // profile, bench, findings
  std::string summary;                // one line
  std::vector<std::string> problems;  // why the two may not be comparable, a line each
  std::vector<ComparedRow> rows;      // worst first
  std::size_t same = 0;               // compared and left out of rows
};

struct CompareLimits {
  double threshold = 0.01;  // changes below this are none
  double alpha = 0.05;      // of tests: how often noise may pass for a change
};

bool is_worse(const ComparedRow& row);  // worse or new
const char* word(ChangeKind change);
// By how much of the whole or of itself something became worse: high from 20 %, medium from 5 %.
Severity severity_of_change(double change);
std::string make_id(std::string_view kind, std::string_view metric, std::string_view name);

// Worst first: regressions by severity and change, then what became better, then what may be noise.
void sort_rows(Comparison& comparison);
// Rows whose id is there become known.
void apply_baseline(Comparison& comparison, const std::set<std::string>& known);
// Something became worse, is not known, and is at least so severe.
bool has_regression(const Comparison& comparison, Severity least);

}  // namespace memsnap
