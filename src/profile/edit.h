// Rewriting the samples of a profile: rows that go, stacks that lose frames.
#pragma once

#include "tables/profile.h"

#include <algorithm>
#include <vector>

namespace memsnap {

// Keeps the rows for which keep(row) holds, in their order. keep may change the row's stack.
template <class Keep>
void keep_samples(Profile& profile, Keep&& keep) {
  SampleTable& samples = profile.samples;
  std::size_t types = profile.types(), to = 0;
  std::uint32_t label_to = 0, label_from = 0;
  for (std::size_t row = 0; row < samples.rows(); ++row) {
    std::uint32_t label_end = samples.label_end[row];
    if (keep(row)) {
      samples.stacks[to] = samples.stacks[row];
      std::copy_n(samples.values.begin() + std::ptrdiff_t(row * types), types,
                  samples.values.begin() + std::ptrdiff_t(to * types));
      while (label_from < label_end) samples.labels[label_to++] = samples.labels[label_from++];
      samples.label_end[to++] = label_to;
    }
    label_from = label_end;
  }
  samples.stacks.resize(to);
  samples.values.resize(to * types);
  samples.label_end.resize(to);
  samples.labels.resize(label_to);
}

// Keeps the labels for which keep(label) holds.
template <class Keep>
void keep_labels(Profile& profile, Keep&& keep) {
  SampleTable& samples = profile.samples;
  std::uint32_t to = 0, from = 0;
  for (std::uint32_t& end : samples.label_end) {
    for (; from < end; ++from)
      if (keep(samples.labels[from])) samples.labels[to++] = samples.labels[from];
    end = to;
  }
  samples.labels.resize(to);
}

// Gives a location other lines.
inline void set_lines(Profile& profile, ProfileLocation& location, std::span<const ProfileLine> lines) {
  if (lines.size() > location.line_count) {
    std::vector<ProfileLine> copy(lines.begin(), lines.end());  // they may lie in profile.lines
    location.first_line = std::uint32_t(profile.lines.size());
    profile.lines.insert(profile.lines.end(), copy.begin(), copy.end());
  } else {
    std::ranges::copy(lines, profile.lines.begin() + location.first_line);
  }
  location.line_count = std::uint32_t(lines.size());
}

}  // namespace memsnap
