#include "profile/precision.h"

#include "profile/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace memsnap {
namespace {

// chi-square quantiles from R: qchisq(.025, 2k) / 2, qchisq(.975, 2k + 2) / 2.
TEST(Precision, LimitsOfPoissonNumbers) {
  struct Row {
    double count, low, high;
  };
  for (auto [count, low, high] :
       {Row{0, 0, 3.688879}, Row{1, 0.025318, 5.571643}, Row{4, 1.089865, 10.241589},
        Row{16, 9.145383, 25.983001}, Row{100, 81.363987, 121.627309}, Row{400, 361.75825, 441.17954},
        Row{1001, 939.94, 1064.99}}) {
    Interval got = poisson_interval(count);
    EXPECT_NEAR(got.low, low, 1e-4 * count + 1e-6) << count;
    EXPECT_NEAR(got.high, high, 1e-4 * count + 1e-6) << count;
  }
}

// Both ways of computing agree where they meet.
TEST(Precision, ApproximationJoinsTheExactLimits) {
  Interval exact = poisson_interval(1000), close = poisson_interval(1000.001);
  EXPECT_NEAR(exact.low, close.low, 0.01);
  EXPECT_NEAR(exact.high, close.high, 0.01);
}

// Against sums of the binomial distribution term by term.
TEST(Precision, LimitsOfBlocks) {
  auto at_most = [](int seen, int blocks, double share) {
    double sum = 0;
    for (int k = 0; k <= seen; ++k)
      sum += std::exp(std::lgamma(blocks + 1.0) - std::lgamma(k + 1.0) - std::lgamma(blocks - k + 1.0) +
                      k * std::log(share) + (blocks - k) * std::log1p(-share));
    return sum;
  };
  for (double share : {0.02, 0.3, 0.632, 0.95}) {
    for (int seen : {1, 2, 7, 40}) {
      Interval got = binomial_interval(seen, share);
      int low = int(got.low), high = int(got.high);
      EXPECT_GT(at_most(seen, high, share), 0.025);
      EXPECT_LE(at_most(seen, high + 1, share), 0.025);
      EXPECT_GE(low, seen);
      EXPECT_GT(1 - at_most(seen - 1, low, share), 0.025);
      if (low > seen) {
        EXPECT_LE(1 - at_most(seen - 1, low - 1, share), 0.025);
      }
    }
  }
  EXPECT_EQ(binomial_interval(5, 1).high, 5);
}

TEST(Precision, SamplesBehindACount) {
  for (double size : {8.0, 48.0, 1024.0, 65536.0, 1048576.0}) {
    double share = sampled_share(size, 524288);
    for (int samples : {1, 2, 3, 16, 1000})
      EXPECT_EQ(samples_behind(std::int64_t(samples / share), share), samples) << size;
  }
}

// ---- A program that allocates blocks of mixed sizes, and the sampler of the runtime: points in the bytes
// allocated, gaps exponential with mean `rate`.
struct Mix {
  std::vector<double> sizes;  // one round of allocations; the program runs many
  double round = 0;
  explicit Mix(std::vector<double> all) : sizes(std::move(all)) {
    for (double size : sizes) round += size;
  }
};

constexpr double kRate = 524288;

// The samples of `rounds` rounds: block i of a round was sampled counts[i] times.
std::vector<int> sample_run(const Mix& mix, double rounds, std::mt19937_64& random) {
  std::exponential_distribution<double> gap(1 / kRate);
  std::vector<int> counts(mix.sizes.size());
  for (double at = gap(random); at < mix.round * rounds; at += gap(random)) {
    double in_round = std::fmod(at, mix.round), begin = at - in_round;
    for (std::size_t i = 0; i < mix.sizes.size(); ++i) {
      begin += mix.sizes[i];
      if (in_round >= mix.sizes[i]) {
        in_round -= mix.sizes[i];
        continue;
      }
      ++counts[i];
      at = begin;  // the next gap begins behind the block
      break;
    }
  }
  return counts;
}

SampledSum sum_of_run(const Mix& mix, const std::vector<int>& counts) {
  SampledSum sum;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    double share = sampled_share(mix.sizes[i], kRate);
    sum.add(mix.sizes[i] / share, share, samples_behind(std::int64_t(counts[i] / share), share));
  }
  return sum;
}

