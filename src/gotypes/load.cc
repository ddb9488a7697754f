// Files into packages: those of the patterns whole and on several threads, all others when something first
// asks.
#include "gotypes/index.h"

#include "base/parallel.h"
#include "gotypes/program_data.h"
#include "os/files.h"

#include <algorithm>
#include <map>

namespace memsnap::types {
namespace {

constexpr std::size_t kLargestFile = 256 << 20;

struct ReadFile {
  std::string path, problem;
  std::size_t package = 0;  // index into the list of what was found
  bool test = false, bodies = true;
  HeaderFacts header;
  std::optional<SourceFile> source;
};

void read(ReadFile& file, const BuildContext& context, NameTable& names) {
  auto text = read_regular_file(file.path, kLargestFile);
  if (!text) {
    file.problem = text.error().what;
    return;
  }
  file.header = read_header(context, *text);
  ParseMode mode = file.bodies ? ParseMode::kAll : ParseMode::kDeclarations;
  if (file.header.builds) file.source.emplace(parse_source(file.path, std::move(*text), names, mode));
}

// What the last element of an import path most likely calls its package: yaml for gopkg.in/yaml.v3, redis for
// .../go-redis/v9 is not guessed but read.
std::string_view guess_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  bool version =
      last.size() > 1 && last[0] == 'v' && last.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (version && slash != std::string_view::npos) return guess_name(path.substr(0, slash));
  return last.substr(0, last.find('.'));
}

void read_imports(ProgramData& data, FileId id) {
  FileRow& file = data.file(id);
  for (ast::NodeId spec : file.source.imports()) {
    auto import = file.source.get<ast::ImportSpec>(spec);
    auto literal = file.source.as<ast::BasicLit>(import.path);
    if (!literal) continue;
    Value path = literal_value(literal->kind, literal->value, data.texts);
    Import row;
    row.path = std::string(path.text);
    row.cgo = row.path == "C";
    row.name = file.source.name(import.name);
    row.dot = row.name != kNoName && data.names.text(row.name) == ".";
    row.guess = row.cgo ? data.names.intern("C") : data.names.intern(guess_name(row.path));
    Object object{.kind = ObjectKind::kPkgName};
    object.name = row.name == kNoName ? row.guess : row.name;
    object.package = file.package;
    object.file = id;
    object.ident = import.name;
    object.decl = spec;
    row.object = data.add_object(object, kUnknownType, 0, State::kDone);
    if (row.cgo) data.package(file.package).about.uses_cgo = true;
    file.imports.push_back(std::move(row));
  }
}

FileId add_file(ProgramData& data, PackageId package, ReadFile&& read_file, bool asked) {
  FileId id{std::uint32_t(data.files.size())};
  FileRow& file = data.files.emplace_back(std::move(*read_file.source));
  file.package = package;
  file.test = read_file.test;
  file.asked = asked;
  file.bodies = read_file.bodies;
  PackageRow& row = data.package(package);
  file.go = row.about.go;
  // Since go 1.21 a //go:build line with a release sets the language of its file, up or down.
  if (read_file.header.go.known()) file.go = std::max(read_file.header.go, GoVersion{1, 21, 0, 0});
  row.about.files.push_back(id);
  row.about.test_files += file.test;
  if (row.about.name == kNoName) row.about.name = file.source.package_name();
  read_imports(data, id);
  return id;
}

PackageId add_package(ProgramData& data, std::string path, const Modules::Place& place) {
  PackageId id{std::uint32_t(data.packages.size())};
  PackageRow& row = data.packages.emplace_back();
  const Module& module = data.modules.all()[place.module];
  row.about.path = std::move(path);
  row.about.folder = place.folder;
  row.about.std = module.std;
  row.about.go = module.go;
  row.module = place.module;
  return id;
}

bool is_test_name(std::string_view path) { return path.ends_with("_test.go"); }

// Files of one pattern: x.go y.go are a package of those files alone.
Result<void> match_files(Modules& modules, const LoadOptions& options, std::vector<Modules::Found>& found) {
  std::map<std::string, std::vector<std::string>> by_folder;
  for (const std::string& pattern : options.patterns) {
    std::string full = pattern.starts_with('/') ? pattern : options.folder + "/" + pattern;
    if (!pattern.ends_with(".go")) {
      bool local = pattern.starts_with('.') && options.folder != ".";
      auto packages = TRY(modules.match(local ? full : pattern));
      found.insert(found.end(), std::make_move_iterator(packages.begin()),
                   std::make_move_iterator(packages.end()));
      continue;
    }
    std::size_t slash = full.rfind('/');
    by_folder[full.substr(0, slash)].push_back(full.substr(slash + 1));
  }
  for (auto& [folder, names] : by_folder) {
    auto packages = TRY(modules.match(folder.empty()            ? "/"
                                      : folder.starts_with('/') ? folder
                                                                : "./" + folder));
    if (packages.empty()) continue;
    packages[0].files = names;
    found.push_back(std::move(packages[0]));
  }
  return {};
}

std::vector<ReadFile> read_all(ProgramData& data, std::span<const Modules::Found> found,
                               const LoadOptions& options) {
  std::vector<ReadFile> files;
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const std::string& name : found[i].files) {
      if (is_test_name(name) && !options.tests) continue;
      ReadFile& file = files.emplace_back();
      file.path = found[i].place.folder + "/" + name;
      file.package = i;
      file.test = is_test_name(name);
      if (auto some = options.with_bodies.find(found[i].place.folder); some != options.with_bodies.end())
        file.bodies = std::ranges::find(some->second, file.path) != some->second.end();
    }
  const BuildContext& context = data.modules.context();
  parallel_for(options.threads, files.size(), [&](std::size_t i) { read(files[i], context, data.names); });
  return files;
}

