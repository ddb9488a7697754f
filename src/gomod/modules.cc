#include "gomod/modules.h"

#include "gomod/build_list.h"
#include "gomod/goroot.h"
#include "gomod/walk_folders.h"
#include "os/files.h"
#include "os/folders.h"

#include <algorithm>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::size_t kLargestModFile = 16 << 20;
constexpr std::uint32_t kStd = 0;  // row of GOROOT in all()

std::string join(const std::string& folder, std::string_view rest) {
  if (rest.empty() || rest == ".") return folder;
  while (rest.starts_with("./")) rest.remove_prefix(2);
  return folder.ends_with('/') ? folder + std::string(rest) : folder + "/" + std::string(rest);
}

// `rest` of an import path behind its module's path; nullopt when it is no part of it.
std::optional<std::string_view> below(std::string_view path, std::string_view module) {
  if (module.empty()) return path;
  if (!path.starts_with(module)) return std::nullopt;
  path.remove_prefix(module.size());
  if (path.empty()) return path;
  if (path[0] != '/') return std::nullopt;
  return path.substr(1);
}

bool first_element_has_dot(std::string_view path) {
  return path.substr(0, path.find('/')).find('.') != std::string_view::npos;
}

std::string parent_of(const std::string& folder) {
  std::size_t slash = folder.rfind('/');
  return slash == std::string::npos || folder == "/" ? "" : slash == 0 ? "/" : folder.substr(0, slash);
}

}  // namespace

std::string find_above(std::string folder, const char* name) {
  for (; !folder.empty(); folder = parent_of(folder))
    if (is_there(folder + "/" + name)) return folder + "/" + name;
  return "";
}

struct Modules::State {
  GoEnvironment environment;
  BuildContext context;
  std::string goroot, note;
  GoVersion release;
  std::vector<Module> all;
  std::vector<std::string> problems;
  std::vector<RootModule> roots;
  std::vector<Replacement> replacements;  // of a folder are absolute already
  std::vector<ModuleVersion> excluded;
  std::unordered_map<std::string, std::uint32_t> by_path;   // rows of all, GOROOT left out
  std::unordered_map<std::string, std::uint32_t> vendored;  // import path to its module
  std::unordered_map<std::string, ModFile> mod_files;       // path@version
  std::unordered_map<std::string, std::optional<Place>>
      places;          // what find_package gave; "std:" for GOROOT's
  std::string vendor;  // the folder; "" without one
  bool workspace = false, whole_graph = false;

  void read_root(const std::string& mod_path);
  void read_workspace(const std::string& work_path);
  void find_roots(const std::string& folder);
  void choose_goroot();
  void take_replacements(const ModFile& file, const std::string& folder, bool overriding);
  const Replacement* replacement(const ModuleVersion& module) const;
  std::string folder_of(const ModuleVersion& module) const;
  const ModFile* mod_file(const ModuleVersion& module);
  void add_module(const ModuleVersion& module);
  void select_all();
  bool read_vendor();
  void build_list();
  std::optional<Place> in_goroot(std::string_view path, bool from_std) const;
  std::optional<Place> in_modules(std::string_view path);
  std::optional<Place> find(std::string_view path, bool from_std);
  void note_problems(const std::string& path, const ModFile& file);
};

void Modules::State::note_problems(const std::string& path, const ModFile& file) {
  if (!file.problems.empty()) {  // one line for a file, however much is wrong with it
    const ModProblem& first = file.problems[0];
    std::string line = fmt::format("{}:{}: {}", path, first.line, first.text);
    if (file.problems.size() > 1) line += fmt::format(" (and {} more)", file.problems.size() - 1);
    problems.push_back(std::move(line));
  }
  if (!file.go.empty() && !parse_go_version(file.go).known())
    problems.push_back(fmt::format("{}: go {} is no version of Go", path, file.go));
}

