// -flame: a flame graph as one page that needs nothing else; its script is data/flame/flame.js.
#include "reports/flame.h"
#include "reports/page_files.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

// As many frames as a page of 1.5 MB holds: with 40,000 the narrowest is far below a pixel.
constexpr std::size_t kMostNodes = 40'000;

// JSON inside a script element, which no text in it can end.
std::string quoted(std::string_view text) {
  std::string out;
  for (char c : quote_json(text)) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

class FlamePage {
 public:
  FlamePage(ProfileReport& report, Out& out)
      : report_(report), facts_(profile_labels(report)), stacks_(make_stack_rows(report)), out_(out) {
    for (const std::string& filter : report.filters) facts_.push_back("Filter: " + filter);
  }

  void run() {
    nodes_ = make_flame(stacks_, {.most_nodes = kMostNodes});
    std::string title = report_.title.empty() ? "profile" : report_.title;
    out_.print(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'\">\n"
        "<title>{} {}</title>\n<style>\n{}</style>\n</head>\n",
        escape_html(title), escape_html(report_.sample_type), page_file(kFlameFiles, "flame.css"));
    out_.print("<body>\n{}", page_file(kFlameFiles, "flame.body"));
    out_.put("<script type=\"application/json\" id=\"data\">\n");
    print_data(title);
    out_.print("</script>\n<script>\n{}</script>\n</body>\n</html>\n", page_file(kFlameFiles, "flame.js"));
  }

 private:
  void print_data(const std::string& title) {
    out_.print("{{\"title\": {}, \"type\": {}, \"unit\": {},\n", quoted(title), quoted(report_.sample_type),
               quoted(report_.sample_unit));
    out_.print("\"total\": {}, \"diff\": {},\n\"facts\": [", report_.scaled_by_ratio(report_.total),
               stacks_.is_difference);
    for (std::size_t i = 0; i < facts_.size(); ++i) out_.print("{}{}", i > 0 ? ", " : "", quoted(facts_[i]));
    out_.put("],\n\"names\": [");
    std::vector<std::int64_t> number(stacks_.names.size(), -1);
    std::int64_t next = 0;
    for (const FlameNode& node : nodes_) {
      if (node.name == FlameNode::kSmall || number[node.name] >= 0) continue;
      out_.print("{}{}", next > 0 ? ",\n" : "", quoted(stacks_.names[node.name]));
      number[node.name] = next++;
    }
    out_.put("],\n\"nodes\": [");
    std::size_t at = 0;
    for (const FlameNode& node : nodes_) {
      std::int64_t name = node.name == FlameNode::kSmall ? -1 : number[node.name];
      out_.print("{}{},{},{}",
                 at == 0       ? ""
                 : at % 8 == 0 ? ",\n"
                               : ",",
                 name, node.depth, report_.scaled_by_ratio(node.sums.value));
      if (stacks_.is_difference)
        out_.print(",{},{}", report_.scaled_by_ratio(node.sums.base),
                   report_.scaled_by_ratio(node.sums.width));
      ++at;
    }
    out_.put("]}\n");
  }

  ProfileReport& report_;
  std::vector<std::string> facts_;
  StackRows stacks_;
  std::vector<FlameNode> nodes_;
  Out& out_;
};

}  // namespace

void print_flame_html(ProfileReport& report, Out& out) { FlamePage(report, out).run(); }

}  // namespace memsnap
