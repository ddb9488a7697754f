#include "verbs/check_look.h"

#include "gotypes/index.h"
#include "gotypes/types.h"
#include "lint/config.h"
#include "os/files.h"
#include "os/folders.h"
#include "verbs/check_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>

namespace memsnap {

GoEnvironment go_environment() {
  return read_go_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  });
}

namespace {

std::string relative_to(const std::string& folder, const std::string& path) {
  bool below = path.size() > folder.size() + 1 && path.starts_with(folder) && path[folder.size()] == '/';
  return below ? path.substr(folder.size() + 1) : path;
}

std::string go_words(const Modules& modules) {
  for (const Module& module : modules.all())
    if (module.main && module.go.known()) return fmt::format("go{}.{}", module.go.major, module.go.minor);
  return "";
}

// A record in the cache: what the folder declares, then what was found.
constexpr std::size_t kDigestSize = 16;
std::string with_digest(const types::Digest& digest, const std::string& record) {
  std::string out;
  for (std::uint64_t number : {digest.high, digest.low})
    for (int i = 0; i < 8; ++i) out.push_back(char(number >> (8 * i)));
  return out + record;
}
std::pair<types::Digest, Bytes> split(Bytes record) {
  Cursor in(record);
  types::Digest digest;
  digest.high = in.fixed<std::uint64_t>(), digest.low = in.fixed<std::uint64_t>();
  return {digest, in.ok() ? record.subspan(kDigestSize) : Bytes()};
}

class Looker {
 public:
  explicit Looker(const TreeOptions& options) : options_(options) {
    load_ = {.folder = options.folder, .tests = options.tests};
    if (!options.patterns.empty()) load_.patterns = options.patterns;
    from_ = real_path(options.shown_from.empty() ? "." : options.shown_from);
    shown_ = [this](const std::string& path) {
      std::string name = relative_to(from_, path.starts_with('/') ? path : real_path(path));
      return is_excluded(options_.exclude, name) ? std::string() : name;
    };
  }

  Result<Look> run() {
    Modules modules = TRY(Modules::find(load_.folder, environment_));
    look_.go = go_words(modules);
    if (options_.cache.empty()) {
      std::unique_ptr<types::Program> program = TRY(types::Program::load(load_, std::move(modules)));
      look_.missing = program->new_problems();
      check(*program, {});
    } else {
      TRY_VOID(with_cache(std::move(modules)));
    }
    finish();
    return std::move(look_);
  }

 private:
  struct Changed {
    std::set<std::string> folders;
    // Of folders whose declarations are the same: the files that changed, and what is kept.
    std::map<std::string, std::vector<std::string>> with_bodies;
    std::map<std::string, Bytes> kept;
  };
  // Fills records_ of the folders; false when they depend on more than the digests know.
  bool check(types::Program& program, const misuse::FolderOptions& options) {
    misuse::check_folders(program, shown_, options, [&](const std::string& folder, std::string bytes) {
      records_[folder].clear();
      fresh_[folder] = std::move(bytes);
      std::string_view text = fresh_[folder];
      CHECK(text.empty() || misuse::decode(std::as_bytes(std::span(text)), records_[folder]));
    });
    std::vector<std::string> more = program.new_problems();
    std::ranges::move(more, std::back_inserter(more_missing_));
    return more.empty();
  }

  types::Digest way() const;
  bool can_be_kept(const Modules& modules, const std::vector<Modules::Found>& found) const;
  Result<void> with_cache(Modules modules);
  Changed changes(CheckCache& cache, const std::vector<types::FolderDigest>& digests);
  Result<bool> look_at(Modules modules, const std::vector<Modules::Found>& found, const Changed& changed);
  void keep(CheckCache& cache, const std::vector<types::FolderDigest>& digests);
  void finish();

