// Rule map-key-explosion: most keys of a map are other spellings of keys that it has.
//
// While the memory is read, keys are counted again after each normal form (lower case, no outer blanks,
// percent-decoding, no query, cleaned path) and after all of them. When at least half of a thousand keys or
// more fall together, the map would be half as large with one spelling. That is a fact about the keys;
// whether the program means the same by them is not, so the rule never says more than "likely".
//
// May accuse: keys whose case or query has a meaning. Random identifiers do not fall together.
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace memsnap {

namespace {

// "query 25%, trailing slash 25%": the share of keys that each normal form alone would save.
std::string reasons(const KeyTable& keys, std::size_t row) {
  std::array<std::pair<std::uint64_t, const char*>, 5> forms = {
      {{keys.distinct_case[row], "upper and lower case"},
       {keys.distinct_trim[row], "blanks around them"},
       {keys.distinct_url[row], "percent-encoding"},
       {keys.distinct_query[row], "query or fragment"},
       {keys.distinct_slash[row], "slashes and dots in paths"}}};
  std::ranges::sort(forms);
  std::string text;
  for (auto [distinct, name] : forms) {
    double saved = 1 - double(std::min(distinct, keys.keys[row])) / double(keys.keys[row]);
    if (saved < 0.02) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, human_share(saved));
  }
  return text.empty() ? "several of them together" : text;
}

Finding report(const Case& what, std::size_t row, const Spellings& spellings, Severity severity) {
  const Heap& heap = what.heap();
  const KeyTable& keys = heap.keys;
  std::uint64_t all = map_retained(what, row);
  Finding found = claim(what, "map-key-explosion", map_node(heap, row),
                        std::uint64_t(double(all) * spellings.redundant()));
  found.type = type_text(heap, heap.maps.type[row]);
  found.severity = severity;
  found.confidence = Confidence::kLikely;
  found.objects = heap.maps.len[row];
  found.title = fmt::format("{} has {:.1f} spellings per key", place_words(found.holder),
                            double(spellings.keys) / double(spellings.distinct));
  std::string verb = command(what, "maps --keys");
  found.evidence.push_back(
      {"map",
       fmt::format("{} keys in {}, {} when they are brought to one spelling", human_count(spellings.keys),
                   found.type, human_count(spellings.distinct)),
       verb});
  found.evidence.push_back(
      {"map", "keys that would go by each form alone: " + reasons(keys, spellings.row), verb});
  if (std::string_view mask = heap.text(keys.mask[spellings.row]); !mask.empty())
    found.evidence.push_back(
        {"map",
         fmt::format("commonest shape {} ({}), lengths {} to {}", mask,
                     human_share(double(keys.mask_keys[spellings.row]) / double(spellings.keys)),
                     keys.shortest[spellings.row], keys.longest[spellings.row]),
         verb});
  if (Rise rise = map_rise(what, row); rise.rising()) {
    found.growth_bytes_per_s = bytes_per_second(rise, all, heap.maps.len[row]);
    found.evidence.push_back(rise_evidence(what, rise, "entries", command(what, "doctor")));
  }
  return found;
}

}  // namespace

std::vector<Finding> map_key_explosion(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  for (std::size_t i = 0; i < heap.keys.rows(); ++i) {
    std::size_t row = heap.keys.map[i];
    if (row >= heap.maps.rows()) continue;
    Spellings spellings = spellings_at(heap, i);
    if (!spellings.many()) continue;
    std::uint64_t waste = std::uint64_t(double(map_retained(what, row)) * spellings.redundant());
    auto severity = waste_severity(what, waste, Confidence::kLikely);
    // Growth of such a map is growth of its spellings, and map-unbounded leaves it to this rule.
    if (auto grown = growth_verdict(what, map_rise(what, row).growth.trend, waste); grown && severity)
      severity = std::max(*severity, grown->severity);
    if (severity) found.push_back(report(what, row, spellings, *severity));
  }
  return found;
}

}  // namespace memsnap
