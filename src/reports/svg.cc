// -svg: the picture that -dot describes, drawn by us.
#include "reports/dot.h"
#include "reports/layout.h"
#include "reports/page_files.h"
#include "reports/text_width.h"

#include "base/text.h"
#include "profile/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr double kLine = 1.16;  // height of a line, in sizes of its font
constexpr double kMargin = 8, kEdgeFont = 11, kTagFont = 10, kLegendFont = 13;

// Pieces of a name put together in lines that are not wider than `most`, or than a piece.
std::vector<std::string> fill_lines(const std::vector<std::string>& pieces, double font, double most) {
  std::vector<std::string> lines;
  for (const std::string& piece : pieces) most = std::max(most, text_width(piece, font));
  for (const std::string& piece : pieces) {
    if (!lines.empty() && text_width(lines.back() + piece, font) <= most)
      lines.back() += piece;
    else
      lines.push_back(piece);
  }
  return lines;
}

// Cut behind its dots and double colons; "[...]" is one sign.
std::vector<std::string> name_pieces(std::string name) {
  constexpr std::string_view kShort = "[...]";
  for (std::size_t at = 0; (at = name.find(kShort, at)) != name.npos;) name.replace(at, kShort.size(), "[…]");
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    bool last = i + 1 == name.size();
    pieces.back() += name[i];
    if (name.compare(i, 2, "::") == 0) {
      pieces.back() += name[++i];
      last = i + 1 == name.size();
    } else if (name[i] != '.') {
      continue;
    }
    if (!last) pieces.emplace_back();
  }
  return pieces;
}

struct Box {
  std::string id, title, fill, stroke;
  std::vector<std::string> lines;
  double font = kTagFont;
  bool is_tag = false;
  double width = 0, height = 0;
};

struct Arrow {
  std::uint32_t from = 0, to = 0;  // boxes
  std::string title, colour;
  std::vector<std::string> label;
  double width = 1;
  bool dotted = false;
  int weight = 1, span = 1;
};

// The boxes and arrows of a graph, in the order of -dot.
class SvgParts {
 public:
  SvgParts(const ProfileReport& report, const CallGraph& graph) : report_(report), graph_(graph) {
    std::int64_t largest = largest_flat(graph);
    box_of_.assign(graph.nodes.size(), 0);
    has_tags_.assign(graph.nodes.size(), false);
    for (std::size_t i = 0; i < graph.shown.size(); ++i) {
      std::uint32_t row = graph.shown[i];
      box_of_[row] = std::uint32_t(boxes.size());
      add_node(row, fmt::format("node{}", i + 1), largest);
      add_tags(row, fmt::format("N{}", i + 1));
    }
    if (!graph.shown.empty())
      for (std::uint32_t row : shown_edges(report, graph)) add_edge(graph.edges[row]);
  }

  std::vector<Box> boxes;
  std::vector<Arrow> arrows;

 private:
  std::string name_of(std::uint32_t row) const {
    return printable_name(report_.profile, graph_.nodes[row].info);
  }

  void add_node(std::uint32_t row, std::string id, std::int64_t largest) {
    const GraphNode& node = graph_.nodes[row];
    double share = double(node.cum_value()) / double(magnitude(report_.total));
    Box box{.id = std::move(id),
            .title = fmt::format("{} ({})", name_of(row), report_.format(node.cum_value())),
            .fill = share_colour(share, true),
            .stroke = share_colour(share, false),
            .lines = {},
            .font = 1.25 * node_font_size(node.flat_value(), largest)};
    std::vector<std::string> values = split(node_value_text(report_, node, "\n"));
    double most = 0;
    for (const std::string& value : values) most = std::max(most, text_width(value, box.font));
    std::vector<std::string> lines = node_lines(report_, node.info);
    std::size_t name_at = node.info.address != 0 ? 1 : 0;  // behind the address, when there is one
    for (std::size_t i = 0; i < lines.size(); ++i) {
      bool is_name = node.info.name != StringId{} && i == name_at;
      for (std::string& line :
           is_name ? fill_lines(name_pieces(lines[i]), box.font, most) : std::vector<std::string>{lines[i]})
        box.lines.push_back(std::move(line));
    }
    box.lines.insert(box.lines.end(), values.begin(), values.end());
    add_box(std::move(box));
  }