  const TreeOptions& options_;
  GoEnvironment environment_ = go_environment();
  types::LoadOptions load_;
  std::string from_;  // what names are relative to
  misuse::Shown shown_;
  std::optional<CheckCache> cache_;
  std::map<std::string, std::string> fresh_;                           // bytes of records, by folder
  std::map<std::string, std::vector<misuse::PackageRecord>> records_;  // by folder
  std::vector<std::string> more_missing_;
  Look look_;
};

// All but the sources that decides what is found.
types::Digest Looker::way() const {
  types::Digester digester;
  digester.add(MEMSNAP_VERSION);
  FileStamp self = stamp_of("/proc/self/exe").value_or(FileStamp{});
  digester.add(self.size), digester.add(self.inode), digester.add(std::uint64_t(self.changed_ns));
  digester.add(real_path(load_.folder));
  digester.add(std::uint64_t(load_.tests));
  if (load_.tests)  // then what others see of a package depends on which were asked for
    for (const std::string& pattern : load_.patterns) digester.add(pattern);
  digester.add(std::uint64_t(options_.exclude.size()));
  for (const std::string& one : options_.exclude) digester.add(one);
  if (!options_.exclude.empty()) digester.add(from_);
  digester.add(environment_.goos), digester.add(environment_.goarch);
  digester.add(std::uint64_t(environment_.cgo));
  for (const std::string& tag : environment_.tags) digester.add(tag);
  return digester.result();
}

// Files that are named one by one are a package of their own, and a folder of the module cache is another
// package than the one that imports lead to.
bool Looker::can_be_kept(const Modules& modules, const std::vector<Modules::Found>& found) const {
  auto is_file = [](const std::string& pattern) { return pattern.ends_with(".go"); };
  auto is_main = [&](const Modules::Found& one) { return modules.all()[one.place.module].main; };
  return std::ranges::none_of(load_.patterns, is_file) && std::ranges::all_of(found, is_main);
}

Result<void> Looker::with_cache(Modules modules) {
  std::vector<Modules::Found> found = TRY(types::find_packages(modules, load_));
  look_.missing = modules.problems();
  if (!can_be_kept(modules, found)) {
    check(*TRY(types::Program::load(load_, std::move(modules), found)), {});
    return {};
  }
  CheckCache& cache = cache_.emplace(options_.cache, way());
  std::vector<types::FolderDigest> digests = cache.index().digests(modules, found, load_);
  look_.use = {.path = cache.path(), .folders = digests.size()};
  Changed changed = changes(cache, digests);
  look_.use.taken = digests.size() - changed.folders.size();
  look_.use.files_read = cache.index().files_read();
  std::erase_if(found,
                [&](const Modules::Found& one) { return !changed.folders.contains(one.place.folder); });
  if (!found.empty()) {
    bool keeps = TRY(look_at(std::move(modules), found, changed));
    std::erase_if(found, [&](const Modules::Found& one) { return !fresh_[one.place.folder].empty(); });
    if (!found.empty()) {  // what was kept of these did not do
      look_.use.files_taken = 0;
      Modules again = TRY(Modules::find(load_.folder, environment_));
      keeps &= TRY(look_at(std::move(again), found, {}));
    }
    if (keeps) keep(cache, digests);
  }
  if (Result<void> saved = cache.save(); !saved) look_.use.problem = saved.error().what;
  look_.use.damaged = cache.damaged(), look_.use.bytes = cache.size();
  return {};
}

// The folders that have to be looked at, and of these, those of which only some files do.
Looker::Changed Looker::changes(CheckCache& cache, const std::vector<types::FolderDigest>& digests) {
  Changed changed;
  for (const types::FolderDigest& one : digests) {
    std::optional<CheckCache::Kept> kept = one.known ? cache.find(one.folder) : std::nullopt;
    auto [declared, record] = kept ? split(kept->record) : std::pair<types::Digest, Bytes>();
    if (kept && kept->key == one.own && misuse::decode(record, records_[one.folder])) continue;
    changed.folders.insert(one.folder);
    if (!kept || declared != one.declared) continue;
    misuse::FolderRecord folder;
    if (!misuse::decode(record, folder) || folder.parts.empty()) continue;
    auto is_same = [&](const types::FolderDigest::File& file) {
      auto part = std::ranges::find(folder.parts, file.name, &misuse::FilePart::name);
      return part != folder.parts.end() && part->content == file.content;
    };
    std::vector<std::string>& paths = changed.with_bodies[one.folder];
    for (const types::FolderDigest::File& file : one.files)
      if (!is_same(file)) paths.push_back(one.folder + "/" + file.name);
    changed.kept.emplace(one.folder, record);
    look_.use.files_taken += folder.parts.size() - std::min(folder.parts.size(), paths.size());
  }
  if (!load_.tests || changed.folders.empty()) return changed;
  changed = {}, records_.clear();
  for (const types::FolderDigest& one : digests) changed.folders.insert(one.folder);
  return changed;
}

// False when what was found depends on more than the digests know. Folders of which no bytes are in fresh_
// behind it have to be looked at as a whole.
Result<bool> Looker::look_at(Modules modules, const std::vector<Modules::Found>& found,
                             const Changed& changed) {
  std::string none = misuse::encode(std::vector<misuse::PackageRecord>());
  for (const Modules::Found& one : found)  // of tests alone
    fresh_[one.place.folder] = misuse::encode(misuse::FolderRecord{.rest = none, .parts = {}});
  types::LoadOptions some = load_;
  some.with_bodies = changed.with_bodies;
  auto program = TRY(types::Program::load(some, std::move(modules), found));
  program->new_problems();  // of the modules
  std::size_t parts_from = load_.tests ? ~std::size_t(0) : options_.parts_from;
  bool all_known = check(*program, {.parts_from = parts_from, .kept = changed.kept});
  return all_known && cache_->index().are_unchanged(program->paths());
}

void Looker::keep(CheckCache& cache, const std::vector<types::FolderDigest>& digests) {
  for (const types::FolderDigest& one : digests)
    if (auto bytes = fresh_.find(one.folder); one.known && bytes != fresh_.end())
      cache.put(one.folder, one.own, with_digest(one.declared, bytes->second));
}

void Looker::finish() {
  std::vector<misuse::PackageRecord> all;
  for (auto& [folder, records] : records_) std::ranges::move(records, std::back_inserter(all));
  look_.result = misuse::check_together(std::move(all), options_.rules, shown_);
  std::ranges::move(look_.result.missing, std::back_inserter(more_missing_));
  std::ranges::sort(more_missing_);
  for (std::string& line : more_missing_)
    if (std::ranges::find(look_.missing, line) == look_.missing.end())
      look_.missing.push_back(std::move(line));
}

}  // namespace

Result<Look> look_at_tree(const TreeOptions& options) { return Looker(options).run(); }

}  // namespace memsnap
