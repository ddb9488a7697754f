// Runs the rules, and turns what they find into a list that a person can work through: consequences go
// into their cause, the first finding is the one to fix first, and each has a name of its own.
#include "analysis/case.h"
#include "analysis/claim.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

namespace memsnap {

namespace {

constexpr double kExplains = 0.8;  // of a consequence's bytes, or of a parent's growth
constexpr std::size_t kDigits =
    8;  // of a fingerprint: two of 1,000 findings are alike once in 10,000 reports

// How much of its bytes a finding can be trusted with; orders findings of one severity.
double weight(const Finding& finding) {
  static constexpr double kTrust[] = {0.1, 0.5, 0.9, 1.0};  // hint, likely, certain, proven
  return double(finding.retained_bytes) * kTrust[std::size_t(finding.confidence)];
}

bool before(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (weight(a) != weight(b)) return weight(a) > weight(b);
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  return a.fingerprint < b.fingerprint;
}

// What a pattern says about the reason. Of two findings about the same bytes the one that names the reason
// stays: spelling explains why a map grows, a goroutine that never ends explains what it holds.
int reason(const std::string& rule) {
  static const std::map<std::string, int> kReasons = {
      {"goroutine-leak", 9},        {"finalizer-cycle", 9},      {"context-retains", 8},
      {"map-key-explosion", 7},     {"map-shared-header", 7},    {"slice-pins-array", 6},
      {"string-pins-string", 6},    {"listener-leak", 5},        {"slice-emptied-kept", 5},
      {"list-unbounded", 4},        {"map-unbounded", 4},        {"global-slice-append", 4},
      {"channel-backlog", 4},       {"pool-oversized", 4},       {"map-not-shrunk", 3},
      {"goroutine-holds-slice", 3}, {"slice-capacity-slack", 2}, {"map-boxed-values", 2},
      {"duplicate-strings", 1},     {"heap-fragmented", 0},      {"off-heap", 0}};
  auto known = kReasons.find(rule);
  return known == kReasons.end() ? 0 : known->second;
}

class Folder {
 public:
  explicit Folder(const Case& what) : what_(what) {}

  // Whether `other` is what follows from `cause`.
  bool follows(const Finding& cause, const Finding& other) const {
    if (cause.node == ~0u || other.node == ~0u || other.severity > cause.severity) return false;
    if (cause.rule == other.rule && cause.node == other.node) return true;
    NodeId cause_node{cause.node}, other_node{other.node};
    if (cause_node == other_node) return reason(cause.rule) >= reason(other.rule);
    // The deepest holder that explains its parent's growth is the one to name, so here the parent follows.
    if (dominates(other_node, cause_node)) return explains_growth(cause, other);
    if (!dominates(cause_node, other_node)) return false;
    if (explains_growth(other, cause)) return false;
    // What only says that the same bytes could be stored better is not worth a finding while they should not
    // be there at all.
    constexpr int kStorage = 2;
    if (reason(other.rule) <= kStorage && reason(cause.rule) > kStorage)
      return other.retained_bytes <= cause.retained_bytes;
    return double(other.retained_bytes) <= double(what_.retained(cause_node)) &&
           covered(cause, other) >= kExplains;
  }

 private:
  bool dominates(NodeId above, NodeId below) const {
    return above != below && ancestors(below).contains(std::uint32_t(above));
  }
  const std::unordered_set<std::uint32_t>& ancestors(NodeId node) const {
    auto [at, fresh] = ancestors_.try_emplace(std::uint32_t(node));
    if (fresh) {
      const Heap& heap = what_.heap();
      for (NodeId up = node; up != kNoNode && up != heap.virtual_root();) {
        up = heap.is_object(up) ? heap.objects.idom[std::size_t(up)] : heap.virtual_root();
        if (up != kNoNode && up != heap.virtual_root()) at->second.insert(std::uint32_t(up));
      }
    }
    return at->second;
  }
  // Share of the consequence's bytes that lie below the cause. A finding about many objects (strings, arrays)
  // names one of them, and its bytes may lie elsewhere.
  double covered(const Finding& cause, const Finding& other) const {
    if (other.retained_bytes == 0) return 1;
    std::uint64_t below = what_.retained(NodeId{other.node}), held = cause.retained_bytes;
    std::uint64_t sure = std::min({std::max(below, std::uint64_t(1)), other.retained_bytes, held});
    return double(sure) / double(other.retained_bytes);
  }
  bool explains_growth(const Finding& deep, const Finding& parent) const {
    if (!deep.growth_bytes_per_s || !parent.growth_bytes_per_s || *parent.growth_bytes_per_s <= 0)
      return false;
    return *deep.growth_bytes_per_s >= kExplains * *parent.growth_bytes_per_s;
  }