  static std::vector<std::string> split(const std::string& text, std::string_view by = "\n") {
    std::vector<std::string> lines;
    for (std::size_t from = 0; from <= text.size();) {
      std::size_t end = std::min(text.find(by, from), text.size());
      lines.push_back(text.substr(from, end - from));
      from = end + by.size();
    }
    return lines;
  }

  void add_box(Box box) {
    for (const std::string& line : box.lines) box.width = std::max(box.width, text_width(line, box.font));
    double margin = box.is_tag ? 6 : 5 + box.font * 0.4;
    box.width += 2 * margin;
    box.height = double(box.lines.size()) * box.font * kLine + margin;
    boxes.push_back(std::move(box));
  }

  // A box for a label with its arrow; its number.
  std::uint32_t add_tag(std::uint32_t from, std::string id, const TagBox& tag) {
    std::string weight = report_.format(tag.weight);
    std::uint32_t box = std::uint32_t(boxes.size());
    add_box({.id = std::move(id),
             .title = weight,
             .fill = {},
             .stroke = {},
             .lines = split(tag.name, "\\n"),
             .is_tag = true});
    arrows.push_back({.from = from,
                      .to = box,
                      .title = weight,
                      .colour = "#777",
                      .label = {weight},
                      .dotted = tag.dotted,
                      .weight = 100});
    return box;
  }
  bool add_numbers(std::uint32_t from, const std::string& id, const std::vector<TagBox>& tags) {
    bool any = false;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (tags[i].weight == 0) continue;
      add_tag(from, fmt::format("N{}_{}", id, i), tags[i]);
      any = true;
    }
    return any;
  }
  void add_tags(std::uint32_t row, const std::string& id) {
    std::vector<TagBox> tags = tag_boxes(graph_, graph_.nodes[row]);
    bool any = false;
    for (std::size_t i = 0; i + 1 < tags.size(); ++i) {
      if (tags[i].weight == 0) continue;
      std::string own = fmt::format("{}_{}", id, i);
      std::uint32_t box = add_tag(box_of_[row], own, tags[i]);
      add_numbers(box, own, tags[i].below);
      any = true;
    }
    any |= add_numbers(box_of_[row], id, tags.back().below);
    has_tags_[row] = any;
  }

  void add_edge(const GraphEdge& edge) {
    std::string weight = report_.format(edge.value());
    double share = double(edge.value()) / double(magnitude(report_.total));
    Arrow arrow{.from = box_of_[edge.source],
                .to = box_of_[edge.target],
                .title = fmt::format("{} {} {} ({})", name_of(edge.source), edge.residual ? "..." : "->",
                                     name_of(edge.target), weight),
                .colour = report_.total == 0 ? std::string("#000") : share_colour(share, false),
                .label = {weight},
                .width = double(edge_strength(report_, edge, 5)),
                .dotted = edge.residual,
                .weight = std::max(1, edge_strength(report_, edge, 100)),
                .span = has_tags_[edge.source] ? 2 : 1};
    if (edge.inlined) arrow.label.emplace_back("(inline)");
    arrows.push_back(std::move(arrow));
  }

  const ProfileReport& report_;
  const CallGraph& graph_;
  std::vector<std::uint32_t> box_of_;
  std::vector<bool> has_tags_;
};

class SvgWriter {
 public:
  SvgWriter(const ProfileReport& report, const CallGraph& graph, Out& out)
      : report_(report), parts_(report, graph), out_(out) {
    for (const std::string& label : report_labels(report, graph, true)) add_legend(label);
  }

