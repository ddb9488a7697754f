// Functions line by line: what each line costs, what it calls, and its text.
#include "profile/regex.h"
#include "profile/units.h"
#include "reports/source_files.h"
#include "serve/frame_tree.h"
#include "serve/json_text.h"
#include "serve/profile_pages.h"

#include <algorithm>
#include <map>
#include <optional>

namespace memsnap {
namespace {

constexpr std::size_t kMostFunctions = 40;
constexpr std::int64_t kMostLines = 4000;  // of one function
constexpr std::int64_t kMargin = 5;        // lines around those that have samples
constexpr std::size_t kMostCalls = 6;      // of one line

struct Line {
  Sides flat, cum;
  std::map<StringId, Sides> calls;  // by the callee's name
};

struct Function {
  StringId name{}, file{};
  Sides flat, cum;  // a stack counted once
  std::int64_t start = 0;
  std::map<std::int64_t, Line> lines;
};

// Sums of the wanted functions of a view of lines.
class Sums {
 public:
  Sums(const ProfileView& view, const Regex& wanted) : view_(view), row_of_(view.frames().size(), kNot) {
    std::map<std::pair<StringId, StringId>, std::uint32_t> known;
    std::map<StringId, bool> fits;
    for (std::uint32_t frame = 0; frame < view.frames().size(); ++frame) {
      const NodeInfo& info = view.frames()[frame].info;
      auto [fit, fresh] = fits.try_emplace(info.name, false);
      if (fresh) fit->second = wanted.matches(view.text(info.name));
      if (!fit->second) continue;
      auto [at, is_new] = known.try_emplace({info.name, info.file}, std::uint32_t(functions_.size()));
      if (is_new) functions_.push_back({.name = info.name, .file = info.file});
      row_of_[frame] = at->second;
      Function& function = functions_[at->second];
      if (info.start_line > 0) function.start = info.start_line;
    }
    seen_.assign(functions_.size(), ~std::size_t(0));
    for (std::size_t row = 0; row < view.stacks(); ++row) add(row);
  }
  std::vector<Function>& functions() { return functions_; }

 private:
  static constexpr std::uint32_t kNot = ~0u;

  void add(std::size_t row) {
    std::span<const std::uint32_t> stack = view_.stack(row);
    Sides value = view_.value(row);
    for (std::size_t i = 0; i < stack.size(); ++i) {
      std::uint32_t at = row_of_[stack[i]];
      if (at == kNot) continue;
      Function& function = functions_[at];
      bool leaf = i + 1 == stack.size();
      if (seen_[at] != row) function.cum = function.cum + value;
      seen_[at] = row;
      if (leaf) function.flat = function.flat + value;
      // A line counts a stack once too, however often a recursion comes by.
      if (std::find(stack.begin(), stack.begin() + std::ptrdiff_t(i), stack[i]) !=
          stack.begin() + std::ptrdiff_t(i))
        continue;
      Line& line = function.lines[view_.frames()[stack[i]].info.line];
      line.cum = line.cum + value;
      if (leaf)
        line.flat = line.flat + value;
      else
        add_call(line, view_.frames()[stack[i + 1]].info.name, value);
    }
    // The leaf line may be one that the recursion was at before.
    if (!stack.empty()) mend_leaf(stack, value);
  }
  void mend_leaf(std::span<const std::uint32_t> stack, Sides value) {
    std::uint32_t leaf = stack.back();
    if (row_of_[leaf] == kNot) return;
    if (std::find(stack.begin(), stack.end() - 1, leaf) == stack.end() - 1) return;
    Line& line = functions_[row_of_[leaf]].lines[view_.frames()[leaf].info.line];
    line.flat = line.flat + value;
  }
  static void add_call(Line& line, StringId callee, Sides value) {
    Sides& sum = line.calls[callee];
    sum = sum + value;
  }

  const ProfileView& view_;
  std::vector<std::uint32_t> row_of_;  // of frames: the function, kNot when it is not wanted
  std::vector<Function> functions_;
  std::vector<std::size_t> seen_;
};

void write_line(JsonText& json, const ProfileView& view, std::int64_t number, const Line* line,
                const std::string& text) {
  json.open('{').member("n", number).member("text", text);
  if (line) {
    json.sides("flat", "base_flat", line->flat).sides("cum", "base_cum", line->cum);
    std::vector<std::pair<StringId, Sides>> calls(line->calls.begin(), line->calls.end());
    std::ranges::stable_sort(
        calls, [](const auto& a, const auto& b) { return a.second.weight() > b.second.weight(); });
    calls.resize(std::min(calls.size(), kMostCalls));
    json.key("calls").open('[');
    for (const auto& [name, value] : calls)
      json.open('{').member("name", view.text(name)).sides("value", "base", value).close('}');
    json.close(']');
  }
  json.close('}');
}

void write_function(JsonText& json, const ProfileView& view, Function& function, SourceFiles& files) {
  std::string file(view.text(function.file));
  json.open('{').member("name", view.text(function.name)).member("file", file);
  json.sides("flat", "base_flat", function.flat).sides("cum", "base_cum", function.cum);
  std::string error = file.empty() ? "the profile does not name its file" : files.error(file);
  json.member("error", error).key("lines").open('[');
  std::int64_t first = function.lines.begin()->first, last = function.lines.rbegin()->first;
  if (function.start > 0) first = std::min(first, function.start);
  first = std::max<std::int64_t>(1, wrap_add(first, function.start > 0 ? 0 : -kMargin));
  last = std::min(wrap_add(last, kMargin), wrap_add(first, kMostLines));
  if (!error.empty()) {
    for (const auto& [number, line] : function.lines) write_line(json, view, number, &line, "");
  } else {
    for (std::int64_t number = first; number <= last; ++number) {
      const std::string* text = files.line(file, number);
      if (!text) break;
      auto line = function.lines.find(number);
      write_line(json, view, number, line == function.lines.end() ? nullptr : &line->second, *text);
    }
  }
  json.close(']').close('}');
}

}  // namespace

Result<std::string> source_json(const ProfileView& view, const Query& query, const PprofConfig& config) {
  Regex wanted = TRY(Regex::compile(query.text("fn")));
  Sums sums(view, wanted);
  std::vector<Function>& functions = sums.functions();
  std::erase_if(functions, [](const Function& function) { return function.lines.empty(); });
  std::ranges::stable_sort(
      functions, [](const Function& a, const Function& b) { return a.cum.weight() > b.cum.weight(); });
  std::size_t all = functions.size();
  functions.resize(std::min(functions.size(), kMostFunctions));
  SourceFiles files(config.source_path, config.trim_path, false);
  JsonText json;
  json.open('{').member("schema", "memsnap.profile-source/1");
  json.member("type", view.type()).member("unit", view.unit()).sides("total", "base_total", view.total());
  json.member("difference", view.difference());
  json.member("ratio", config.divide_by == 0 ? 1.0 : 1 / config.divide_by);
  json.list("remarks", view.remarks(), [](const std::string& remark) { return std::string_view(remark); });
  json.member("functions", all).key("rows").open('[');
  for (Function& function : functions) write_function(json, view, function, files);
  json.close(']').close('}');
  return json.take();
}

}  // namespace memsnap
