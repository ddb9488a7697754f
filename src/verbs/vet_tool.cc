#include "verbs/vet_tool.h"

#include "base/text.h"
#include "os/files.h"
#include "os/folders.h"
#include "render/json_value.h"
#include "verbs/check_cache.h"
#include "verbs/check_tree.h"

#include <algorithm>
#include <set>

namespace memsnap {
namespace {

// The go command keeps results by this line, so it has to change with the program.
int print_version(Io& io) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  if (auto self = MappedFile::open(real_path("/proc/self/exe")))
    for (std::byte byte : self->bytes()) hash = (hash ^ std::uint64_t(byte)) * 0x100000001b3ull;
  io.out.print("memsnap version devel {} buildID={:016x}\n", MEMSNAP_VERSION, hash);
  return 0;
}

int print_flags(Io& io) {
  io.out.put(
      "[{\"Name\":\"rules\",\"Bool\":false,\"Usage\":\"rules to run, as memsnap check --rules\"},"
      "{\"Name\":\"notes\",\"Bool\":true,\"Usage\":\"show notes too\"},"
      "{\"Name\":\"no-cache\",\"Bool\":true,\"Usage\":\"look at each package alone\"}]\n");
  return 0;
}

struct Unit {
  std::string folder, vetx;
  std::set<std::string> files;
  bool only_facts = false, standard = false;
};

// The user's file. What cgo makes of x.go is x.cgo1.go in a folder of the go command's own.
std::string source_of(const std::string& name, const std::string& folder) {
  constexpr std::string_view kCgo = ".cgo1.go";
  std::string base = name.substr(name.rfind('/') + 1);
  if (name.starts_with('/') && base.ends_with(kCgo) && !name.starts_with(folder + "/"))
    return folder + "/" + base.substr(0, base.size() - kCgo.size()) + ".go";
  return name.starts_with('/') ? name : folder + "/" + name;
}

// The folder of the module that holds `folder`, when ./... there names it; "" when it does not.
std::string module_folder(const std::string& folder) {
  for (std::string at = folder; !at.empty(); at.resize(at.rfind('/'))) {
    if (is_there(at + "/go.mod")) return at;
    std::string name = at.substr(at.rfind('/') + 1);
    if (name == "testdata" || name == "vendor" || name.starts_with('_') || name.starts_with('.')) return "";
  }
  return "";
}

Result<Unit> read_unit(const std::string& path) {
  std::string json = TRY(read_small_file(path));
  JsonValue value = TRY(read_json(json));
  auto text = [&](std::string_view name) {
    const JsonValue* member = value.member(name);
    return member && member->text() ? *member->text() : std::string();
  };
  auto on = [&](std::string_view name) {
    const JsonValue* member = value.member(name);
    const bool* yes = member ? std::get_if<bool>(&member->is) : nullptr;
    return yes && *yes;
  };
  Unit unit{.folder = text("Dir"), .vetx = text("VetxOutput"), .only_facts = on("VetxOnly")};
  if (unit.folder.empty()) return fail(Cause::bad_input, "{}: no Dir: want a unit of go vet", path);
  std::string import_path = text("ImportPath");
  const JsonValue* standard = value.member("Standard");
  if (standard && standard->object())
    for (const auto& [name, yes] : *standard->object())
      unit.standard |= name == import_path && yes == JsonValue{true};
  const JsonValue* files = value.member("GoFiles");
  if (files && files->array())
    for (const JsonValue& one : *files->array())
      if (one.text()) unit.files.insert(source_of(*one.text(), unit.folder));
  return unit;
}

std::vector<std::string> default_rules(const std::string& words) {
  std::vector<std::string> all, asked;
  for (const misuse::Rule* rule : misuse::rules()) all.push_back(rule->name);
  for (std::size_t from = 0; from < words.size();) {
    std::size_t comma = std::min(words.find(',', from), words.size());
    asked.push_back(words.substr(from, comma - from));
    from = comma + 1;
  }
  if (asked.empty()) return all;
  std::erase_if(all, [&](const std::string& name) { return std::ranges::find(asked, name) == asked.end(); });
  return all;
}

struct VetFlags {
  std::string rules;
  bool notes = false, no_cache = false;
};

// The whole module is looked at by whoever comes first, and the others take what it found; without a cache
// each package is looked at alone.
TreeOptions options_of(const Unit& unit, const VetFlags& flags) {
  TreeOptions options{.folder = unit.folder, .patterns = {"."}, .rules = default_rules(flags.rules)};
  std::string cache = flags.no_cache ? "" : check_cache_folder();
  std::string module = module_folder(real_path(unit.folder));
  if (cache.empty() || module.empty()) {
    options.tests =
        std::ranges::any_of(unit.files, [](const std::string& one) { return one.ends_with("_test.go"); });
    return options;
  }
  options.folder = module, options.patterns = {"./..."};
  options.tests = true;
  options.cache = cache;
  return options;
}

Result<int> check_unit(const std::string& path, const VetFlags& flags, Io& io) {
  Unit unit = TRY(read_unit(path));
  // We have no facts to hand from package to package; the file has to be there all the same.
  if (!unit.vetx.empty()) TRY_VOID(write_file(unit.vetx, true, std::string_view()));
  if (unit.only_facts || unit.standard) return 0;
  CheckedTree tree = TRY(CheckedTree::open(options_of(unit, flags)));
  LintReport report = tree.report(flags.notes);
  int status = 0;
  std::set<std::string> files;  // as they are shown
  for (const std::string& file : unit.files) files.insert(real_path(file));
  for (const Diagnostic& one : report.diagnostics) {
    std::string file = tree.path_of(one.at.file);
    if (file.empty() || !files.contains(real_path(file))) continue;
    io.err.print("{}: {} [{}]\n", escape_terminal(file + place_text(one.at).substr(one.at.file.size())),
                 escape_terminal(one.message), one.rule);
    status = 1;
  }
  return status;
}

}  // namespace

std::optional<int> vet_tool(std::span<const std::string> words, Io& io) {
  if (words.size() == 1 && words[0] == "-V=full") return print_version(io);
  if (words.size() == 1 && words[0] == "-flags") return print_flags(io);
  if (words.empty() || !words.back().ends_with(".cfg")) return std::nullopt;
  VetFlags flags;
  for (const std::string& word : words.first(words.size() - 1)) {
    if (word.starts_with("-rules=")) flags.rules = word.substr(7);
    flags.notes |= word == "-notes" || word == "-notes=true";
    flags.no_cache |= word == "-no-cache" || word == "-no-cache=true";
    if (!word.starts_with('-')) return std::nullopt;
  }
  Result<int> status = check_unit(words.back(), flags, io);
  if (status) return *status;
  io.err.print("memsnap: {}\n", escape_terminal(status.error().what));
  return exit_status(status.error().cause);
}

}  // namespace memsnap
