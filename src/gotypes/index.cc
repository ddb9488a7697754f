// The bytes: the digest of the build context, rows until the end. Numbers are 8 bytes, little-endian; a text
// is its length and its bytes. A row: path, size, inode, time, two digests of two numbers each, runs since it
// was seen, the number of imports, imports.
#include "gotypes/index.h"

#include "base/parallel.h"
#include "gosrc/parse.h"
#include "gotypes/program_data.h"
#include "os/clock.h"

#include <algorithm>

namespace memsnap::types {
namespace {

constexpr std::size_t kLargestFile = 256 << 20;
constexpr std::int64_t kSettled = 2'000'000'000;  // ns
constexpr std::uint32_t kMostUnseen = 20;         // runs

// The declarations of a file: its bytes without the bodies of functions, and without what function literals
// hold in other places, which stays in.
Digest declarations_of(const SourceFile& file) {
  Digester digester;
  std::string_view bytes = file.bytes();
  std::size_t from = 0;
  for (ast::NodeId decl : file.decls()) {
    auto func = file.as<ast::FuncDecl>(decl);
    if (!func || !func->has_body) continue;
    std::size_t body = file.end(func->type);
    digester.add(bytes.substr(from, body - from));
    from = file.end(decl);
  }
  digester.add(bytes.substr(from));
  return digester.result();
}

void put(std::string& out, std::uint64_t number) {
  for (int i = 0; i < 8; ++i) out.push_back(char(number >> (8 * i)));
}
void put(std::string& out, std::string_view text) {
  put(out, text.size());
  out += text;
}

}  // namespace

SourceIndex::Row SourceIndex::make_row(const std::string& path, FileStamp stamp, const BuildContext& context,
                                       NameTable& names) {
  Row row;
  row.stamp = stamp;
  auto text = read_regular_file(path, kLargestFile);
  Digester content;
  if (!text) return row;
  row.readable = true;
  content.add(*text);
  row.content = content.result();
  if (!read_header(context, *text).builds) return row;
  SourceFile file = parse_source(path, std::move(*text), names, ParseMode::kDeclarations);
  // A file that does not parse is the same only as a whole.
  row.declarations = file.errors().empty() ? declarations_of(file) : row.content;
  for (ast::NodeId spec : file.imports()) {
    auto literal = file.as<ast::BasicLit>(file.get<ast::ImportSpec>(spec).path);
    if (literal && literal->value.size() > 2)
      row.imports.emplace_back(literal->value.substr(1, literal->value.size() - 2));
  }
  return row;
}

bool SourceIndex::read(Bytes bytes) {
  rows_.clear();
  Cursor in(bytes);
  auto number = [&] { return in.fixed<std::uint64_t>(); };
  context_.high = number(), context_.low = number();
  while (in.ok() && !in.done()) {
    std::string path(text_of(in.take(number())));
    Row row{.readable = true};
    row.stamp.size = number(), row.stamp.inode = number(), row.stamp.changed_ns = std::int64_t(number());
    row.content.high = number(), row.content.low = number();
    row.declarations.high = number(), row.declarations.low = number();
    row.unseen = std::uint32_t(std::min<std::uint64_t>(number(), kMostUnseen)) + 1;
    for (std::uint64_t left = number(); left > 0 && in.ok(); --left)
      row.imports.emplace_back(text_of(in.take(number())));
    if (in.ok()) rows_.insert_or_assign(std::move(path), std::move(row));
  }
  if (!in.ok()) rows_.clear();
  return in.ok();
}

std::string SourceIndex::bytes() const {
  std::string out;
  put(out, context_.high), put(out, context_.low);
  std::int64_t now = std::int64_t(realtime_ns());
  for (const auto& [path, row] : rows_) {
    if (!row.readable || row.unseen > kMostUnseen || row.stamp.changed_ns > now - kSettled) continue;
    put(out, path);
    put(out, row.stamp.size), put(out, row.stamp.inode), put(out, std::uint64_t(row.stamp.changed_ns));
    put(out, row.content.high), put(out, row.content.low);
    put(out, row.declarations.high), put(out, row.declarations.low);
    put(out, row.unseen);
    put(out, row.imports.size());
    for (const std::string& import : row.imports) put(out, import);
  }
  return out;
}

bool SourceIndex::are_unchanged(const std::vector<std::string>& paths) const {
  return std::ranges::all_of(paths, [&](const std::string& path) {
    auto row = rows_.find(path);
    if (row == rows_.end() || row->second.unseen != 0) return true;
    auto now = stamp_of(path);
    return now && *now == row->second.stamp;
  });
}

// One run over the packages that the patterns name, and those of the module that they reach.
class Digests {
 public:
  Digests(SourceIndex& index, Modules& modules, const LoadOptions& options)
      : index_(index), modules_(modules), options_(options) {}