const std::vector<Mix>& mixes() {
  static const std::vector<Mix> all = {
      Mix({48, 48, 96, 16, 256}),
      Mix({64, 1024, 8192, 32768, 128}),
      Mix({4096, 65536, 524288, 1048576, 262144, 4096}),
  };
  return all;
}

double expected_samples(const Mix& mix) {
  double sum = 0;
  for (double size : mix.sizes) sum += sampled_share(size, kRate);
  return sum;
}

TEST(Precision, LimitsHoldTheTruth) {
  constexpr int kTrials = 2000;
  std::mt19937_64 random(20261121);
  for (const Mix& mix : mixes()) {
    for (double expected : {1.0, 3.0, 10.0, 30.0, 100.0}) {
      double rounds = std::max(1.0, std::round(expected / expected_samples(mix)));
      int seen = 0, held = 0;
      for (int trial = 0; trial < kTrials; ++trial) {
        SampledSum sum = sum_of_run(mix, sample_run(mix, rounds, random));
        if (sum.samples() == 0) continue;  // the report has no row for it
        ++seen;
        held += sum.interval().holds(mix.round * rounds);
      }
      EXPECT_GE(double(held) / seen, 0.93) << mix.sizes[0] << " bytes first, " << expected << " samples";
    }
  }
}

// Blocks of one size: the binomial itself.
TEST(Precision, LimitsHoldTheTruthOfOneSize) {
  std::mt19937_64 random(7);
  for (double size : {48.0, 8192.0, 524288.0, 2097152.0}) {
    Mix mix({size});
    double rounds = std::ceil(8 * 1048576 / size);
    int held = 0;
    for (int trial = 0; trial < 1000; ++trial)
      held += sum_of_run(mix, sample_run(mix, rounds, random)).interval().holds(size * rounds);
    EXPECT_GE(held, 930) << size;
  }
}

// 95 of 100 sites with as much as unseen_bytes() have a sample.
TEST(Precision, SitesWithoutASample) {
  std::mt19937_64 random(11);
  Mix mix({1024});
  double rounds = std::ceil(unseen_bytes(kRate) / 1024);
  int unseen = 0;
  for (int trial = 0; trial < 4000; ++trial) unseen += sample_run(mix, rounds, random)[0] == 0;
  EXPECT_NEAR(unseen / 4000.0, 0.05, 0.012);
}

TEST(Precision, LimitsOfDifferences) {
  std::mt19937_64 random(5);
  const Mix& mix = mixes()[1];
  for (double expected : {3.0, 30.0}) {
    double before = std::round(expected / expected_samples(mix)), after = before * 2;
    int held = 0;
    for (int trial = 0; trial < 2000; ++trial) {
      SampledSum now = sum_of_run(mix, sample_run(mix, after, random));
      SampledSum base = sum_of_run(mix, sample_run(mix, before, random));
      if (now.samples() + base.samples() == 0)
        ++held;
      else
        held += difference_interval(now, base).holds(mix.round * (after - before));
    }
    EXPECT_GE(held, 1860) << expected;
  }
}

// The same program twice: nearly every difference must be told to be none.
TEST(Precision, NoiseIsNoDifference) {
  std::mt19937_64 random(6);
  const Mix& mix = mixes()[0];
  double rounds = std::round(20 / expected_samples(mix));
  int held = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    SampledSum now = sum_of_run(mix, sample_run(mix, rounds, random));
    SampledSum base = sum_of_run(mix, sample_run(mix, rounds, random));
    held += difference_interval(now, base).holds(0);
  }
  EXPECT_GE(held, 1860);
}

// ---- The same from a profile.
struct HeapProfile {
  Profile profile;
  explicit HeapProfile(std::int64_t rate) {
    auto type = [&](const char* name, const char* unit) {
      return ValueType{profile.strings.add(name), profile.strings.add(unit)};
    };
    profile.sample_types = {type("alloc_objects", "count"), type("alloc_space", "bytes"),
                            type("inuse_objects", "count"), type("inuse_space", "bytes")};
    profile.period_type = type("space", "bytes");
    profile.period = rate;
  }
  LocationId function(const char* name) {
    profile.functions.push_back({.name = profile.strings.add(name)});
    profile.lines.push_back({.function = FunctionId(profile.functions.size() - 1)});
    profile.locations.push_back({.first_line = std::uint32_t(profile.lines.size() - 1), .line_count = 1});
    return LocationId(profile.locations.size() - 1);
  }
  // As the runtime prints K samples of blocks of that size; negative for a base.
  void samples(LocationId at, double size, int count, bool base = false) {
    double share = sampled_share(size, double(profile.period));
    std::int64_t sign = base ? -1 : 1;
    std::int64_t blocks = sign * std::int64_t(count / share),
                 bytes = sign * std::int64_t(count * size / share);
    ProfileLabel label{profile.strings.add("bytes"), profile.strings.add("bytes"), std::int64_t(size)};
    std::vector<ProfileLabel> labels = {label};
    if (base)
      labels.push_back(
          {profile.strings.add(kBaseLabel), ProfileLabel::kText, std::int64_t(profile.strings.add("true"))});
    profile.add_sample(std::vector{at}, std::vector{blocks, bytes, blocks, bytes}, labels);
  }
};