// One line for a file, however much is wrong with it.
void note_errors(ProgramData& data, const SourceFile& file) {
  const std::vector<SyntaxError>& errors = file.errors();
  if (errors.empty()) return;
  std::string line = to_text(file, errors[0]);
  if (errors.size() > 1) line += fmt::format(" (and {} more)", errors.size() - 1);
  data.problems.push_back({file.path().substr(0, file.path().rfind('/')), std::move(line)});
}

class Asked {
 public:
  Asked(ProgramData& data, std::span<const Modules::Found> found) : data_(data), found_(found) {
    here_.resize(found.size());
    outside_.resize(found.size());
  }

  // Files that are not tests come first, so that they say what the package is called.
  void add(std::vector<ReadFile>& files) {
    for (bool tests : {false, true})
      for (ReadFile& file : files)
        if (file.test == tests && file.source) place(file);
    for (const ReadFile& file : files)
      if (!file.problem.empty()) data_.problems.push_back({found_[file.package].place.folder, file.problem});
  }

 private:
  PackageId here(std::size_t i) {
    if (here_[i] != kNoPackage) return here_[i];
    const Modules::Found& row = found_[i];
    here_[i] = add_package(data_, row.import_path, row.place);
    data_.by_folder.emplace(row.place.folder, here_[i]);
    data_.asked.push_back(here_[i]);
    return here_[i];
  }
  PackageId outside(std::size_t i) {
    if (outside_[i] != kNoPackage) return outside_[i];
    const Modules::Found& row = found_[i];
    outside_[i] = add_package(data_, row.import_path + "_test", row.place);
    data_.asked.push_back(outside_[i]);
    return outside_[i];
  }
  void place(ReadFile& file) {
    note_errors(data_, *file.source);
    std::string_view name = data_.names.text(file.source->package_name());
    if (file.test && name.ends_with("_test")) {
      add_file(data_, outside(file.package), std::move(file), true);
      return;
    }
    PackageId package = here(file.package);
    NameId called = data_.package(package).about.name;
    if (called != kNoName && called != file.source->package_name()) {
      data_.problems.push_back(
          {found_[file.package].place.folder,
           fmt::format("{}: package {}, the others of the folder are package {}: left out", file.path, name,
                       data_.names.text(called))});
      return;
    }
    add_file(data_, package, std::move(file), true);
  }

  ProgramData& data_;
  std::span<const Modules::Found> found_;
  std::vector<PackageId> here_, outside_;
};

