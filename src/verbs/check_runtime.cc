#include "verbs/check_runtime.h"

#include "escape/costs.h"
#include "verbs/source_names.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace memsnap {
namespace {

struct Sum {
  SampledSum live;
  double objects = 0;
  std::string_view file;
};

class Sums {
 public:
  explicit Sums(const AllocSites& sites) {
    for (const AllocSite& site : sites.sites) {
      if (site.frames == 0) continue;
      const AllocFrame& leaf = sites.frames[site.first_frame];
      Sum& sum = of_[key(declared_function(sites.text(leaf.function)), sites.text(leaf.file))];
      sum.live.add(site.now.live);
      sum.objects += site.now.live_objects;
      sum.file = sites.text(leaf.file);
    }
  }

  const Sum* of(const Diagnostic& one) const {
    std::string function = declared_function(one.function);
    if (function.empty()) return nullptr;
    if (auto sum = of_.find(key(function, one.at.file)); sum != of_.end()) return &sum->second;
    // A profile is of one command, so the folder has to agree as well.
    auto sum = of_.find(key(as_command(function), one.at.file));
    return sum != of_.end() && ends_in(sum->second.file, one.at.file) ? &sum->second : nullptr;
  }

 private:
  static std::string key(const std::string& function, std::string_view file) {
    return function + '\n' + std::string(base_of(file));
  }
  std::unordered_map<std::string, Sum> of_;
};

}  // namespace

std::size_t lay_live_bytes(std::vector<Diagnostic>& findings, const AllocSites& sites) {
  Sums sums(sites);
  std::size_t found = 0;
  for (Diagnostic& one : findings) {
    const Sum* sum = sums.of(one);
    if (!sum || sum->live.estimate() < 1) continue;
    one.live = LiveBytes{.bytes = sum->live.estimate(), .objects = sum->objects};
    if (sites.rate > 1) {
      Interval limits = sum->live.interval();
      one.live->low = std::max(0.0, limits.low), one.live->high = limits.high;
      one.live->samples = std::uint64_t(sum->live.samples() + 0.5);
    }
    ++found;
  }
  return found;
}

}  // namespace memsnap
