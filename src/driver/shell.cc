#include "driver/shell.h"

#include "driver/commands.h"
#include "driver/config_fields.h"
#include "driver/driver.h"
#include "driver/go_text.h"
#include "driver/shell_words.h"
#include "profile/aggregate.h"
#include "profile/label_units.h"
#include "reports/report.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

class Shell {
 public:
  Shell(Profile profile, const PprofConfig& config, const PprofWorld& world)
      : profile_(std::move(profile)), config_(config), world_(world) {
    config_.compact_labels = true;
    for (const ValueType& type : profile_.sample_types) types_.emplace_back(profile_.text(type.type));
    for (const std::string& type : types_) {
      std::string choose = "sample_index=" + type;
      shortcuts_[type] = {choose};
      shortcuts_["total_" + type] = {"mean=0", choose};
      shortcuts_["mean_" + type] = {"mean=1", choose};
    }
  }

  void run() {
    complete_functions();
    greet();
    for (;;) {
      world_.out.flush();
      world_.err.flush();
      std::optional<std::string> line = world_.lines->read("(pprof) ");
      if (!line) return;
      for (const std::string& one : expanded(std::string(go_trim_space(*line))))
        if (!run_line(one)) return;
    }
  }

 private:
  void complete_functions() {
    for (const ProfileFunction& function : profile_.functions)
      functions_.push_back(profile_.text(function.name));
    world_.lines->complete_with([this](const std::string& line) { return complete_line(line, functions_); });
  }

  void greet() {
    for (const std::string& remark : LabelUnits(profile_).remarks(profile_)) world_.say(remark);
    Profile view = profile_.view();
    ReportRequest request{.kind = ReportKind::kTop, .config = config_, .go_compat = world_.go_compat};
    if (auto report = make_report(view, request, config_)) {
      world_.say(fmt::format("{}\n", fmt::join(profile_labels(*report), "\n")));
      if (report->total == 0 && types_.size() > 1) {
        world_.say("No samples were found with the default sample value type.");
        world_.say("Try \"sample_index\" command to analyze different sample values.");
      }
    }
    world_.say("Entering interactive mode (type \"help\" for commands, \"o\" for options)");
  }

  std::vector<std::string> expanded(const std::string& line) const {
    auto shortcut = shortcuts_.find(line);
    return shortcut == shortcuts_.end() ? std::vector<std::string>{line} : shortcut->second;
  }

  // False when that was the last line.
  bool run_line(const std::string& line) {
    Assignment assignment = split_assignment(line);
    if (find_config_field(assignment.name)) {
      if (auto done = assign(std::move(assignment)); !done) world_.say(done.error().what);
      return true;
    }
    std::vector<std::string_view> words = go_fields(line);
    if (words.empty()) return true;
    if (words[0] == "exit" || words[0] == "quit" || words[0] == "q") return false;
    if (words[0] == "o" || words[0] == "options") {
      say_options();
    } else if (words[0] == "help") {
      say_help(fmt::format("{}", fmt::join(words.begin() + 1, words.end(), " ")));
    } else if (auto done = report(words); !done) {
      world_.say(done.error().what);
    }
    return true;
  }

  Result<void> assign(Assignment assignment) {
    if (!assignment.has_value && !is_config_switch(assignment.name))
      return fail(Cause::usage, "please specify a value, e.g. {}=<val>", assignment.name);
    if (assignment.name == "sample_index") {
      if (types_.empty()) return fail(Cause::usage, "invalid sample_index {}", go_quote(assignment.value));
      assignment.value = types_[TRY(sample_index(profile_, assignment.value))];
    }
    return set_config(config_, assignment.name, assignment.value);
  }

  Result<void> report(std::span<const std::string_view> words) {
    ShellCommand command = TRY(parse_shell_command(words, config_, !world_.go_compat));
    return print_report(profile_.view(), *command.command, command.symbol, command.config, world_, true);
  }

  void say_options() const {
    std::vector<std::string> lines;
    for (const ConfigField& field : config_fields()) {
      std::string name = field.name, value = config_value(config_, field), comment;
      if (name == "source_path") continue;
      if (!field.choices.empty()) {
        std::vector<std::string_view> choices(field.choices.begin(), field.choices.end());
        std::ranges::sort(choices);
        comment = fmt::format("[{}]", fmt::join(choices, " | "));
      } else if (name == "sample_index") {
        if (value.empty() && !types_.empty()) value = types_.back();
        comment = fmt::format("[{}]", fmt::join(types_, " | "));
      } else if (name == "nodecount" && value == "-1") {
        comment = "default";
      } else if (value.empty()) {
        value = "\"\"";
      }
      if (name == "granularity" && value.empty()) value = "(default)";
      if (!comment.empty()) comment = "//: " + comment;
      lines.push_back(fmt::format("  {:<25} = {:<20} {}", name, value, comment));
    }
    std::ranges::sort(lines);
    world_.say(fmt::format("{}", fmt::join(lines, "\n")));
  }

  void say_help(const std::string& about) const {
    if (about.empty()) {
      world_.say(pprof_usage(false, !world_.go_compat) +
                 "\n  :   Clear focus/ignore/hide/tagfocus/tagignore\n\n"
                 "  type \"help <cmd|option>\" for more information\n");
    } else if (const PprofCommand* command = find_command(about, !world_.go_compat)) {
      world_.say(command_help(*command));
    } else if (const char* help = config_help(about)) {
      std::string more;
      if (about == "sample_index")
        more = fmt::format("Or use sample_index=name, with name in [{}].\n", fmt::join(types_, " "));
      world_.say(fmt::format("{}{}\n", help, more));
    } else {
      world_.say("Unknown command: " + about);
    }
  }

  Profile profile_;
  PprofConfig config_;
  const PprofWorld& world_;
  std::vector<std::string> types_;
  std::vector<std::string_view> functions_;
  std::map<std::string, std::vector<std::string>> shortcuts_ = {
      {":", {"focus=", "ignore=", "hide=", "tagfocus=", "tagignore="}}};
};

}  // namespace

Result<void> run_shell(Profile profile, const PprofConfig& config, const PprofWorld& world) {
  CHECK(world.lines);
  Shell(std::move(profile), config, world).run();
  return {};
}

}  // namespace memsnap
