#include "profile/precision.h"

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr double kTail = 0.025;        // on each side
constexpr double kNormal = 1.959964;   // quantile of 1 - kTail
constexpr double kManySamples = 1000;  // from here on approximations are exact to five digits
constexpr int kMostTerms = 10'000;
constexpr double kSmall = 1e-300, kExact = 1e-13;

// The continued fraction of the upper part of the incomplete gamma function (Lentz).
double upper_gamma_fraction(double a, double x) {
  double b = x + 1 - a, c = 1 / kSmall, d = 1 / b, h = d;
  for (int i = 1; i < kMostTerms; ++i) {
    double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < kSmall) d = kSmall;
    c = b + an / c;
    if (std::abs(c) < kSmall) c = kSmall;
    d = 1 / d;
    h *= d * c;
    if (std::abs(d * c - 1) < kExact) break;
  }
  return h;
}

// P(a, x), the regularised lower incomplete gamma function: a Poisson number of mean x is at least a.
double lower_gamma(double a, double x) {
  if (x <= 0) return 0;
  double front = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x >= a + 1) return 1 - front * upper_gamma_fraction(a, x);
  double term = 1 / a, sum = term;
  for (int i = 1; i < kMostTerms && term > sum * kExact; ++i) {
    term *= x / (a + i);
    sum += term;
  }
  return front * sum;
}

// x with P(a, x) = share.
double inverse_gamma(double a, double share) {
  double low = 0, high = a + 10 * std::sqrt(a) + 20;
  for (int i = 0; i < 80; ++i) {
    double middle = (low + high) / 2;
    (lower_gamma(a, middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

// The same for a large a (Wilson and Hilferty).
double inverse_gamma_of_many(double a, double normal) {
  double root = 1 - 1 / (9 * a) + normal / (3 * std::sqrt(a));
  return a * root * root * root;
}

double beta_fraction(double a, double b, double x) {
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (std::abs(d) < kSmall) d = kSmall;
  d = 1 / d;
  double h = d;
  auto step = [&](double factor) {
    d = 1 + factor * d;
    if (std::abs(d) < kSmall) d = kSmall;
    c = 1 + factor / c;
    if (std::abs(c) < kSmall) c = kSmall;
    d = 1 / d;
    h *= d * c;
    return std::abs(d * c - 1) < kExact;
  };
  for (int i = 1; i < kMostTerms; ++i) {
    double m = i;
    step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    if (step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))) break;
  }
  return h;
}

// I_x(a, b), the regularised incomplete beta function.
double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// Of `blocks` blocks, `seen` or fewer are sampled; `seen` or more are.
double chance_of_at_most(double seen, double blocks, double share) {
  return blocks <= seen ? 1 : incomplete_beta(blocks - seen, seen + 1, 1 - share);
}
double chance_of_at_least(double seen, double blocks, double share) {
  return seen <= 0 ? 1 : incomplete_beta(seen, blocks - seen + 1, share);
}

// Widths of the limits as a part of those of the Poisson number.
Interval drawn_in(double middle, Interval limits, double factor) {
  return {middle - (middle - limits.low) * factor, middle + (limits.high - middle) * factor};
}

}  // namespace

double sampled_share(double size, double rate) { return rate <= 1 ? 1 : -std::expm1(-size / rate); }

double samples_behind(std::int64_t count, double share) {
  double samples = std::abs(double(count)) * share;
  // The count was cut, so K is the next whole number, unless it is that one but for rounding.
  return std::max(1.0, std::ceil(samples - 1e-9 * (1 + samples)));
}

double unseen_bytes(double rate) { return rate <= 1 ? 0 : -std::log(0.05) * rate; }

Interval poisson_interval(double count) {
  if (count > kManySamples)
    return {inverse_gamma_of_many(count, -kNormal), inverse_gamma_of_many(count + 1, kNormal)};
  return {count <= 0 ? 0 : inverse_gamma(count, kTail), inverse_gamma(count + 1, 1 - kTail)};
}

Interval binomial_interval(double seen, double share) {
  if (share >= 1) return {seen, seen};
  Interval guess = poisson_interval(seen);
  double most = std::ceil((guess.high + 1) / share) + 1;
  // The most blocks of which so few could have been sampled, and the fewest of which so many could.
  double fit = seen, too_many = most;
  while (too_many - fit > 1) {
    double middle = std::floor((fit + too_many) / 2);
    (chance_of_at_most(seen, middle, share) > kTail ? fit : too_many) = middle;
  }
  double too_few = seen - 1, enough = fit;
  while (enough - too_few > 1) {
    double middle = std::floor((too_few + enough) / 2);
    (chance_of_at_least(seen, middle, share) > kTail ? enough : too_few) = middle;
  }
  return {enough, fit};
}

void SampledSum::add(double weight, double share, double samples) {
  if (samples <= 0) return;
  if (samples_ == 0) weight_ = weight, share_ = share;
  is_one_size_ = is_one_size_ && weight == weight_ && share == share_;
  estimate_ += weight * samples;
  samples_ += samples;
  squares_ += samples * weight * weight;
  variance_ += samples * weight * weight * (1 - share);
  seen_ += samples * weight * share;
}

void SampledSum::add(const SampledSum& other) {
  if (other.samples_ == 0) return;
  if (samples_ == 0) weight_ = other.weight_, share_ = other.share_;
  is_one_size_ = is_one_size_ && other.is_one_size_ && weight_ == other.weight_ && share_ == other.share_;
  estimate_ += other.estimate_;
  samples_ += other.samples_;
  squares_ += other.squares_;
  variance_ += other.variance_;
  seen_ += other.seen_;
}

SampledSum SampledSum::scaled(double factor) const {
  SampledSum sum = *this;
  sum.estimate_ *= factor;
  sum.seen_ *= factor;
  sum.weight_ *= factor;
  sum.variance_ *= factor * factor;
  sum.squares_ *= factor * factor;
  return sum;
}

Interval SampledSum::interval() const {
  if (samples_ == 0 || squares_ <= 0) return {};
  // Below this share the binomial is the Poisson number to three digits, and its sums would lose theirs.
  constexpr double kShareOfBlocks = 0.01;
  if (is_one_size_ && share_ >= kShareOfBlocks && samples_ <= kManySamples) {
    Interval blocks = binomial_interval(samples_, share_);
    double size = weight_ * share_;
    return {blocks.low * size, blocks.high * size};
  }
  double effective = estimate_ * estimate_ / squares_;
  Interval limits = poisson_interval(effective);
  double scale = estimate_ / effective;
  limits = drawn_in(estimate_, {limits.low * scale, limits.high * scale}, std::sqrt(variance_ / squares_));
  return {std::max(limits.low, seen_), limits.high};
}

Interval difference_interval(const SampledSum& now, const SampledSum& base) {
  auto limits_of = [](const SampledSum& sum, const SampledSum& other) {
    if (sum.samples() > 0) return sum.interval();
    return Interval{0, poisson_interval(0).high * other.mean_weight()};
  };
  Interval a = limits_of(now, base), b = limits_of(base, now);
  double difference = now.estimate() - base.estimate();
  return {difference - std::hypot(now.estimate() - a.low, b.high - base.estimate()),
          difference + std::hypot(a.high - now.estimate(), base.estimate() - b.low)};
}

}  // namespace memsnap