void Modules::State::read_root(const std::string& mod_path) {
  std::string folder = parent_of(mod_path);
  auto text = read_small_file(mod_path, kLargestModFile);
  if (!text) return problems.push_back(text.error().what);
  RootModule root{parse_mod_file(*text), folder};
  note_problems(mod_path, root.file);
  if (root.file.module.empty()) problems.push_back(fmt::format("{}: no module line", mod_path));
  if (by_path.contains(root.file.module)) return;
  Module row{.path = root.file.module, .version = "", .folder = folder, .go = parse_go_version(root.file.go)};
  if (!row.go.known()) row.go = {1, 16, 0, 0};
  row.main = true;
  by_path.emplace(row.path, std::uint32_t(all.size()));
  all.push_back(std::move(row));
  roots.push_back(std::move(root));
}

void Modules::State::read_workspace(const std::string& work_path) {
  auto text = read_small_file(work_path, kLargestModFile);
  if (!text) return problems.push_back(text.error().what);
  ModFile work = parse_mod_file(*text);
  note_problems(work_path, work);
  std::string folder = parent_of(work_path);
  workspace = true;
  std::vector<std::string> absent;
  for (const std::string& use : work.use) {
    std::string used = use.starts_with('/') ? use : join(folder, use);
    std::string real = real_path(used);
    if (real.empty())
      absent.push_back(use);
    else
      read_root(real + "/go.mod");
  }
  if (!absent.empty())
    problems.push_back(fmt::format(
        "{}: {} of its {} folders are not there ({}{}): their packages are looked for in the module cache",
        work_path, absent.size(), work.use.size(), absent[0], absent.size() > 1 ? ", …" : ""));
  take_replacements(work, folder, true);
}

void Modules::State::find_roots(const std::string& folder) {
  all.push_back({.path = "std", .version = "", .folder = "", .go = {}});
  all[kStd].std = all[kStd].fixed = true;
  std::string work;
  if (environment.gowork.empty())
    work = find_above(folder, "go.work");
  else if (environment.gowork != "off")
    work = environment.gowork;
  if (!work.empty()) read_workspace(work);
  std::string mod = find_above(folder, "go.mod");
  if (mod.empty() && roots.empty()) {
    // No module: the folder is one, without a name.
    Module row{.path = "", .version = "", .folder = folder, .go = {}};
    row.main = true;
    by_path.emplace("", std::uint32_t(all.size()));
    all.push_back(std::move(row));
    return;
  }
  // A module outside the workspace is worked on alone, where go would refuse.
  bool in_workspace =
      std::ranges::any_of(roots, [&](const RootModule& r) { return r.folder + "/go.mod" == mod; });
  if (!mod.empty() && !in_workspace && (!workspace || roots.empty())) read_root(mod);
  for (const RootModule& root : roots) {
    take_replacements(root.file, root.folder, false);
    excluded.insert(excluded.end(), root.file.exclude.begin(), root.file.exclude.end());
  }
}

void Modules::State::take_replacements(const ModFile& file, const std::string& folder, bool overriding) {
  for (Replacement row : file.replace) {
    auto same = [&](const Replacement& r) { return r.from == row.from; };
    if (!overriding && std::ranges::any_of(replacements, same)) continue;
    if (row.to.version.empty() && !row.to.path.starts_with('/')) row.to.path = join(folder, row.to.path);
    replacements.push_back(std::move(row));
  }
}

const Replacement* Modules::State::replacement(const ModuleVersion& module) const {
  const Replacement* found = nullptr;
  for (const Replacement& row : replacements) {
    if (row.from.path != module.path) continue;
    if (row.from.version == module.version) return &row;
    if (row.from.version.empty()) found = &row;
  }
  return found;
}

std::string Modules::State::folder_of(const ModuleVersion& module) const {
  const Replacement* row = replacement(module);
  if (row && row->to.version.empty()) return row->to.path;
  const ModuleVersion& real = row ? row->to : module;
  return fmt::format("{}/{}@{}", environment.gomodcache, escape_module_text(real.path),
                     escape_module_text(real.version));
}