  const Case& what_;
  mutable std::map<std::uint32_t, std::unordered_set<std::uint32_t>> ancestors_;
};

void fold(const Case& what, std::vector<Finding>& findings) {
  Folder folder(what);
  std::vector<bool> gone(findings.size());
  // The strongest reasons look for their consequences first, so that a chain of them ends in one finding.
  std::vector<std::size_t> order(findings.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    int left = reason(findings[a].rule), right = reason(findings[b].rule);
    return left != right ? left > right : before(findings[a], findings[b]);
  });
  for (std::size_t cause : order) {
    if (gone[cause]) continue;
    for (std::size_t other : order) {
      if (gone[other] || other == cause || !folder.follows(findings[cause], findings[other])) continue;
      gone[other] = true;
      const Finding& follower = findings[other];
      // About the same object it would say the same again in other words.
      if (follower.rule != findings[cause].rule && follower.node != findings[cause].node)
        findings[cause].evidence.push_back(
            {"note", fmt::format("{}: {}", follower.rule, follower.title), ""});
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (!gone[i]) {
      if (kept != i) findings[kept] = std::move(findings[i]);
      ++kept;
    }
  findings.resize(kept);
}

// Findings with one fingerprint are one finding about many things: each session's map, say.
void join_equal(const Case& what, std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> first;
  std::vector<Finding> joined;
  std::map<std::size_t, std::pair<std::uint64_t, std::uint64_t>> others;  // how many, and their bytes
  for (Finding& finding : findings) {
    bool apart = finding.node == ~0u;  // about the whole heap
    auto [at, fresh] = first.try_emplace(finding.rule + " " + finding.fingerprint, joined.size());
    if (fresh || apart) {
      joined.push_back(std::move(finding));
      continue;
    }
    Finding& all = joined[at->second];
    auto& [count, bytes] = others[at->second];
    ++count;
    bytes += finding.retained_bytes;
    all.objects += finding.objects;
    if (finding.growth_bytes_per_s)
      all.growth_bytes_per_s = all.growth_bytes_per_s.value_or(0) + *finding.growth_bytes_per_s;
  }
  for (auto [row, more] : others) {
    Finding& all = joined[row];
    set_bytes(what, all, all.retained_bytes + more.second);
    all.evidence.push_back(
        {"note",
         fmt::format("the sum of {} alike: the largest is described here, the others hold {}",
                     human_count(more.first + 1), human_bytes(more.second)),
         ""});
  }
  findings = std::move(joined);
}

void add_words(Finding& finding) {
  const RuleText* text = rule_text(finding.rule);
  if (text == nullptr) return;
  finding.pattern = text->pattern;
  if (finding.title.empty()) finding.title = text->title;
  if (finding.fix.text.empty()) finding.fix = {text->fix, text->recipe};
}

// What a stack points to stays until that function lets go, whatever is done about the holder.
void add_stack_notes(const Case& what, std::vector<Finding>& findings) {
  const Heap& heap = what.heap();
  for (Finding& finding : findings) {
    NodeId node{finding.node};
    bool held = finding.holder.kind == HolderKind::kGlobal || finding.holder.kind == HolderKind::kPool;
    if (node == kNoNode || !held || finding.severity < Severity::kMedium) continue;
    std::vector<RootId> stacks = what.on_stack_of(node, 2);
    if (stacks.empty()) continue;
    std::string names(heap.text(heap.roots.name[std::size_t(stacks[0])]));
    if (stacks.size() > 1) names += " and others";
    finding.evidence.push_back(
        {"note", "also on the stack of " + names + ": it stays until that lets go", ""});
  }
}

}  // namespace

std::vector<Finding> diagnose(const Case& what) {
  std::vector<Finding> findings;
  for (const Rule& rule : rules())
    for (Finding& finding : rule.find(what)) {
      if (finding.rule.empty()) finding.rule = rule.name;
      add_words(finding);
      finding.fingerprint = fingerprint(finding).substr(0, kDigits);
      findings.push_back(std::move(finding));
    }
  fold(what, findings);
  std::ranges::stable_sort(findings, before);
  join_equal(what, findings);
  std::ranges::stable_sort(findings, before);
  add_stack_notes(what, findings);
  return findings;
}

}  // namespace memsnap
