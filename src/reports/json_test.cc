// The JSON reports against a plain count over what -raw prints as JSON, and against the text reports.
#include "reports/recorded.h"

#include "profile/regex.h"
#include "render/golden_test.h"
#include "render/json_value.h"

#include <map>
#include <set>
#include <sstream>

namespace memsnap {
namespace {

JsonValue json_of(const std::string& name, ReportRequest request) {
  request.json = true;
  request.config.sample_index = "0";
  auto value = read_json(report_text(recorded(name), request));
  EXPECT_TRUE(value) << name << ": " << (value ? "" : value.error().what);
  return value ? std::move(*value) : JsonValue();
}

const JsonValue::Array& rows(const JsonValue& of, const char* member) {
  static const JsonValue::Array none;
  const JsonValue* value = of.member(member);
  EXPECT_TRUE(value && value->array()) << member;
  return value && value->array() ? *value->array() : none;
}
double number(const JsonValue& of, const char* member) {
  const JsonValue* value = of.member(member);
  EXPECT_TRUE(value && value->number()) << member;
  return value && value->number() ? *value->number() : 0;
}
std::string text(const JsonValue& of, const char* member) {
  const JsonValue* value = of.member(member);
  EXPECT_TRUE(value && value->text()) << member;
  return value && value->text() ? *value->text() : "";
}

struct Sums {
  double flat = 0, cum = 0;
  bool operator==(const Sums&) const = default;
};

// What each function costs, from the tables alone.
std::map<std::string, Sums> count(const JsonValue& raw) {
  std::map<double, std::string> functions;
  std::map<double, std::vector<std::string>> locations;
  for (const JsonValue& row : rows(raw, "functions")) functions[number(row, "id")] = text(row, "name");
  for (auto& [id, name] : functions)
    if (name.empty()) name = "<unknown>";
  for (const JsonValue& row : rows(raw, "locations"))
    for (const JsonValue& line : rows(row, "lines"))
      locations[number(row, "id")].push_back(functions[number(line, "function")]);
  std::map<std::string, Sums> sums;
  for (const JsonValue& sample : rows(raw, "samples")) {
    double value = *rows(sample, "values")[0].number();
    if (value == 0) continue;
    std::vector<std::string> stack;
    for (const JsonValue& id : rows(sample, "locations"))
      for (const std::string& name : locations[*id.number()]) stack.push_back(name);
    if (stack.empty()) continue;
    sums[stack[0]].flat += value;
    for (const std::string& name : std::set<std::string>(stack.begin(), stack.end())) sums[name].cum += value;
  }
  return sums;
}

TEST(PprofJson, TopIsAPlainCountOverTheTables) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    std::map<std::string, Sums> truth = count(json_of(name, {.kind = ReportKind::kRaw}));
    ReportRequest request{.kind = ReportKind::kTop};
    request.config.trim = false;
    JsonValue top = json_of(name, request);
    double total = 0;
    std::size_t named = 0;
    for (const JsonValue& row : rows(top, "rows")) {
      auto at = truth.find(text(row, "name"));
      total += number(row, "flat");
      if (at == truth.end()) continue;
      ++named;
      EXPECT_EQ((Sums{number(row, "flat"), number(row, "cum")}), at->second) << at->first;
    }
    EXPECT_EQ(named, truth.size());
    EXPECT_EQ(total, number(*top.member("nodes"), "shown_flat"));
    EXPECT_EQ(text(top, "schema"), "memsnap.pprof.top/1");
  }
}

// Rows of text and of JSON name the same functions in the same order.
TEST(PprofJson, TopHasTheRowsOfTheText) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    ReportRequest request{.kind = ReportKind::kTop};
    request.config.sort = "cum";
    request.config.sample_index = "0";
    std::istringstream lines(report_text(recorded(name), request));
    JsonValue top = json_of(name, request);
    std::string line;
    while (std::getline(lines, line) && !line.ends_with("cum%")) {
    }
    for (const JsonValue& row : rows(top, "rows")) {
      ASSERT_TRUE(std::getline(lines, line));
      EXPECT_NE(line.find("  " + text(row, "name")), line.npos) << line;
      EXPECT_EQ(line.ends_with("(inline)"), text(row, "inlined") == "all") << line;
      EXPECT_EQ(line.ends_with("(partial-inline)"), text(row, "inlined") == "some") << line;
    }
    EXPECT_FALSE(std::getline(lines, line)) << line;
  }
}

// An edge is told twice, by the caller and by the callee, and once in the graph.
TEST(PprofJson, TreeAndGraphHaveTheSameEdges) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    ReportRequest request{.kind = ReportKind::kTree};
    request.config.trim = false;
    JsonValue tree = json_of(name, request);
    std::multiset<std::tuple<std::string, std::string, double>> down, up, drawn;
    for (const JsonValue& row : rows(tree, "rows")) {
      for (const JsonValue& edge : rows(row, "callees"))
        down.emplace(text(row, "name"), text(edge, "name"), number(edge, "value"));
      for (const JsonValue& edge : rows(row, "callers"))
        up.emplace(text(edge, "name"), text(row, "name"), number(edge, "value"));
    }
    request.kind = ReportKind::kDot;
    JsonValue graph = json_of(name, request);
    const JsonValue::Array& nodes = rows(graph, "rows");
    for (const JsonValue& edge : rows(graph, "edges"))
      drawn.emplace(text(nodes.at(std::size_t(number(edge, "from"))), "name"),
                    text(nodes.at(std::size_t(number(edge, "to"))), "name"), number(edge, "value"));
    EXPECT_EQ(down, up);
    EXPECT_EQ(down, drawn);
  }
}

