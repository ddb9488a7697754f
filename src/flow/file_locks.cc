#include "flow/file_locks.h"

#include "flow/known_files.h"
#include "flow/lock_builder.h"

#include <algorithm>
#include <map>

namespace memsnap::flow {

using ast::Kind;

namespace {

// The declarations of functions in a file, in order.
std::vector<FuncId> declared_in(const Program& program, const FunctionTable& functions, FileId file) {
  std::vector<FuncId> found;
  const SourceFile& source = program.source(file);
  for (NodeId decl : source.decls())
    if (source.kind(decl) == Kind::kFuncDecl) found.push_back(functions.of(file, decl));
  return found;
}

TypeId type_behind(Program& program, TypeId type, const PathStep& step) {
  const types::TypeTable& all = program.types();
  if (step.kind == PathStep::Kind::kConstant) return all.elem(program.core_type(program.deref(type)));
  return step.kind == PathStep::Kind::kDeref ? program.deref(type) : program.type(ObjectId{step.value});
}

ObjectId field_of(Program& program, TypeId type, std::string_view name) {
  for (const types::Field& field : program.types().fields(program.underlying(program.deref(type))))
    if (program.names().text(field.name) == name) return field.object;
  return types::kNoObject;
}

}  // namespace

PathId path_of(Program& program, PathTable& paths, const Function& function, const NamedPath& named) {
  ObjectId root = types::kNoObject;
  if (named.parameter == 0) {
    root = program.find(named.package, named.variable);
  } else if (auto all = parameters(program, function); named.parameter <= all.size()) {
    root = all[named.parameter - 1];
  }
  if (!is_there(root)) return kNoPath;
  PathId path = paths.variable(root);
  TypeId type = program.type(root);
  for (const std::string& step : named.steps) {
    PathStep next{.kind = PathStep::Kind::kDeref, .value = 0};
    if (step.starts_with('.')) {
      ObjectId field = field_of(program, type, std::string_view(step).substr(1));
      if (!is_there(field)) return kNoPath;
      next = {.kind = PathStep::Kind::kField, .value = std::uint32_t(field)};
    } else if (step.starts_with('[')) {
      NameId text = program.names().intern(std::string_view(step).substr(1));
      next = {.kind = PathStep::Kind::kConstant, .value = std::uint32_t(text)};
    }
    path = paths.step(path, next);
    type = type_behind(program, type, next);
  }
  return path;
}

namespace {

// False: the path has no name that leads back to it.
bool name_path(Program& program, PathTable& paths, const Function& function, PathId path, NamedPath& named) {
  const types::Object& root = program.object(paths.root(path));
  std::vector<ObjectId> all = parameters(program, function);
  if (auto at = std::ranges::find(all, paths.root(path)); at != all.end()) {
    named.parameter = std::uint32_t(at - all.begin()) + 1;
  } else {
    named.package = program.package(root.package).path;
    named.variable = program.names().text(root.name);
  }
  for (PathId p = path; is_there(paths.parent(p)); p = paths.parent(p)) {
    PathStep step = paths.last(p);
    switch (step.kind) {
      case PathStep::Kind::kField:
        named.steps.emplace_back(".").append(program.name(ObjectId{step.value}));
        break;
      case PathStep::Kind::kDeref: named.steps.push_back("*"); break;
      case PathStep::Kind::kConstant:
        named.steps.emplace_back("[").append(program.names().text(NameId{step.value}));
        break;
      default: return false;  // a variable of the caller
    }
  }
  std::ranges::reverse(named.steps);
  return path_of(program, paths, function, named) == path;
}

// What is held both here and there, in the weaker way.
std::vector<NamedLock> both(const std::vector<NamedLock>& a, const std::vector<NamedLock>& b) {
  std::vector<NamedLock> found;
  for (const NamedLock& one : a)
    if (auto same = std::ranges::find(b, one.path, &NamedLock::path); same != b.end())
      found.push_back({one.path, one.write && same->write});
  return found;
}

}  // namespace

bool FileLocks::whole() const {
  return std::ranges::all_of(calls, &OutsideCalls::whole) && std::ranges::all_of(helpers, &LockHelper::whole);
}

// Asks the builder of locks, whose inside it knows.
class FileLocksOf {
 public:
  FileLocksOf(Module& module, FileId file)
      : module_(module), program_(module.program()), functions_(module.functions()), file_(file) {}