const ModFile* Modules::State::mod_file(const ModuleVersion& module) {
  std::string key = module.path + "@" + module.version;
  if (auto row = mod_files.find(key); row != mod_files.end()) return &row->second;
  const Replacement* replaced = replacement(module);
  const ModuleVersion& real = replaced ? replaced->to : module;
  std::string path = real.path + "/go.mod";
  if (!replaced || !real.version.empty())
    path = fmt::format("{}/cache/download/{}/@v/{}.mod", environment.gomodcache,
                       escape_module_text(real.path), escape_module_text(real.version));
  auto text = read_small_file(path, kLargestModFile);
  if (!text) text = read_small_file(folder_of(module) + "/go.mod", kLargestModFile);
  if (!text) return nullptr;
  return &mod_files.emplace(std::move(key), parse_mod_file(*text)).first->second;
}

void Modules::State::add_module(const ModuleVersion& module) {
  if (auto row = by_path.find(module.path); row != by_path.end()) {
    Module& there = all[row->second];
    if (there.main || compare_semver(there.version, module.version) >= 0) return;
    there.version = module.version;
    there.folder = folder_of(module);
    there.fixed = there.folder.starts_with(environment.gomodcache + "/");
    return;
  }
  by_path.emplace(module.path, std::uint32_t(all.size()));
  all.push_back({.path = module.path, .version = module.version, .folder = folder_of(module), .go = {}});
  all.back().fixed = all.back().folder.starts_with(environment.gomodcache + "/");
}

void Modules::State::select_all() {
  whole_graph = true;
  auto selected = select_versions(roots, excluded, [&](const ModuleVersion& m) { return mod_file(m); });
  for (auto& [path, version] : selected) add_module({path, version});
}

bool Modules::State::read_vendor() {
  if (roots.empty() || environment.mod == "mod" || environment.mod == "readonly") return false;
  bool by_default = parse_go_version(roots[0].file.go) >= GoVersion{1, 14, 0, 0};
  if (environment.mod != "vendor" && !by_default) return false;
  std::string folder = roots[0].folder + "/vendor";
  if (workspace) {
    std::string work = find_above(roots[0].folder, "go.work");
    folder = parent_of(work) + "/vendor";
  }
  auto text = read_small_file(folder + "/modules.txt", kLargestModFile);
  if (!text) return false;
  vendor = folder;
  for (const VendoredModule& module : parse_vendor_modules(*text)) {
    if (module.packages.empty()) continue;
    std::uint32_t row = std::uint32_t(all.size());
    GoVersion go = parse_go_version(module.go);
    all.push_back({.path = module.module.path,
                   .version = module.module.version,
                   .folder = folder + "/" + module.module.path,
                   .go = go.known() ? go : GoVersion{1, 16, 0, 0}});
    for (const std::string& package : module.packages) vendored.emplace(package, row);
  }
  return true;
}

void Modules::State::choose_goroot() {
  GoVersion least, wanted;
  for (const RootModule& root : roots) {
    least = std::max(least, parse_go_version(root.file.go));
    wanted = std::max(wanted, parse_go_version(root.file.toolchain));
  }
  GoRoot found = find_goroot(environment, least, std::max(least, wanted));
  if (!found.problem.empty()) problems.push_back(found.problem);
  goroot = found.folder;
  note = found.note;
  release = found.release;
  context = {.goos = environment.goos,
             .goarch = environment.goarch,
             .release = 26,
             .cgo = environment.cgo,
             .tags = environment.tags};
  if (release.known()) context.release = release.minor;
  all[kStd].folder = goroot + "/src";
  all[kStd].go = release;
  for (Module& module : all)
    if (module.main && !module.go.known()) module.go = release;
  if (goroot.empty()) return;
  for (std::string& tag : experiment_tags(goroot, environment.goexperiment))
    context.tags.push_back(std::move(tag));
}

void Modules::State::build_list() {
  if (read_vendor()) return;
  bool listed = !workspace && std::ranges::all_of(roots, [](const RootModule& r) {
    return parse_go_version(r.file.go) >= GoVersion{1, 17, 0, 0};
  });
  // Since go 1.17 go.mod lists every module that packages come from; the graph is read only when it does not.
  if (!listed) return select_all();
  for (const RootModule& root : roots)
    for (const ModuleVersion& module : root.file.require) add_module(module);
}