  std::vector<FolderDigest> run(const std::vector<Modules::Found>& found) {
    if (Digest context = digest_of(modules_.context()); context != index_.context_) {
      index_.rows_.clear();  // which files are built is another question now
      index_.context_ = context;
    }
    world_ = world();  // before anything is looked for, which may add modules
    read_files(found);
    for (const Modules::Found& row : found) unit_of(row.place, row.files);
    std::vector<FolderDigest> all;
    for (const Modules::Found& row : found) {
      Unit& unit = unit_of(row.place, row.files);
      FolderDigest& one = all.emplace_back();
      one.folder = row.place.folder;
      Digester common, own, declared;
      common.add(world_);
      common.add(row.import_path);
      add_imports(unit, true, common);
      own.add(common.result()), declared.add(common.result());
      for (const std::vector<File>* files : {&unit.files, &unit.tests})
        for (const File& file : *files) {
          own.add(file.name), own.add(file.row->content);
          declared.add(file.name), declared.add(file.row->declarations);
          one.known &= file.row->readable;
        }
      for (const File& file : unit.files) one.files.push_back({file.name, file.row->content});
      one.own = own.result(), one.declared = declared.result();
    }
    if (circle_)
      for (FolderDigest& one : all) one.known = false;
    return all;
  }

 private:
  enum class State : std::uint8_t { kOpen, kBusy, kDone };
  struct File {
    std::string name;
    const SourceIndex::Row* row = nullptr;
  };
  struct Unit {
    std::vector<File> files, tests;
    State state = State::kOpen;
    Digest digest;
  };

  static Digest digest_of(const BuildContext& context) {
    Digester d;
    d.add(context.goos), d.add(context.goarch), d.add(std::uint64_t(context.release));
    d.add(std::uint64_t(context.cgo));
    for (const std::string& tag : context.tags) d.add(tag);
    return d.result();
  }

  // Everything that is the same for all packages.
  Digest world() {
    Digester d;
    d.add(index_.context_), d.add(modules_.goroot()), d.add(modules_.toolchain_note());
    for (const Module& module : modules_.all()) {
      d.add(module.path), d.add(module.version), d.add(module.folder);
      d.add(std::uint64_t(module.go.major)), d.add(std::uint64_t(module.go.minor));
      if (module.main) continue;
      d.add(std::uint64_t(is_folder(module.folder)));
      // Of a folder that replaces a module the go line is read later.
      if (!module.fixed) d.add(read_small_file(module.folder + "/go.mod").value_or(""));
    }
    d.add(std::uint64_t(options_.tests));
    return d.result();
  }

  bool is_seen(std::string_view name) const { return options_.tests || !name.ends_with("_test.go"); }

  void read_files(const std::vector<Modules::Found>& found) {
    std::vector<std::string> paths;
    for (const Modules::Found& row : found)
      for (const std::string& name : row.files)
        if (is_seen(name)) paths.push_back(row.place.folder + "/" + name);
    std::vector<SourceIndex::Row> fresh(paths.size());
    std::vector<std::uint8_t> changed(paths.size());
    for (const std::string& path : paths) index_.rows_.try_emplace(path);
    parallel_for(options_.threads, paths.size(), [&](std::size_t i) {
      const SourceIndex::Row& old = index_.rows_.find(paths[i])->second;
      FileStamp stamp = stamp_of(paths[i]).value_or(FileStamp{});
      if (old.stamp == stamp && stamp.changed_ns != 0) return;
      fresh[i] = SourceIndex::make_row(paths[i], stamp, modules_.context(), names_);
      changed[i] = 1;
    });
    for (std::size_t i = 0; i < paths.size(); ++i) {
      SourceIndex::Row& row = index_.rows_[paths[i]];
      if (changed[i] != 0) row = std::move(fresh[i]), ++index_.files_read_, index_.changed_ = true;
      row.unseen = 0;
    }
  }