  FileLocks run() {
    place_functions();
    for (FuncId f : functions_.in_package(program_.package_of(file_)))
      if (functions_[f].file == file_)
        for (const CallSite& site : module_.calls().from(f)) add(site);
    for (auto& [callee, calls] : calls_) {
      if (calls.opens || calls.apart) calls.held.clear(), calls.deeper.clear(), calls.whole = true;
      found_.calls.push_back(std::move(calls));
    }
    std::vector<FuncId> own = declared_in(program_, functions_, file_);
    for (std::uint32_t row = 0; row < own.size(); ++row) add_helper(row, own[row]);
    for (NameId name : module_.calls().asked_by(file_))
      found_.asked.emplace_back(program_.names().text(name));
    std::ranges::sort(found_.asked);
    auto twins = std::ranges::unique(found_.asked);
    found_.asked.erase(twins.begin(), twins.end());
    return std::move(found_);
  }

 private:
  void place_functions() {
    std::span<const FileId> files = program_.package(program_.package_of(file_)).files;
    for (std::uint32_t i = 0; i < files.size(); ++i) {
      std::vector<FuncId> all = declared_in(program_, functions_, files[i]);
      for (std::uint32_t row = 0; row < all.size(); ++row) places_[std::uint32_t(all[row])] = {i, row};
    }
  }

  // Nobody asks who calls an exported method: others may.
  bool is_open(FuncId f) const {
    const types::Object& o = program_.object(functions_[f].object);
    bool main = program_.names().text(program_.package(program_.package_of(file_)).name) == "main";
    return o.exported && (o.method || !main);
  }

  void add(const CallSite& site) {
    auto place = places_.find(std::uint32_t(site.callee));
    if (place == places_.end() || functions_[site.callee].file == file_ || is_open(site.callee)) return;
    auto [row, first] = calls_.try_emplace(place->second);
    OutsideCalls& calls = row->second;
    calls.callee = place->second;
    CallKind kind = site.kind;
    calls.opens |= kind == CallKind::kValue || kind == CallKind::kHandler || kind == CallKind::kInterface;
    calls.apart |= kind == CallKind::kGo || kind == CallKind::kHandler;
    if (kind != CallKind::kStatic && kind != CallKind::kDefer) return;
    bool alone = !seen_static_[place->second];
    seen_static_[place->second] = true;
    if (!alone && calls.held.empty() && calls.deeper.empty()) return;
    whole_ = true;
    std::vector<NamedLock> held = named(LockBuilder(module_, 1).at_site(site), site.callee);
    std::vector<NamedLock> deeper = named(LockBuilder(module_, 2).at_site(site), site.callee);
    calls.whole &= whole_;
    calls.held = alone ? held : both(calls.held, held);
    calls.deeper = alone ? deeper : both(calls.deeper, deeper);
  }

  std::vector<NamedLock> named(const LockSet& set, FuncId in_words_of) {
    std::vector<NamedLock> all;
    for (const Held& held : set) {
      NamedLock& one = all.emplace_back();
      one.write = held.mode == LockMode::kWrite;
      whole_ &= name_path(program_, module_.paths(), functions_[in_words_of], held.path, one.path);
    }
    std::ranges::sort(all);
    return all;
  }

  void add_helper(std::uint32_t row, FuncId f) {
    bool locks = module_.calls().only_locks(f);
    if (!locks && !module_.calls().only_unlocks(f)) return;
    const LockFacts& facts = module_.locks(f, 0);
    LockSet left = locks ? facts.acquired() : facts.released();
    std::vector<ObjectId> own = parameters(program_, functions_[f]);
    std::erase_if(left, [&](const Held& held) {  // of its own variables nobody outside has a word
      ObjectId root = module_.paths().root(held.path);
      return !program_.object(root).package_level && std::ranges::find(own, root) == own.end();
    });
    whole_ = true;
    LockHelper& helper = found_.helpers.emplace_back();
    helper.row = row, helper.locks = locks;
    helper.left = named(left, f);
    helper.whole = whole_;
  }

