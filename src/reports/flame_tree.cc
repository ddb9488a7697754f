#include "reports/flame.h"

#include "profile/units.h"

#include <algorithm>
#include <queue>

namespace memsnap {
namespace {

FlameSums plus(const FlameSums& a, const FlameSums& b) {
  return {wrap_add(a.value, b.value), wrap_add(a.base, b.base), wrap_add(a.width, b.width)};
}
FlameSums minus(const FlameSums& a, const FlameSums& b) {
  return {wrap_add(a.value, wrap_negate(b.value)), wrap_add(a.base, wrap_negate(b.base)),
          wrap_add(a.width, wrap_negate(b.width))};
}

// A node is the rows that begin alike; rows are sorted, so its callees are spans of it. The widest node is
// opened first, until there are enough.
class FlameMaker {
 public:
  FlameMaker(const StackRows& stacks, const FlameLimits& limits) : stacks_(stacks), limits_(limits) {
    before_.reserve(stacks.rows.size() + 1);
    before_.emplace_back();
    for (const StackRows::Row& row : stacks.rows)
      before_.push_back(plus(before_.back(), {row.value, row.base, std::max(row.value, row.base)}));
  }

  std::vector<FlameNode> run() {
    spans_.push_back({.first = 0, .last = std::uint32_t(stacks_.rows.size()), .shown = true});
    open(0);
    double least = limits_.least_share * double(sums_of(spans_[0]).width);
    while (!waiting_.empty() && shown_ < limits_.most_nodes) {
      auto [width, span] = waiting_.top();
      if (double(width) < least) break;
      waiting_.pop();
      spans_[span].shown = true;
      ++shown_;
      open(span);
    }
    return in_order();
  }

 private:
  struct Span {
    std::uint32_t first = 0, last = 0;  // rows
    std::uint32_t depth = 0;
    std::uint32_t children = 0, child_count = 0;  // of spans_
    bool shown = false;
  };

  FlameSums sums_of(const Span& span) const { return minus(before_[span.last], before_[span.first]); }
  std::uint32_t frame(std::uint32_t row, std::uint32_t depth) const {
    return stacks_.frames[stacks_.rows[row].first + depth];
  }

  // The end of the rows that have the same frame there: in steps that double, then by halves.
  std::uint32_t end_of(std::uint32_t row, std::uint32_t last, std::uint32_t depth) const {
    std::uint32_t wanted = frame(row, depth), step = 1;
    while (row + step < last && frame(row + step, depth) == wanted) row += step, step *= 2;
    std::uint32_t end = std::min(row + step, last);
    while (row + 1 < end) {
      std::uint32_t middle = row + (end - row) / 2;
      (frame(middle, depth) == wanted ? row : end) = middle;
    }
    return end;
  }

  void open(std::uint32_t index) {
    Span span = spans_[index];
    std::uint32_t row = span.first;
    while (row < span.last && stacks_.rows[row].count == span.depth) ++row;  // stacks that end here
    spans_[index].children = std::uint32_t(spans_.size());
    while (row < span.last) {
      std::uint32_t end = end_of(row, span.last, span.depth);
      spans_.push_back({.first = row, .last = end, .depth = span.depth + 1});
      std::int64_t width = sums_of(spans_.back()).width;
      if (width > 0) waiting_.push({width, std::uint32_t(spans_.size() - 1)});
      row = end;
    }
    spans_[index].child_count = std::uint32_t(spans_.size()) - spans_[index].children;
  }

  FlameSums small_below(const Span& span) const {
    FlameSums small;
    for (std::uint32_t i = span.children; i < span.children + span.child_count; ++i)
      if (!spans_[i].shown) small = plus(small, sums_of(spans_[i]));
    return small;
  }

  std::vector<FlameNode> in_order() const {
    struct Left {
      std::uint32_t span;
      bool small;  // what was too narrow below it, not the span itself
    };
    std::vector<FlameNode> nodes;
    std::vector<Left> left = {{0, false}};
    std::vector<std::uint32_t> children;
    while (!left.empty()) {
      auto [index, small] = left.back();
      const Span& span = spans_[index];
      left.pop_back();
      if (small) {
        FlameSums sums = small_below(span);
        if (sums.width > 0) nodes.push_back({.depth = span.depth + 1, .sums = sums});
        continue;
      }
      std::uint32_t name = span.depth == 0 ? FlameNode::kSmall : frame(span.first, span.depth - 1);
      nodes.push_back({.name = name, .depth = span.depth, .sums = sums_of(span)});
      children.clear();
      for (std::uint32_t i = span.children; i < span.children + span.child_count; ++i)
        if (spans_[i].shown) children.push_back(i);
      std::ranges::stable_sort(children, {}, [&](std::uint32_t i) { return sums_of(spans_[i]).width; });
      left.push_back({index, true});
      for (std::uint32_t child : children) left.push_back({child, false});
    }
    return nodes;
  }

  const StackRows& stacks_;
  const FlameLimits& limits_;
  std::vector<FlameSums> before_;  // sums of the rows before each
  std::vector<Span> spans_;
  std::priority_queue<std::pair<std::int64_t, std::uint32_t>> waiting_;
  std::size_t shown_ = 0;
};

}  // namespace

std::vector<FlameNode> make_flame(const StackRows& stacks, const FlameLimits& limits) {
  return FlameMaker(stacks, limits).run();
}

std::string_view frame_package(std::string_view function) {
  std::string_view plain = function.substr(0, function.find_first_of("([{<"));
  std::size_t colons = plain.find("::");
  if (colons != plain.npos && colons > 0) return plain.substr(0, colons);
  std::size_t slash = plain.rfind('/');
  std::size_t from = slash == plain.npos ? 0 : slash + 1;
  std::size_t dot = plain.find('.', from);
  return dot == plain.npos ? plain.substr(0, from) : plain.substr(0, dot);
}

}  // namespace memsnap