  void run() {
    std::vector<LayoutNode> nodes;
    std::vector<LayoutEdge> edges;
    for (const Box& box : parts_.boxes) nodes.push_back({box.width, box.height});
    for (const Arrow& arrow : parts_.arrows) {
      LayoutEdge edge{.from = arrow.from, .to = arrow.to, .weight = arrow.weight, .span = arrow.span};
      for (const std::string& line : arrow.label)
        edge.label_width = std::max(edge.label_width, text_width(line, kEdgeFont));
      edge.label_height = double(arrow.label.size()) * kEdgeFont * kLine;
      edges.push_back(edge);
    }
    layout_ = lay_out(nodes, edges);
    place_legend();
    print_head();
    for (std::size_t i = 0; i < parts_.arrows.size(); ++i) print_arrow(i);
    for (std::size_t i = 0; i < parts_.boxes.size(); ++i) print_box(i);
    print_legend();
    out_.print("<script type=\"text/javascript\"><![CDATA[\n{}]]></script>\n</svg>\n",
               page_file(kGraphFiles, "graph.js"));
  }

 private:
  void add_legend(const std::string& label) {
    for (std::size_t from = 0; from <= label.size();) {
      std::size_t end = std::min(label.find('\n', from), label.size());
      legend_.push_back(label.substr(from, end - from));
      from = end + 1;
      legend_width_ = std::max(legend_width_, text_width(legend_.back(), kLegendFont) + 2 * kMargin);
    }
    legend_height_ = double(legend_.size()) * kLegendFont * kLine + kMargin;
  }

  bool is_free(double left, double top, double right, double bottom) const {
    auto meets = [&](double x0, double y0, double x1, double y1) {
      return x0 < right && x1 > left && y0 < bottom && y1 > top;
    };
    for (std::size_t i = 0; i < layout_.nodes.size(); ++i) {
      auto [x, y] = layout_.nodes[i];
      const Box& box = parts_.boxes[i];
      if (meets(x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2)) return false;
    }
    for (std::size_t i = 0; i < layout_.edges.size(); ++i) {
      const LayoutRoute& route = layout_.edges[i];
      for (std::size_t p = 0; p + 3 < route.points.size(); p += 3) {
        LayoutPoint from = route.points[p], to = route.points[p + 3];
        if (meets(std::min(from.x, to.x), std::min(from.y, to.y), std::max(from.x, to.x),
                  std::max(from.y, to.y)))
          return false;
      }
      for (const std::string& line : parts_.arrows[i].label)
        if (meets(route.label.x, route.label.y - 12, route.label.x + text_width(line, kEdgeFont),
                  route.label.y + 12))
          return false;
    }
    return true;
  }

  // In a corner when there is room, else above.
  void place_legend() {
    double width = legend_width_ + 2 * kMargin, height = legend_height_ + 2 * kMargin;
    full_width_ = layout_.width;
    full_height_ = layout_.height;
    if (is_free(-1, -1, width, height)) {
      legend_x_ = 0;
    } else if (is_free(layout_.width - width, -1, layout_.width + 1, height)) {
      legend_x_ = layout_.width - legend_width_;
    } else if (layout_.height > layout_.width && layout_.height > height) {
      offset_x_ = place_beside(height);
      full_width_ += offset_x_;
    } else {
      offset_y_ = height;
      full_height_ += height;
    }
    full_width_ = std::max(full_width_, legend_x_ + legend_width_);
    full_height_ = std::max(full_height_, legend_height_);
  }
  // How far a high picture has to go to the right for a legend in its corner.
  double place_beside(double height) const {
    double width = legend_width_ + 2 * kMargin, low = 0, high = width;
    for (int i = 0; i < 8; ++i) {
      double middle = (low + high) / 2;
      (is_free(-1, -1, width - middle, height) ? high : low) = middle;
    }
    return high;
  }

  void print_head() {
    double width = std::ceil(full_width_ + 2 * kMargin), height = std::ceil(full_height_ + 2 * kMargin);
    out_.put("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n");
    out_.print(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\">\n",
        width, height);
    out_.print("<title>{}</title>\n<style>\n{}</style>\n",
               escape_html(report_.title.empty() ? "unnamed" : report_.title),
               page_file(kGraphFiles, "graph.css"));
  }

  double x(double at) const { return at + offset_x_ + kMargin; }
  double y(double at) const { return at + offset_y_ + kMargin; }