std::optional<Modules::Place> Modules::State::in_goroot(std::string_view path, bool from_std) const {
  if (goroot.empty()) return {};
  std::string folder = goroot + "/src/";
  if (first_element_has_dot(path) || path.starts_with("vendor/")) {
    if (!from_std) return {};
    if (!path.starts_with("vendor/")) folder += "vendor/";
  }
  folder += path;
  if (!is_folder(folder)) return {};
  return Place{std::move(folder), kStd};
}

std::optional<Modules::Place> Modules::State::in_modules(std::string_view path) {
  for (std::string_view module = path; !module.empty();) {
    if (auto row = by_path.find(std::string(module)); row != by_path.end()) {
      Module& there = all[row->second];
      std::string folder = join(there.folder, below(path, module).value_or(""));
      if (is_folder(folder)) {
        if (!there.go.known()) {
          const ModFile* file = mod_file({there.path, there.version});
          if (file) there.go = parse_go_version(file->go);
          if (!there.go.known()) there.go = {1, 16, 0, 0};
        }
        return Place{std::move(folder), row->second};
      }
    }
    std::size_t slash = module.rfind('/');
    module = slash == std::string_view::npos ? std::string_view{} : module.substr(0, slash);
  }
  return {};
}

std::optional<Modules::Place> Modules::State::find(std::string_view path, bool from_std) {
  if (auto place = in_goroot(path, from_std)) return place;
  if (from_std) return {};
  if (auto row = vendored.find(std::string(path)); row != vendored.end()) {
    std::string folder = vendor + "/" + std::string(path);
    if (is_folder(folder)) return Place{std::move(folder), row->second};
  }
  if (auto place = in_modules(path)) return place;
  if (!vendor.empty() || whole_graph || roots.empty()) return {};
  select_all();
  return in_modules(path);
}

Modules::Modules(std::unique_ptr<State> state) : state_(std::move(state)) {}
Modules::Modules(Modules&&) noexcept = default;
Modules& Modules::operator=(Modules&&) noexcept = default;
Modules::~Modules() = default;

Result<Modules> Modules::find(const std::string& folder, const GoEnvironment& environment) {
  std::string real = real_path(folder);
  if (real.empty() || !is_folder(real))
    return fail(Cause::bad_input, "{} is not a folder that can be read", folder);
  auto state = std::make_unique<State>();
  state->environment = environment;
  state->find_roots(real);
  state->choose_goroot();
  state->build_list();
  return Modules(std::move(state));
}

Modules Modules::none(const GoEnvironment& environment) {
  auto state = std::make_unique<State>();
  state->environment = environment;
  state->all.push_back({.path = "std", .version = "", .folder = "", .go = {}});
  state->all[kStd].std = true;
  if (!environment.goroot.empty()) state->choose_goroot();
  return Modules(std::move(state));
}

std::optional<Modules::Place> Modules::find_package(std::string_view import_path, bool from_std) {
  std::string key = (from_std ? "std:" : "") + std::string(import_path);
  if (auto row = state_->places.find(key); row != state_->places.end()) return row->second;
  auto place = state_->find(import_path, from_std);
  state_->places.emplace(std::move(key), place);
  return place;
}

namespace {

constexpr std::string_view kModule = "module ", kNoModuleHas = "no module has the package ",
                           kNotKnown = ": its types are not known",
                           kNotInCache = " is not in the module cache: its types are not known";

std::string_view between(std::string_view text, std::string_view before, std::string_view behind) {
  if (!text.starts_with(before) || !text.ends_with(behind)) return {};
  std::size_t both = before.size() + behind.size();
  return text.size() > both ? text.substr(before.size(), text.size() - both) : std::string_view();
}

}  // namespace

std::string_view module_not_in_cache(std::string_view line) {
  std::string_view module = between(line, kModule, kNotInCache);
  return module.substr(0, module.rfind('@'));
}

