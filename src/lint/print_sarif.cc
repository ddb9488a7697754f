// SARIF 2.1.0 (OASIS, 27 March 2020): rules with their words, results with places, paths, fixes and stable
// fingerprints. Columns are counted in code points, as the run says.
#include "base/text.h"
#include "lint/print.h"
#include "render/json_writer.h"

#include <algorithm>
#include <set>

namespace memsnap {
namespace {

// A path as a relative URI reference (RFC 3986): what is not unreserved is written as %41; an absolute path
// gets its scheme.
std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (char c : path) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 std::string_view("-._~/@+").contains(c);
    if (plain)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

// The column in code points of a column in bytes.
int point_column(std::string_view line, int column) {
  std::string_view before = line.substr(0, std::min(std::size_t(std::max(column, 1) - 1), line.size()));
  int points = 1;
  while (!before.empty()) {
    before.remove_prefix(first_code_point(before).bytes);
    ++points;
  }
  return points;
}

class Sarif {
 public:
  Sarif(const LintReport& report, const LineSource& lines, Out& out)
      : report_(report), lines_(lines), json_(out) {}

  void print() {
    std::set<std::string> ids(report_.rules.begin(), report_.rules.end());
    for (const Diagnostic& one : report_.diagnostics) ids.insert(one.rule);
    rules_.assign(ids.begin(), ids.end());
    json_.open_object();
    json_.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_.member("version", "2.1.0");
    json_.key("runs").open_array();
    json_.open_object();
    put_tool();
    json_.member("columnKind", "unicodeCodePoints");
    json_.key("originalUriBaseIds").open_object();
    json_.key("SRCROOT").open_object();
    put_text("description", "the folder that check was run in");
    json_.close_object();
    json_.close_object();
    json_.key("results").open_array();
    for (const Diagnostic& one : report_.diagnostics) put_result(one);
    json_.close_array();
    json_.close_object();
    json_.close_array();
    json_.close_object();
    json_.end();
  }

 private:
  void put_text(std::string_view name, std::string_view text) {
    json_.key(name).open_object();
    json_.member("text", text);
    json_.close_object();
  }

  void put_tool() {
    json_.key("tool").open_object();
    json_.key("driver").open_object();
    json_.member("name", "memsnap");
    json_.key("rules").open_array();
    for (const std::string& rule : rules_) {
      const RuleText* words = rule_text(rule);
      json_.open_object();
      json_.member("id", rule);
      put_text("shortDescription", words ? words->title : rule);
      if (words) {
        put_text("fullDescription", folded(words->why));
        put_text("help", words->fix);
      }
      json_.close_object();
    }
    json_.close_array();
    json_.close_object();
    json_.close_object();
  }

  void put_file(const std::string& file) {
    json_.key("artifactLocation").open_object();
    json_.member("uri", uri_of(file));
    if (!file.starts_with('/')) json_.member("uriBaseId", "SRCROOT");
    json_.close_object();
  }

  void put_place(const Span& at) {
    json_.key("physicalLocation").open_object();
    put_file(at.file);
    json_.key("region").open_object();
    json_.member("startLine", at.line);
    json_.member("startColumn", point_column(lines_(at.file, at.line), at.column));
    json_.member("endLine", at.end_line);
    json_.member("endColumn", point_column(lines_(at.file, at.end_line), at.end_column));
    json_.close_object();
    json_.close_object();
  }

  void put_location(const Span& at, const std::string& message, int id = -1) {
    json_.open_object();
    if (id >= 0) json_.member("id", id);
    put_place(at);
    if (!message.empty()) put_text("message", message);
    json_.close_object();
  }

  void put_path(const Diagnostic& one) {
    json_.key("codeFlows").open_array();
    json_.open_object();
    json_.key("threadFlows").open_array();
    json_.open_object();
    json_.key("locations").open_array();
    auto step = [&](const Span& at, const std::string& message) {
      json_.open_object();
      json_.key("location");
      put_location(at, message);
      json_.close_object();
    };
    for (const Related& other : one.related) step(other.at, other.words);
    step(one.at, one.message);
    json_.close_array();
    json_.close_object();
    json_.close_array();
    json_.close_object();
    json_.close_array();
  }

  void put_fixes(const Diagnostic& one) {
    json_.key("fixes").open_array();
    json_.open_object();
    put_text("description", fix_text(one));
    json_.key("artifactChanges").open_array();
    std::vector<std::string> files;
    for (const Edit& edit : one.edits)
      if (std::ranges::find(files, edit.file) == files.end()) files.push_back(edit.file);
    for (const std::string& file : files) {
      json_.open_object();
      put_file(file);
      json_.key("replacements").open_array();
      for (const Edit& edit : one.edits) {
        if (edit.file != file) continue;
        json_.open_object();
        json_.key("deletedRegion").open_object();
        json_.member("byteOffset", edit.from);
        json_.member("byteLength", edit.to - edit.from);
        json_.close_object();
        put_text("insertedContent", edit.text);
        json_.close_object();
      }
      json_.close_array();
      json_.close_object();
    }
    json_.close_array();
    json_.close_object();
    json_.close_array();
  }

  void put_result(const Diagnostic& one) {
    json_.open_object();
    json_.member("ruleId", one.rule);
    auto rule = std::ranges::lower_bound(rules_, one.rule);
    json_.member("ruleIndex", std::uint64_t(rule - rules_.begin()));
    json_.member("level", level_word(one.severity));
    put_text("message", one.message);
    json_.key("locations").open_array();
    json_.open_object();
    put_place(one.at);
    if (!one.function.empty()) {
      json_.key("logicalLocations").open_array();
      json_.open_object();
      json_.member("fullyQualifiedName", one.function);
      json_.member("kind", "function");
      json_.close_object();
      json_.close_array();
    }
    json_.close_object();
    json_.close_array();
    if (!one.related.empty()) {
      json_.key("relatedLocations").open_array();
      for (std::size_t i = 0; i < one.related.size(); ++i)
        put_location(one.related[i].at, one.related[i].words, int(i));
      json_.close_array();
    }
    if (one.related_is_path) put_path(one);
    if (!one.edits.empty()) put_fixes(one);
    json_.key("partialFingerprints").open_object();
    json_.member("memsnap/v1", one.fingerprint);
    json_.close_object();
    if (one.live) {
      json_.key("properties").open_object();
      json_.member("liveBytes", std::uint64_t(one.live->bytes));
      json_.member("liveObjects", std::uint64_t(one.live->objects + 0.5));
      json_.close_object();
    }
    json_.close_object();
  }

  const LintReport& report_;
  const LineSource& lines_;
  JsonWriter json_;
  std::vector<std::string> rules_;
};

}  // namespace

void print_sarif(const LintReport& report, const LineSource& lines, Out& out) {
  Sarif(report, lines, out).print();
}

}  // namespace memsnap