TEST(PprofJson, TracesAddUpToTheTotalAndTagsToo) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    JsonValue traces = json_of(name, {.kind = ReportKind::kTraces});
    double sum = 0;
    std::map<std::string, double> keys;
    for (const JsonValue& trace : rows(traces, "traces")) {
      sum += number(trace, "value");
      for (const JsonValue& frame : rows(trace, "stack"))
        EXPECT_LT(*frame.number(), double(rows(traces, "frames").size()));
      if (!trace.member("labels")) continue;
      for (const JsonValue& label : rows(trace, "labels")) keys[text(label, "key")] += number(trace, "value");
    }
    double truth = 0;  // what has no stack is no trace
    for (const auto& [function, sums] : count(json_of(name, {.kind = ReportKind::kRaw}))) truth += sums.flat;
    EXPECT_EQ(sum, truth);
    JsonValue tags = json_of(name, {.kind = ReportKind::kTags});
    for (const JsonValue& key : rows(tags, "tags")) {
      EXPECT_EQ(number(key, "total"), keys[text(key, "key")]);
      keys.erase(text(key, "key"));
      double values = 0;
      for (const JsonValue& value : rows(key, "values")) values += number(value, "sum");
      EXPECT_EQ(values, number(key, "total"));
    }
    EXPECT_TRUE(keys.empty());
  }
}

TEST(PprofJson, ListHasTheLinesOfAFunctionWithoutItsSource) {
  ReportRequest request{.kind = ReportKind::kList, .symbol = "^runtime\\.mallocgc$", .has_symbol = true};
  JsonValue list = json_of("caddy.cpu", request);
  const JsonValue::Array& functions = rows(list, "functions");
  ASSERT_EQ(functions.size(), 1u);
  const JsonValue::Array& files = rows(functions[0], "files");
  ASSERT_EQ(files.size(), 1u);
  double flat = 0;
  for (const JsonValue& line : rows(files[0], "lines")) flat += number(line, "flat");
  EXPECT_EQ(flat, number(files[0], "flat"));
}

// A program of one function with three instructions.
struct TinyProgram : BinaryTool {
  Result<void> open(const std::string&) override { return {}; }
  std::optional<CodePlace> place_of(const std::string&, std::uint64_t) override { return std::nullopt; }
  Result<std::vector<BinarySymbol>> symbols(const std::string&, const std::string&, std::uint64_t) override {
    return std::vector<BinarySymbol>{{.names = {"main.work"}, .start = 0x100, .end = 0x10f}};
  }
  Result<std::vector<MachineInstruction>> disassemble(const std::string&, std::uint64_t, std::uint64_t,
                                                      bool) override {
    std::vector<MachineInstruction> rows;
    for (std::uint64_t address : {0x100, 0x104, 0x108})
      rows.push_back(
          {.address = address, .text = "nop", .function = "main.work", .file = "/a.go", .line = 7});
    return rows;
  }
  Result<std::uint64_t> load_bias(const std::string&, const ProfileMapping& mapping) override {
    return mapping.start;
  }
};

TEST(PprofJson, DisasmHasTheInstructionsThatSamplesStandIn) {
  Profile profile = tiny_profile({{"main.work", 3}, {"main.work;main.work", 4}});
  profile.mappings.push_back(
      {.id = 1, .start = 0x4000, .limit = 0x9000, .file = profile.strings.add("/bin/tiny")});
  profile.locations[0].mapping = MappingId(0);
  profile.locations[0].address = 0x4106;  // in the middle of the second
  Out out, err;
  TinyProgram program;
  ReportRequest request{.kind = ReportKind::kDisasm, .symbol = "work", .has_symbol = true, .json = true};
  auto done = generate_report(std::move(profile), request, &program, out, err);
  ASSERT_TRUE(done) << done.error().what;
  auto json = read_json(out.text());
  ASSERT_TRUE(json) << json.error().what << out.text();
  const JsonValue& function = rows(*json, "functions").at(0);
  EXPECT_EQ(text(function, "name"), "main.work");
  EXPECT_EQ(text(function, "program"), "/bin/tiny");
  const JsonValue::Array& instructions = rows(function, "instructions");
  ASSERT_EQ(instructions.size(), 3u);
  EXPECT_EQ(number(instructions[0], "flat"), 0);
  EXPECT_EQ(number(instructions[1], "flat"), 7);
  EXPECT_EQ(text(instructions[1], "address"), "0x104");
}

TEST(PprofJson, Golden) {
  std::pair<const char*, ReportKind> kinds[] = {
      {"top", ReportKind::kTop},          {"tree", ReportKind::kTree}, {"graph", ReportKind::kDot},
      {"traces", ReportKind::kTraces},    {"tags", ReportKind::kTags}, {"raw", ReportKind::kRaw},
      {"comments", ReportKind::kComments}};
  for (const auto& [name, kind] : kinds)
    expect_golden(std::string("pprof/") + name + ".json",
                  report_text(recorded("caddy.threadcreate"), {.kind = kind, .json = true}));
}

TEST(PprofJson, GoldenOfLabels) {
  expect_golden("pprof/labels.json",
                report_text(recorded("nats.heap"), {.kind = ReportKind::kTags, .json = true}));
}

TEST(PprofJson, NamesAreEscapedOnce) {
  std::string text = report_text(tiny_profile({{"a\x1b\"\\<", 1}}), {.kind = ReportKind::kTop, .json = true});
  EXPECT_NE(text.find(R"("name": "a\u001b\"\\<")"), text.npos) << text;
}

}  // namespace
}  // namespace memsnap