std::string_view package_of_no_module(std::string_view line) {
  return between(line, kNoModuleHas, kNotKnown);
}

std::string Modules::why_missing(std::string_view import_path) {
  for (std::string_view module = import_path; !module.empty();) {
    auto row = state_->by_path.find(std::string(module));
    if (row != state_->by_path.end() && !state_->all[row->second].main) {
      Module& there = state_->all[row->second];
      there.missing = !is_folder(there.folder);
      if (!there.missing) break;
      if (!there.fixed)
        return fmt::format("module {}: its folder {} is not there, so its types are not known", there.path,
                           there.folder);
      return fmt::format("{}{}@{}{}", kModule, there.path, there.version, kNotInCache);
    }
    std::size_t slash = module.rfind('/');
    module = slash == std::string_view::npos ? std::string_view{} : module.substr(0, slash);
  }
  return fmt::format("{}{}{}", kNoModuleHas, import_path, kNotKnown);
}

Modules::Found Modules::package_in(const std::string& folder) {
  Found found{.import_path = folder, .place = {folder, kStd}, .files = {}};
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < state_->all.size(); ++i) {
    const Module& module = state_->all[i];
    if (!module.main && !module.std) continue;
    if (module.main && module.path == "std") continue;  // work on GOROOT itself
    auto rest = below(folder, module.folder);
    if (!rest || module.folder.size() < longest || module.folder.empty()) continue;
    longest = module.folder.size();
    found.place.module = i;
    found.import_path = module.std || module.path.empty() ? std::string(*rest)
                        : rest->empty()                   ? module.path
                                                          : module.path + "/" + std::string(*rest);
  }
  if (found.import_path.empty()) found.import_path = "command-line-arguments";
  return found;
}

std::vector<std::string> Modules::files_in(const std::string& folder) {
  return go_files_in(folder, state_->context, state_->problems);
}

Result<std::vector<Modules::Found>> Modules::match(std::string_view pattern) {
  std::vector<Found> found;
  bool all_below = pattern.ends_with("/...");
  std::string_view base = all_below ? pattern.substr(0, pattern.size() - 4) : pattern;
  if (pattern == "...") return fail(Cause::usage, "the pattern ... is the whole world: ./... is this module");
  std::string folder;
  if (base == "std") {
    if (state_->goroot.empty()) return fail(Cause::bad_input, "std: no Go installation is on PATH");
    folder = state_->goroot + "/src";
    all_below = true;
  } else if (base.starts_with('.') || base.starts_with('/')) {
    folder = real_path(std::string(base));
    if (folder.empty()) return fail(Cause::bad_input, "{} is not there", base);
  } else {
    auto place = find_package(base, false);
    if (!place) return fail(Cause::bad_input, "no module has the package {}", base);
    folder = place->folder;
    if (!all_below) {
      found.push_back({std::string(base), *place, files_in(folder)});
      return found;
    }
  }
  if (!is_folder(folder)) return fail(Cause::bad_input, "{} is no folder, expected one with Go files", base);
  std::vector<SourceFolder> folders;
  if (all_below)
    folders = walk_folders(folder, state_->context, state_->problems);
  else
    folders.push_back({folder, files_in(folder)});
  if (base == "std") {
    auto vendored = walk_folders(folder + "/vendor", state_->context, state_->problems);
    folders.insert(folders.end(), vendored.begin(), vendored.end());
  }
  for (SourceFolder& row : folders) {
    Found package = package_in(row.folder);
    if (base == "std" && (package.import_path.starts_with("cmd/") || package.import_path == "builtin"))
      continue;
    package.place.folder = row.folder;
    package.files = std::move(row.files);
    found.push_back(std::move(package));
  }
  return found;
}

const std::vector<Module>& Modules::all() const { return state_->all; }
const BuildContext& Modules::context() const { return state_->context; }
const std::string& Modules::goroot() const { return state_->goroot; }
GoVersion Modules::release() const { return state_->release; }
std::string Modules::toolchain_note() const { return state_->note; }
const std::vector<std::string>& Modules::problems() const { return state_->problems; }

}  // namespace memsnap
