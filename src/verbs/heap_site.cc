#include "verbs/heap_site.h"

#include "findings/finding.h"
#include "render/json_writer.h"
#include "serve/reply.h"
#include "verbs/all.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace memsnap {
namespace {

// Answers do not change while the heap does not. Few addresses are asked for, most of them again and again.
class Answers {
 public:
  template <class Make>
  HttpResponse of(const std::string& question, Make&& make) {
    {
      std::lock_guard hold(lock_);
      if (auto known = known_.find(question); known != known_.end()) return json_reply(known->second);
    }
    Result<std::string> made = make();
    if (!made) return error_reply(made.error());
    std::lock_guard hold(lock_);
    bytes_ += made->size();
    if (bytes_ > kMostBytes) known_.clear(), bytes_ = made->size();
    known_[question] = *made;
    return json_reply(std::move(*made));
  }

 private:
  static constexpr std::size_t kMostBytes = 64 << 20;
  std::mutex lock_;
  std::map<std::string, std::string> known_;
  std::size_t bytes_ = 0;
};

// The words of a command line that asks what the query asks. Only flags about rows: nothing that writes a
// file or looks at another target.
Result<std::vector<std::string>> words_of(const Verb& verb, const Query& query) {
  std::vector<std::string> words = {"--json"}, operands;
  for (const auto& [name, value] : query.all()) {
    if (name == "q") {
      operands.push_back(value);
      continue;
    }
    std::span<const Flag> groups[] = {verb.flags[0], kRowFlags};
    const Flag* flag = nullptr;
    for (std::span<const Flag> group : groups)
      for (const Flag& one : group)
        if (name == one.name && one.kind != FlagKind::kFile && one.kind != FlagKind::kFolder &&
            one.kind != FlagKind::kPid && one.kind != FlagKind::kDuration)
          flag = &one;
    if (!flag || name == "json") return fail(Cause::usage, "{} has no {}", verb.name, name);
    words.push_back(flag->kind == FlagKind::kSwitch ? dashed(name) : dashed(name) + "=" + value);
  }
  words.insert(words.end(), {"--", "opened.snap"});
  words.insert(words.end(), operands.begin(), operands.end());
  return words;
}

Result<std::string> run_verb(const Verb& verb, const Heap& heap, const Query& query) {
  std::vector<std::string> words = TRY(words_of(verb, query));
  std::vector<Flag> known = flags_of(verb);
  Flags flags = TRY(Flags::parse(words, known));
  Out out, err;
  Io io{.out = out, .err = err, .style = {}, .opened = &heap};
  if (auto ran = verb.run(flags, io); !ran) return std::unexpected(ran.error());
  return out.text();
}

void write_rules(const Report& report, JsonWriter& json) {
  std::vector<std::string> told;
  json.key("rules").open_array();
  for (const Finding& finding : report.findings) {
    const RuleText* rule = rule_text(finding.rule);
    if (!rule || std::ranges::find(told, rule->rule) != told.end()) continue;
    told.push_back(rule->rule);
    json.open_object();
    json.member("rule", rule->rule);
    json.member("title", rule->title);
    json.member("why", rule->why);
    json.member("leak_code", rule->leak_code);
    json.member("fixed_code", rule->fixed_code);
    json.close_object();
  }
  json.close_array();
}

// The report as `doctor --json` prints it, and what the text of it says beside that.
std::string report_page(const Report& report) {
  Out out;
  out.put("{\"schema\": \"memsnap.page/1\", \"report\": ");
  render_json(report, out);
  out.put(", \"words\": ");
  JsonWriter json(out, 0);
  json.open_object();
  json.member("target", target_words(report));
  json.member("time", report.time);
  json.member("capture", capture_words(report));
  json.member("verdict", verdict_words(report));
  json.member("memory", report.rss == 0 ? std::string() : memory_words(report));
  json.member("growth_note", report.growth_note);
  json.key("owners").open_array();
  for (const MemoryPart& part : report.parts) json.value(part.owner);
  json.close_array();
  json.key("next").open_array();
  for (const NextStep& step : report.next) {
    json.open_object();
    json.member("command", step.command);
    json.member("why", step.why);
    json.close_object();
  }
  json.close_array();
  json.key("source").open_array();
  for (const auto& [place_of_line, text] : report.source) {
    json.open_object();
    json.member("file", place_of_line.first);
    json.member("line", place_of_line.second);
    json.member("text", text);
    json.close_object();
  }
  json.close_array();
  write_rules(report, json);
  json.close_object();
  out.put("}\n");
  return out.text();
}

}  // namespace

WebSite heap_site(const Heap& heap, const Report& report) {
  static constexpr const Verb* kListing[] = {&kTop, &kTree, &kWhy, &kMaps, &kSlices, &kGoroutines, &kRss};
  WebSite site{.kind = "heap", .title = target_words(report), .first_page = "/ui/report", .routes = {}};
  site.routes.push_back({"/api/heap/report", [page = report_page(report)](const HttpRequest&, const Query&) {
                           return json_reply(page);
                         }});
  auto answers = std::make_shared<Answers>();
  for (const Verb* verb : kListing)
    site.routes.push_back({std::string("/api/heap/") + verb->name,
                           [verb, &heap, answers](const HttpRequest& request, const Query& query) {
                             std::string question = fmt::format("{}?{}", verb->name, request.query);
                             return answers->of(question, [&] { return run_verb(*verb, heap, query); });
                           }});
  return site;
}

}  // namespace memsnap