  Unit& unit_of(const Modules::Place& place, std::vector<std::string> names) {
    auto [row, fresh] = units_.try_emplace(place.folder);
    Unit& unit = row->second;
    if (!fresh) return unit;
    std::vector<Modules::Found> one(1);
    one[0].place = place;
    one[0].files = std::move(names);
    std::erase_if(one[0].files, [&](const std::string& name) { return !is_seen(name); });
    bool known = std::ranges::all_of(one[0].files, [&](const std::string& name) {
      auto file = index_.rows_.find(place.folder + "/" + name);
      return file != index_.rows_.end() && file->second.unseen == 0;
    });
    if (!known) read_files(one);
    for (const std::string& name : one[0].files) {
      const SourceIndex::Row* file = &index_.rows_.find(place.folder + "/" + name)->second;
      (name.ends_with("_test.go") ? unit.tests : unit.files).push_back({name, file});
    }
    return unit;
  }

  // Of a package that others import: what they see of it.
  Digest digest_of(Unit& unit) {
    if (unit.state == State::kDone) return unit.digest;
    if (unit.state == State::kBusy || depth_ > kMostDepth) return circle_ = true, Digest{};
    unit.state = State::kBusy;
    ++depth_;
    Digester d;
    for (const File& file : unit.files) d.add(file.name), d.add(file.row->declarations);
    add_imports(unit, false, d);
    --depth_;
    unit.digest = d.result();
    unit.state = State::kDone;
    return unit.digest;
  }

  // Packages of modules whose files never change are of a version, which is in world().
  bool may_change(std::string_view path) const {
    return std::ranges::any_of(modules_.all(), [&](const Module& module) {
      return !module.fixed && path.starts_with(module.path) &&
             (path.size() == module.path.size() || path[module.path.size()] == '/' || module.path.empty());
    });
  }

  void add_imports(const Unit& unit, bool tests, Digester& d) {
    std::vector<std::string_view> paths;
    for (const std::vector<File>* files : {&unit.files, &unit.tests})
      for (const File& file : *files)
        if (tests || files == &unit.files)
          paths.insert(paths.end(), file.row->imports.begin(), file.row->imports.end());
    std::ranges::sort(paths);
    auto twins = std::ranges::unique(paths);
    paths.erase(twins.begin(), twins.end());
    for (std::string_view path : paths) {
      d.add(path);
      if (Unit* below = imported(path)) d.add(digest_of(*below));
    }
  }

  // Null for what is not there or never changes.
  Unit* imported(std::string_view path) {
    auto [row, fresh] = imported_.try_emplace(std::string(path));
    if (!fresh || path == "C" || path == "unsafe" || !may_change(path)) return row->second;
    auto place = modules_.find_package(path, false);
    if (!place || modules_.all()[place->module].fixed) return nullptr;
    auto there = units_.find(place->folder);
    Unit& unit = there != units_.end() ? there->second : unit_of(*place, modules_.files_in(place->folder));
    return imported_[std::string(path)] = &unit;
  }

  static constexpr int kMostDepth = 2'000;
  SourceIndex& index_;
  Modules& modules_;
  const LoadOptions& options_;
  NameTable names_;
  std::unordered_map<std::string, Unit> units_;      // by folder
  std::unordered_map<std::string, Unit*> imported_;  // by import path
  Digest world_;
  int depth_ = 0;
  bool circle_ = false;
};

std::vector<FolderDigest> SourceIndex::digests(Modules& modules, const std::vector<Modules::Found>& found,
                                               const LoadOptions& options) {
  return Digests(*this, modules, options).run(found);
}

}  // namespace memsnap::types
