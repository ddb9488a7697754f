// The picture against -dot of the same profile: the same boxes, arrows and values.
#include "reports/recorded.h"

#include "render/golden_test.h"

#include <cstdlib>
#include <ctime>
#include <map>
#include <sstream>

namespace memsnap {
namespace {

struct Parts {
  std::map<std::string, std::string> boxes;                                // by id: the tooltip
  std::multimap<std::pair<std::string, std::string>, std::string> arrows;  // tooltip, value, look
  std::map<std::string, std::string> labels;                               // by id: all its text
  bool operator==(const Parts&) const = default;
};

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// What stands between `from` and the next `to`, behind `at`, which moves there.
std::string between(const std::string& text, std::string_view from, std::string_view to, std::size_t& at) {
  std::size_t begin = text.find(from, at);
  if (begin == text.npos) return at = text.npos, "";
  begin += from.size();
  std::size_t end = text.find(to, begin);
  at = end;
  return text.substr(begin, end - begin);
}

// A quoted value of DOT, without its escapes; lines have no ends.
std::string dot_value(const std::string& line, const std::string& key) {
  std::size_t at = line.find(key + "\"");
  if (at == line.npos) return "";
  std::string value;
  for (at += key.size() + 1; line[at] != '"'; ++at) {
    if (line[at] != '\\') {
      value += line[at];
      continue;
    }
    ++at;
    if (line[at] != 'n' && line[at] != 'l') value += line[at];
  }
  return value;
}

std::string without(std::string text, std::string_view signs) {
  std::erase_if(text, [&](char c) { return signs.find(c) != signs.npos; });
  return text;
}

Parts parts_of_dot(const std::string& text) {
  Parts parts;
  std::istringstream lines(text);
  auto id_of = [](const std::string& name) {
    return name.find('_') == name.npos ? "node" + name.substr(1) : name;
  };
  for (std::string line; std::getline(lines, line);) {
    if (line[0] != 'N') continue;
    std::string name = line.substr(0, line.find(' '));
    if (line.find(" -> ") == line.npos) {
      parts.boxes[id_of(name)] = dot_value(line, "tooltip=");
      bool is_tag = name.find('_') != name.npos;
      parts.labels[id_of(name)] = without(dot_value(line, is_tag ? "label = " : "[label="), ".:");
      continue;
    }
    std::size_t at = line.find(" -> ") + 4;
    std::string to = line.substr(at, line.find(' ', at) - at);
    std::string look = line.find("style=\"dotted\"") != line.npos ? " dotted" : "";
    std::string wide = "1";
    if (std::size_t pen = line.find("penwidth="); pen != line.npos) wide = line.substr(pen + 9, 1);
    std::string colour = dot_value(line, " color=");
    parts.arrows.emplace(std::pair(id_of(name), id_of(to)),
                         dot_value(line, " tooltip=") + "|" + without(dot_value(line, "[label="), " ") + "|" +
                             wide + look + (colour.empty() ? "" : " " + colour));
  }
  return parts;
}

std::string plain(std::string text) {
  for (auto [from, to] :
       {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
    text = replace_all(text, from, to);
  return text;
}

std::string all_text(const std::string& group) {
  std::string text;
  for (std::size_t at = 0; (at = group.find("<text ", at)) != group.npos;)
    text += between(group, ">", "</text>", at);
  return plain(text);
}

Parts parts_of_svg(const std::string& text) {
  Parts parts;
  for (std::size_t at = 0; (at = text.find("<g class=\"", at)) != text.npos;) {
    std::size_t end = text.find("</g>", at), in = 0;
    std::string group = text.substr(at, end - at);
    at = end;
    std::string kind = between(group, "class=\"", "\"", in);
    if (kind == "node" || kind == "tag") {
      std::string id = between(group, "id=\"", "\"", in);
      parts.boxes[id] = plain(between(group, "<title>", "</title>", in));
      parts.labels[id] = without(all_text(group), ".:");
    } else if (kind == "edge") {
      std::string from = between(group, "data-from=\"", "\"", in),
                  to = between(group, "data-to=\"", "\"", in);
      std::string title = plain(between(group, "<title>", "</title>", in));
      std::string colour = between(group, "stroke=\"", "\"", in),
                  wide = between(group, "stroke-width=\"", "\"", in);
      std::string look = group.find("class=\"dotted\"") != group.npos ? " dotted" : "";
      // What DOT leaves to its standard colour.
      parts.arrows.emplace(std::pair(from, to), title + "|" + without(all_text(group), " ") + "|" + wide +
                                                    look + (colour == "#777" ? "" : " " + colour));
    }
  }
  return parts;
}

void expect_same(const std::string& name, ReportRequest request) {
  SCOPED_TRACE(name);
  request.kind = ReportKind::kDot;
  Parts dot = parts_of_dot(report_text(recorded(name), request));
  request.kind = ReportKind::kSvg;
  Parts svg = parts_of_svg(report_text(recorded(name), request));
  EXPECT_EQ(svg.boxes, dot.boxes);
  EXPECT_EQ(svg.arrows, dot.arrows);
  EXPECT_EQ(svg.labels, dot.labels);
  EXPECT_FALSE(svg.boxes.empty());
}

TEST(Svg, HasTheBoxesArrowsAndValuesOfDot) {
  for (const std::string& name : kRecorded) expect_same(name, {});
}

TEST(Svg, HasThemWithOtherSettings) {
  ReportRequest request;
  request.config.granularity = "lines";
  expect_same("caddy.heap", request);
  request.config.granularity = "addresses";
  expect_same("prometheus.cpu", request);
  request.config.granularity = "functions";
  request.config.call_tree = true;
  expect_same("caddy.cpu", request);
  request.config.call_tree = false;
  request.config.trim = false;
  expect_same("prometheus.heap", request);
}

TEST(Svg, NamesAreEscaped) {
  Profile profile = tiny_profile({{"<script>alert(1)</script>;\"&]]>\x1b", 3}, {"a\xff", 2}});
  std::string text = report_text(std::move(profile), {.kind = ReportKind::kSvg});
  EXPECT_EQ(text.find("<script>alert"), text.npos);
  EXPECT_NE(text.find("&lt;script&gt;alert(1)"), text.npos);
  EXPECT_NE(text.find("a\\xff"), text.npos);
  EXPECT_EQ(text.find('\x1b'), text.npos);
  // The script's CDATA ends once.
  std::size_t end = text.find("]]>");
  EXPECT_EQ(text.find("]]>", end + 1), text.npos);
}

TEST(Svg, AnEmptyProfileIsALegend) {
  std::string text = report_text(tiny_profile({}), {.kind = ReportKind::kSvg});
  EXPECT_NE(text.find("class=\"legend\""), text.npos);
  EXPECT_EQ(text.find("class=\"node\""), text.npos);
}

TEST(Svg, Golden) {
  setenv("TZ", "UTC", 1);
  tzset();
  std::string text = report_text(recorded("etcd.threadcreate"), {.kind = ReportKind::kSvg});
  for (const char* part : {"style", "script"}) {
    std::size_t from = text.find(std::string("<") + part), to = text.find(std::string("</") + part);
    text.erase(from, to - from);
  }
  expect_golden("pprof/etcd.threadcreate.svg", text);
}

}  // namespace
}  // namespace memsnap