  // Whatever font there is, lines get the width that was reckoned with.
  void print_lines(const std::vector<std::string>& lines, double left, double middle, double font) {
    double at = middle - (double(lines.size()) / 2 - 0.5) * font * kLine + font * 0.35;
    for (const std::string& line : lines) {
      if (!line.empty())
        out_.print(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" textLength=\"{:.1f}\" "
            "lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
            left, at, text_width(line, font), escape_html(line));
      at += font * kLine;
    }
  }

  void print_box(std::size_t row) {
    const Box& box = parts_.boxes[row];
    LayoutPoint at = layout_.nodes[row];
    std::string look = box.is_tag ? "" : fmt::format(" fill=\"{}\" stroke=\"{}\"", box.fill, box.stroke);
    out_.print("<g class=\"{}\" id=\"{}\" font-size=\"{:g}\">\n<title>{}</title>\n",
               box.is_tag ? "tag" : "node", box.id, box.font, escape_html(box.title));
    out_.print("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"{}{}/>\n",
               x(at.x - box.width / 2), y(at.y - box.height / 2), box.width, box.height, look,
               box.is_tag ? " rx=\"4\"" : "");
    print_lines(box.lines, x(at.x), y(at.y), box.font);
    out_.put("</g>\n");
  }

  // The way of the arrow up to its head, which lies in the direction it comes from.
  void print_arrow(std::size_t row) {
    const Arrow& arrow = parts_.arrows[row];
    std::vector<LayoutPoint> points = layout_.edges[row].points;
    if (points.empty()) return;
    out_.print("<g class=\"edge\" data-from=\"{}\" data-to=\"{}\">\n<title>{}</title>\n",
               parts_.boxes[arrow.from].id, parts_.boxes[arrow.to].id, escape_html(arrow.title));
    LayoutPoint tip = points.back(), before = points[points.size() - 2];
    double dx = tip.x - before.x, dy = tip.y - before.y, far = std::max(std::hypot(dx, dy), 1e-9);
    dx /= far, dy /= far;
    double length = 7 + arrow.width * 1.5, half = 2.6 + arrow.width * 0.75;
    LayoutPoint foot{tip.x - dx * length, tip.y - dy * length};
    far = std::max(far, length + 1);
    points[points.size() - 2] = {tip.x - dx * far, tip.y - dy * far};
    points.back() = foot;
    std::string way = fmt::format("M{:.1f},{:.1f}", x(points[0].x), y(points[0].y));
    for (std::size_t i = 1; i < points.size(); ++i)
      way += fmt::format("{}{:.1f},{:.1f}", i % 3 == 1 ? "C" : " ", x(points[i].x), y(points[i].y));
    out_.print("<path d=\"{}\" stroke=\"{}\" stroke-width=\"{:g}\"{}/>\n", way, arrow.colour, arrow.width,
               arrow.dotted ? " class=\"dotted\"" : "");
    out_.print("<polygon points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" fill=\"{}\"/>\n", x(tip.x),
               y(tip.y), x(foot.x - dy * half), y(foot.y + dx * half), x(foot.x + dy * half),
               y(foot.y - dx * half), arrow.colour);
    LayoutPoint label = layout_.edges[row].label;
    print_lines(arrow.label, x(label.x), y(label.y), kEdgeFont);
    out_.put("</g>\n");
  }

  void print_legend() {
    out_.print("<g class=\"legend\" font-size=\"{:g}\">\n", kLegendFont);
    if (!report_.title.empty()) out_.print("<title>{}</title>\n", escape_html(report_.title));
    out_.print("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", legend_x_ + kMargin,
               kMargin, legend_width_, legend_height_);
    print_lines(legend_, legend_x_ + 2 * kMargin, kMargin + legend_height_ / 2, kLegendFont);
    out_.put("</g>\n");
  }

  const ProfileReport& report_;
  SvgParts parts_;
  Out& out_;
  GraphLayout layout_;
  std::vector<std::string> legend_;
  double legend_width_ = 0, legend_height_ = 0, legend_x_ = 0;
  double offset_x_ = 0, offset_y_ = 0, full_width_ = 0, full_height_ = 0;
};

}  // namespace

void print_svg(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  SvgWriter(report, graph, out).run();
}

}  // namespace memsnap