TEST(Sampling, HeapProfile) {
  HeapProfile heap(524288);
  LocationId leaf = heap.function("main.fill");
  heap.samples(leaf, 64, 16);
  heap.samples(leaf, 4096, 2);
  Sampling sampling = sampling_of(heap.profile, 3);
  EXPECT_EQ(sampling.kind, SamplingKind::kHeap);
  SamplingReader reader(heap.profile, sampling, 3);
  std::vector<NodeSampling> nodes = node_sampling(heap.profile, {.value = 3}, reader);
  ASSERT_EQ(nodes.size(), 1u);
  EXPECT_EQ(nodes[0].flat.samples(), 18);
  EXPECT_NEAR(nodes[0].flat.estimate(), 18 * 524288, 20000);
  Interval bytes = nodes[0].flat.interval();
  EXPECT_NEAR(bytes.low / nodes[0].flat.estimate(), 0.593, 0.01);  // 18 events: 10.67 to 28.45
  EXPECT_NEAR(bytes.high / nodes[0].flat.estimate(), 1.580, 0.01);
  EXPECT_TRUE(sampling_of(heap.profile, 2).is_count_shown);
}

TEST(Sampling, RateOneCountsAll) {
  HeapProfile heap(1);
  EXPECT_EQ(sampling_of(heap.profile, 3).kind, SamplingKind::kAll);
}

TEST(Sampling, AllocationsSinceAnEarlierProfile) {
  HeapProfile heap(524288);
  for (int i = 0; i < 10; ++i) {
    LocationId leaf = heap.function(("main.f" + std::to_string(i)).c_str());
    heap.samples(leaf, 64, 1000 + 10 * i);
    heap.samples(leaf, 64, 1000, true);
  }
  Sampling sampling = sampling_of(heap.profile, 1);
  SamplingReader reader(heap.profile, sampling, 1);
  EXPECT_TRUE(reader.is_base_earlier());
  SampledValue sum = sampling_of_all(heap.profile, reader);
  EXPECT_EQ(sum.samples(), 450);
  EXPECT_GT(sum.interval().low, 400 * 524288.0);
  // In use the same two sides may have nothing in common.
  Sampling live = sampling_of(heap.profile, 3);
  SamplingReader live_reader(heap.profile, live, 3);
  EXPECT_FALSE(live_reader.is_base_earlier());
  EXPECT_EQ(sampling_of_all(heap.profile, live_reader).samples(), 20450);
}

TEST(Sampling, TimeAndUnknown) {
  Profile profile;
  auto type = [&](const char* name, const char* unit) {
    return ValueType{profile.strings.add(name), profile.strings.add(unit)};
  };
  profile.sample_types = {type("samples", "count"), type("cpu", "nanoseconds")};
  profile.period_type = profile.sample_types[1];
  profile.period = 10'000'000;
  profile.add_sample({}, std::vector<std::int64_t>{25, 250'000'000}, {});
  Sampling sampling = sampling_of(profile, 1);
  EXPECT_EQ(sampling.kind, SamplingKind::kTime);
  SampledValue sum = sampling_of_all(profile, SamplingReader(profile, sampling, 1));
  EXPECT_EQ(sum.samples(), 25);
  EXPECT_NEAR(sum.interval().low, 161'800'000, 200'000);
  EXPECT_NEAR(sum.interval().high, 369'000'000, 200'000);
  profile.sample_types = {type("contentions", "count"), type("delay", "nanoseconds")};
  EXPECT_EQ(sampling_of(profile, 1).kind, SamplingKind::kUnknown);
}

}  // namespace
}  // namespace memsnap
