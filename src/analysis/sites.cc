#include "analysis/sites.h"

#include "analysis/claim.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace memsnap {

namespace {

// Bytes one sample stands for: the runtime takes an object of s bytes with 1 - exp(-s / rate)
// (runtime/pprof/protomem.go).
double weight_of(std::uint64_t bytes, double rate) {
  double size = double(bytes);
  return rate <= 1 ? size : size / -std::expm1(-size / rate);
}

double rate_of(const Heap& heap) {
  std::int64_t rate = heap.counter("memstats.mem_profile_rate");
  return double(rate != 0 ? rate : heap.counter("profile.rate"));
}

// The frame that says where the program made it. When there is none of its own, the innermost one of the
// library; when there is only the runtime, the function that all of it was done for.
std::uint32_t telling_frame(const Heap& heap, std::uint32_t first, std::uint32_t end) {
  for (std::uint32_t frame = first; frame < end; ++frame)
    if (is_user_frame(heap, frame)) return frame;
  for (std::uint32_t frame = first; frame < end; ++frame)
    if (!heap.text(heap.frames.function[frame]).starts_with("runtime.")) return frame;
  return end - 1;
}

}  // namespace

bool is_user_frame(const Heap& heap, std::uint32_t frame) {
  std::string_view function = heap.text(heap.frames.function[frame]), module = heap.fact("target.module");
  bool own = !module.empty() && function.starts_with(module) && function.size() > module.size() &&
             (function[module.size()] == '/' || function[module.size()] == '.');
  return own || !is_library(function);
}

Sites::Sites(const DominatorTree& tree) : tree_(tree), heap_(tree.heap()) {}

// The tree of all ancestors of samples is small. Walked in order, each node's samples are neighbours.
void Sites::build() const {
  if (built_) return;
  built_ = true;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> children, samples;
  std::unordered_map<std::uint32_t, bool> seen;
  std::uint32_t top = std::uint32_t(heap_.virtual_root());
  for (std::uint32_t i = 0; i < heap_.samples.rows(); ++i) {
    NodeId node = heap_.node(heap_.samples.object[i]);
    if (heap_.samples.bucket[i] >= heap_.buckets.rows() || tree_.parent(node) == kNoNode) continue;
    samples[std::uint32_t(node)].push_back(i);
    for (NodeId at = node; at != heap_.virtual_root() && seen.try_emplace(std::uint32_t(at), true).second;) {
      NodeId up = tree_.parent(at);
      children[std::uint32_t(up)].push_back(std::uint32_t(at));
      at = up;
    }
  }
  std::vector<std::pair<std::uint32_t, bool>> open{{top, false}};
  while (!open.empty()) {
    auto [node, done] = open.back();
    open.pop_back();
    if (done) {
      range_[node].second = std::uint32_t(order_.size());
      continue;
    }
    range_[node].first = std::uint32_t(order_.size());
    if (auto own = samples.find(node); own != samples.end())
      order_.insert(order_.end(), own->second.begin(), own->second.end());
    open.emplace_back(node, true);
    if (auto below = children.find(node); below != children.end())
      for (std::uint32_t child : below->second) open.emplace_back(child, false);
  }
}

std::vector<std::uint32_t> Sites::samples_below(NodeId node) const {
  build();
  auto range = range_.find(std::uint32_t(node));
  if (range == range_.end()) return {};
  return {order_.begin() + range->second.first, order_.begin() + range->second.second};
}

std::vector<std::uint32_t> Sites::samples_alike(NodeId node) const {
  if (!heap_.is_object(node)) return {};
  TypeId type = heap_.objects.type[std::size_t(node)];
  std::vector<std::uint32_t> alike = samples_below(tree_.top(node));
  std::erase_if(alike, [&](std::uint32_t sample) {
    return type == TypeId{0} || heap_.objects.type[std::size_t(heap_.samples.object[sample])] != type;
  });
  return alike;
}

std::vector<Site> Sites::places(const std::vector<std::uint32_t>& samples, const char* source,
                                std::size_t most) const {
  struct Place {
    std::uint32_t frame = 0;
    double bytes = 0;
  };
  std::map<std::tuple<std::string_view, std::string_view, std::uint32_t>, Place> places;
  double all = 0, rate = rate_of(heap_);
  for (std::uint32_t sample : samples) {
    std::uint32_t bucket = heap_.samples.bucket[sample], first = heap_.buckets.first_frame[bucket];
    std::size_t end =
        std::min<std::size_t>(heap_.frames.rows(), std::size_t(first) + heap_.buckets.frames[bucket]);
    if (first >= end) continue;
    std::uint32_t frame = telling_frame(heap_, first, std::uint32_t(end));
    double weight = weight_of(heap_.objects.bytes(heap_.samples.object[sample]), rate);
    Place& place = places[{heap_.text(heap_.frames.function[frame]), heap_.text(heap_.frames.file[frame]),
                           heap_.frames.line[frame]}];
    place.frame = frame;
    place.bytes += weight;
    all += weight;
  }
  std::vector<Site> sites;
  for (const auto& [key, place] : places)
    sites.push_back({.function = std::string(std::get<0>(key)),
                     .file = std::string(std::get<1>(key)),
                     .line = int(std::get<2>(key)),
                     .share = place.bytes / all,
                     .source = source});
  std::ranges::stable_sort(sites, std::greater{}, &Site::share);
  if (sites.size() > most) sites.resize(most);
  return sites;
}

std::vector<Site> Sites::below(NodeId node, std::size_t most) const {
  if (node == kNoNode) return {};
  std::vector<std::uint32_t> samples = samples_below(node);
  if (!samples.empty()) return places(samples, "heap-profile", most);
  return places(samples_alike(node), "heap-profile, objects of the same type", most);
}

}  // namespace memsnap
