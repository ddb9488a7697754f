// -flamesvg: a flame graph as a picture; its script, data/flame/flame_svg.js, zooms and finds.
#include "reports/flame.h"
#include "reports/page_files.h"
#include "reports/text_width.h"

#include "base/text.h"
#include "profile/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr double kWidth = 1200, kRow = 17, kFont = 11, kMargin = 8, kNarrowest = 0.3;
constexpr std::size_t kMostNodes = 6000;

// A pale colour per package; the runtime is grey.
std::string package_colour(std::string_view function) {
  std::string_view package = frame_package(function);
  if (package == "runtime" || package.starts_with("runtime/")) return "#cfd4db";
  std::uint32_t hash = 2166136261;
  for (char c : package) hash = (hash ^ std::uint8_t(c)) * 16777619;
  return fmt::format("hsl({},62%,78%)", hash % 360);
}

// Red for what grew, blue for what shrank.
std::string change_colour(const FlameSums& sums) {
  double most = std::max(std::abs(double(sums.value)), std::abs(double(sums.base)));
  double change = most > 0 ? (double(sums.value) - double(sums.base)) / most : 0, size = std::abs(change);
  if (size < 0.005) return "#dfe2e6";
  return fmt::format("hsl({},{:.0f}%,{:.0f}%)", change > 0 ? 8 : 214, 12 + 73 * size, 88 - 24 * size);
}

// Without the folders of its package.
std::string_view short_name(std::string_view name) {
  std::size_t slash = name.substr(0, name.find_first_of("([{< ")).rfind('/');
  return slash == name.npos ? name : name.substr(slash + 1);
}

// As much as there is room for, also in a font that is wider.
std::string cut(std::string_view text, double room) {
  room /= 1.12;
  if (text_width(text, kFont) <= room) return std::string(text);
  std::size_t end = 0;
  double width = text_width("...", kFont);
  while (end < text.size()) {
    std::size_t bytes = first_code_point(text.substr(end)).bytes;
    width += text_width(text.substr(end, bytes), kFont);
    if (width > room) break;
    end += bytes;
  }
  return end < 2 ? "" : std::string(text.substr(0, end)) + "...";
}

class FlamePicture {
 public:
  FlamePicture(ProfileReport& report, Out& out)
      : report_(report), heading_(profile_labels(report)), stacks_(make_stack_rows(report)), out_(out) {
    heading_.insert(heading_.end(), report.filters.begin(), report.filters.end());
  }

  void run() {
    if (stacks_.is_difference) heading_.emplace_back("red: more than in the base, blue: less");
    nodes_ = make_flame(stacks_, {.least_share = kNarrowest / kWidth, .most_nodes = kMostNodes});
    std::uint32_t depth = 0;
    for (const FlameNode& node : nodes_) depth = std::max(depth, node.depth);
    top_ = 2 * kMargin + double(heading_.size()) * kFont * 1.3;
    print_head(top_ + (depth + 1) * kRow + kMargin);
    place();
    for (std::size_t i = 0; i < nodes_.size(); ++i) print_frame(i);
    out_.print("</g>\n<script type=\"text/javascript\"><![CDATA[\n{}]]></script>\n</svg>\n",
               page_file(kFlameFiles, "flame_svg.js"));
  }

 private:
  void print_head(double height) {
    std::string title = report_.title.empty() ? "profile" : report_.title;
    out_.print(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\">\n<title>{2} {3}</title>\n<style>\n{4}</style>\n",
        kWidth + 2 * kMargin, height, escape_html(title), escape_html(report_.sample_type),
        page_file(kFlameFiles, "flame_svg.css"));
    double y = kMargin + kFont;
    for (const std::string& line : heading_) {
      out_.print("<text class=\"fact\" x=\"{:g}\" y=\"{:.1f}\">{}</text>\n", kMargin, y, escape_html(line));
      y += kFont * 1.3;
    }
    out_.print("<text class=\"fact\" id=\"found\" x=\"{:g}\" y=\"{:g}\"></text>\n<g id=\"frames\">\n",
               kMargin + kWidth, kMargin + kFont);
  }

  // Callees side by side from their caller's left.
  void place() {
    double scale = nodes_[0].sums.width > 0 ? kWidth / double(nodes_[0].sums.width) : 0;
    std::vector<double> next = {kMargin};  // where the next frame of each depth begins
    for (const FlameNode& node : nodes_) {
      double width = double(node.sums.width) * scale;
      next.resize(node.depth + 2);
      left_.push_back(next[node.depth]);
      width_.push_back(width);
      next[node.depth + 1] = next[node.depth];
      next[node.depth] += width;
    }
  }

  std::string name_of(std::size_t row) const {
    if (row == 0) return "root";
    if (nodes_[row].name == FlameNode::kSmall) return "frames too narrow for this picture";
    return stacks_.names[nodes_[row].name];
  }

  std::string title_of(std::size_t row) const {
    const FlameSums& sums = nodes_[row].sums;
    if (!stacks_.is_difference)
      return fmt::format("{} ({}, {})", name_of(row), report_.format(sums.value),
                         trimmed_percentage(sums.value, report_.total));
    std::string share = sums.base != 0
                            ? fmt::format("{:+.1f}%", 100 * (double(sums.value) - double(sums.base)) /
                                                          std::abs(double(sums.base)))
                            : "new";
    return fmt::format("{} ({} \u2192 {}, {}, {})", name_of(row), report_.format(sums.base),
                       report_.format(sums.value),
                       report_.format(wrap_add(sums.value, wrap_negate(sums.base))), share);
  }

  void print_frame(std::size_t row) {
    const FlameNode& node = nodes_[row];
    if (width_[row] < kNarrowest) return;
    bool small = node.name == FlameNode::kSmall;
    std::string fill = stacks_.is_difference ? change_colour(node.sums)
                       : small               ? "#dde0e5"
                                             : package_colour(stacks_.names[node.name]);
    double y = top_ + node.depth * kRow;
    out_.print(
        "<g><title>{}</title><rect x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:g}\" "
        "fill=\"{}\"/>",
        escape_html(title_of(row)), left_[row], y, width_[row], kRow - 1, fill);
    std::string text = row == 0 ? report_.sample_type : std::string(short_name(name_of(row)));
    text = small && row > 0 ? "" : cut(escape_terminal(text), width_[row] - 6);
    if (!text.empty())
      out_.print("<text x=\"{:.2f}\" y=\"{:.1f}\">{}</text>", left_[row] + 3, y + kRow * 0.7,
                 escape_html(text));
    out_.put("</g>\n");
  }

  ProfileReport& report_;
  std::vector<std::string> heading_;
  StackRows stacks_;
  std::vector<FlameNode> nodes_;
  std::vector<double> left_, width_;
  double top_ = 0;
  Out& out_;
};

}  // namespace

void print_flame_svg(ProfileReport& report, Out& out) { FlamePicture(report, out).run(); }

}  // namespace memsnap