  Module& module_;
  Program& program_;
  const FunctionTable& functions_;
  FileId file_;
  std::unordered_map<std::uint32_t, DeclaredFunction> places_;
  std::map<DeclaredFunction, OutsideCalls> calls_;
  std::map<DeclaredFunction, bool> seen_static_;
  bool whole_ = true;  // since somebody set it
  FileLocks found_;
};

FileLocks file_locks(Module& module, FileId file) { return FileLocksOf(module, file).run(); }

KnownFiles::KnownFiles(Program& program, PackageId package, std::span<const FileLocks* const> files)
    : program_(program), package_(package), files_(files.begin(), files.end()) {}

LockSet KnownFiles::read(const std::vector<NamedLock>& locks, const Function& function, PathTable& paths) {
  LockSet set;
  for (const NamedLock& one : locks) {
    PathId path = path_of(program_, paths, function, one.path);
    whole_ &= is_there(path);
    Held held{.path = path, .mode = one.write ? LockMode::kWrite : LockMode::kRead};
    set.insert(std::ranges::lower_bound(set, path, {}, &Held::path), held);
  }
  return set;
}

void KnownFiles::add_calls(const FunctionTable& functions, CallGraph& graph, PathTable& paths) {
  std::span<const FileId> all = program_.package(package_).files;
  std::unordered_map<std::uint32_t, std::vector<FuncId>> methods;  // by name
  for (FuncId f : functions.in_package(package_))
    if (const types::Object& o = program_.object(functions[f].object); o.method)
      methods[std::uint32_t(o.name)].push_back(f);
  std::vector<std::vector<FuncId>> declared;
  for (FileId file : all) declared.push_back(declared_in(program_, functions, file));
  for (std::size_t i = 0; i < all.size() && i < files_.size(); ++i) {
    if (!files_[i]) continue;
    for (const OutsideCalls& calls : files_[i]->calls) {
      auto [file, row] = calls.callee;
      if (file >= all.size() || row >= declared[file].size()) {
        whole_ = false;
        continue;
      }
      if (files_[file]) continue;  // nobody asks
      whole_ &= calls.whole;
      FuncId callee = declared[file][row];
      CallKind kind = calls.opens && calls.apart ? CallKind::kHandler
                      : calls.opens              ? CallKind::kValue
                      : calls.apart              ? CallKind::kGo
                                                 : CallKind::kStatic;
      FuncId caller = functions.of(all[i], program_.source(all[i]).root());
      graph.know({caller, callee, NodeId{std::uint32_t(sites_.size())}, kind});
      sites_.push_back(
          {read(calls.held, functions[callee], paths), read(calls.deeper, functions[callee], paths)});
    }
    for (const LockHelper& helper : files_[i]->helpers) {
      if (helper.row >= declared[i].size()) {
        whole_ = false;
        continue;
      }
      whole_ &= helper.whole;
      FuncId f = declared[i][helper.row];
      graph.know_locks(f, helper.locks);
      LockFacts& facts = helpers_[std::uint32_t(f)];
      (helper.locks ? facts.acquired_ : facts.released_) = read(helper.left, functions[f], paths);
    }
    for (const std::string& name : files_[i]->asked)
      for (FuncId f : methods[std::uint32_t(program_.names().intern(name))]) graph.know_asked(f);
  }
}

const LockSet* KnownFiles::at_site(const CallSite& site, const FunctionTable& functions, int level) const {
  if (program_.has_bodies(functions[site.caller].file)) return nullptr;
  return &sites_[std::size_t(site.node)][level == 0 ? 0 : 1];
}

const LockFacts* KnownFiles::helper(FuncId function) const {
  auto found = helpers_.find(std::uint32_t(function));
  return found == helpers_.end() ? nullptr : &found->second;
}

}  // namespace memsnap::flow