void parse_dependency(ProgramData& data, PackageId package) {
  std::string folder = data.package(package).about.folder;
  for (const std::string& name : data.modules.files_in(folder)) {
    if (is_test_name(name)) continue;
    ReadFile file;
    file.path = folder + "/" + name;
    file.bodies = false;
    read(file, data.modules.context(), data.names);
    if (!file.problem.empty()) data.problems.push_back({"", file.problem});
    if (!file.source) continue;
    NameId called = data.package(package).about.name;
    if (called != kNoName && called != file.source->package_name()) continue;
    add_file(data, package, std::move(file), false);
  }
  PackageRow& row = data.package(package);
  row.about.missing = row.about.files.empty();
}

}  // namespace

// With the folder when the package that imports it was asked for.
static void note_missing(ProgramData& data, PackageId from, std::string_view path) {
  const Package& about = data.package(from).about;
  bool asked = !about.files.empty() && data.file(about.files[0]).asked;
  Problem problem{asked ? about.folder : "", data.modules.why_missing(path)};
  if (std::ranges::find(data.problems, problem) == data.problems.end())
    data.problems.push_back(std::move(problem));
}

PackageId import_package(ProgramData& data, PackageId from, std::string_view path) {
  if (path == "unsafe") return data.unsafe_package;
  if (path.empty() || path == "C") return kNoPackage;
  if (auto row = data.by_folder.find("text:" + std::string(path)); row != data.by_folder.end())
    return row->second;
  bool from_std = data.package(from).about.std;
  auto place = data.modules.find_package(path, from_std);
  if (!place) return note_missing(data, from, path), kNoPackage;
  if (auto row = data.by_folder.find(place->folder); row != data.by_folder.end()) return row->second;
  std::string full(path);
  if (from_std && place->folder.find("/src/vendor/") != std::string::npos && !full.starts_with("vendor/"))
    full = "vendor/" + full;
  PackageId id = add_package(data, std::move(full), *place);
  data.by_folder.emplace(place->folder, id);
  return id;
}

void collect(ProgramData& data, PackageId package) {
  PackageRow& row = data.package(package);
  if (row.collected) return;
  row.collected = true;
  if (row.about.files.empty() && !row.about.folder.empty()) parse_dependency(data, package);
  collect_objects(data, package);
}

Result<std::vector<Modules::Found>> find_packages(Modules& modules, const LoadOptions& options) {
  std::vector<Modules::Found> found;
  TRY_VOID(match_files(modules, options, found));
  std::ranges::sort(found, {},
                    [](const Modules::Found& f) { return std::tie(f.import_path, f.place.folder); });
  auto same = [](const Modules::Found& a, const Modules::Found& b) {
    return a.place.folder == b.place.folder;
  };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

void load_packages(ProgramData& data, const LoadOptions& options, std::span<const Modules::Found> found) {
  std::vector<ReadFile> files = read_all(data, found, options);
  Asked(data, found).add(files);
  std::ranges::sort(data.asked, {}, [&](PackageId id) { return data.package(id).about.path; });
  // What these import is looked for at once, so that what is missing is known whatever is asked of them; the
  // imports of others when something asks.
  for (PackageId package : data.asked)
    for (FileId file : data.package(package).about.files)
      for (const Import& import : data.file(file).imports)
        if (data.names.text(import.name) != "_") import_package(data, package, import.path);
  note_import_cycles(data);
}

void load_texts(ProgramData& data, std::span<const Program::NamedText> texts) {
  for (const Program::NamedText& text : texts) {
    std::size_t slash = text.path.rfind('/');
    std::string folder = slash == std::string::npos ? "" : text.path.substr(0, slash);
    ReadFile file;
    file.path = text.path;
    file.test = is_test_name(text.path);
    file.header = read_header(data.modules.context(), text.text);
    file.source.emplace(parse_source(text.path, text.text, data.names));
    bool outside = file.test && data.names.text(file.source->package_name()).ends_with("_test");
    if (outside) folder += "_test";
    auto [row, fresh] = data.by_folder.emplace("text:" + folder, kNoPackage);
    if (fresh) {
      row->second = add_package(data, folder, {"", 0});
      data.package(row->second).about.std = false;
      data.package(row->second).about.go = {1, data.modules.context().release, 0, 0};
      data.asked.push_back(row->second);
    }
    note_errors(data, *file.source);
    add_file(data, row->second, std::move(file), true);
  }
}

}  // namespace memsnap::types
