#include "misuse/check.h"

#include "misuse/collect.h"
#include "misuse/module.h"

#include <algorithm>
#include <deque>
#include <span>

namespace memsnap::misuse {

Diagnostic& Report::at(const Code& code, NodeId node, std::string message) {
  return at(code.span(node), code.function_name(node), folded(code.text(node)), std::move(message));
}

Diagnostic& Report::at(Span span, std::string_view function, std::string subject, std::string message) {
  all_.push_back({.rule = rule_,
                  .severity = severity_,
                  .at = std::move(span),
                  .message = std::move(message),
                  .function = std::string(function),
                  .subject = std::move(subject)});
  return all_.back();
}

void relate(Diagnostic& diagnostic, const Code& code, NodeId node, std::string words) {
  diagnostic.related.push_back({.at = code.span(node), .words = std::move(words)});
}

void lead(Diagnostic& diagnostic, const Code& code, NodeId node, std::string words) {
  relate(diagnostic, code, node, std::move(words));
  diagnostic.related_is_path = true;
}

namespace {

// What the packages of one folder say.
class FolderCheck {
 public:
  FolderCheck(types::Program& program, KnownCalls& known, const Shown& shown)
      : program_(program), known_(known), shown_(shown) {
    for (const Rule* rule : rules()) known_rules_.push_back(rule->name);
  }

  std::string run(const std::string& folder, std::span<const types::PackageId> packages,
                  std::size_t parts_from) {
    std::vector<std::string> missing = program_.problems_of(folder);
    if (packages.size() == 1 && has_parts(packages[0], parts_from))
      if (std::string bytes = in_parts(packages[0], missing); !bytes.empty()) return bytes;
    for (types::PackageId package : packages) one(package);
    if (records_.empty()) records_.emplace_back();
    records_.front().missing = std::move(missing);
    return encode(FolderRecord{.rest = encode(records_), .parts = {}});
  }

  // "": what was kept does not do.
  std::string renew(const std::string& folder, types::PackageId package, Bytes kept) {
    FolderRecord old;
    std::vector<PackageRecord> rest;
    const std::vector<types::FileId>& files = program_.package(package).files;
    if (!decode(kept, old) || old.parts.size() != files.size() || !is_clean(package)) return "";
    if (!decode_packages(bytes_of(old.rest), rest) || rest.size() != 1) return "";
    if (rest[0].missing != program_.problems_of(folder)) return "";
    std::vector<flow::FileLocks> locks(files.size());
    std::vector<const flow::FileLocks*> known(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
      const FilePart& one = old.parts[i];
      if (one.name != name_of(files[i]) || !decode(bytes_of(one.locks), locks[i])) return "";
      if (!program_.has_bodies(files[i])) known[i] = &locks[i];
    }
    flow::Module flow(program_, package, known);
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (known[i]) continue;
      flow::FileLocks fresh = file_locks(flow, files[i]);
      if (!flow.complete() || !fresh.whole() || fresh != locks[i]) return "";
    }
    for (std::size_t i = 0; i < files.size(); ++i)
      if (!known[i]) old.parts[i] = part(package, files[i], flow);
    program_.forget(package);
    return flow.crossed() ? "" : encode(old);
  }

 private:
  static Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }
  std::string_view name_of(types::FileId file) const {
    std::string_view path = program_.source(file).path();
    return path.substr(path.rfind('/') + 1);
  }
  // A file that does not parse may hide declarations, or make new ones, as its bodies change.
  bool is_clean(types::PackageId package) const {
    return std::ranges::all_of(program_.package(package).files,
                               [&](types::FileId file) { return program_.source(file).errors().empty(); });
  }
  bool has_parts(types::PackageId package, std::size_t from) const {
    const types::Package& about = program_.package(package);
    std::size_t size = 0;
    for (types::FileId file : about.files) size += program_.source(file).bytes().size();
    return about.files.size() > 1 && about.test_files == 0 && size >= from && is_clean(package);
  }

  // "": some rule looks at several files at once.
  std::string in_parts(types::PackageId package, std::vector<std::string> missing) {
    PackageRecord rest{.path = program_.package(package).path, .facts = {}, .missing = std::move(missing)};
    std::string rest_bytes = encode(std::vector{rest});
    FolderRecord folder{.rest = rest_bytes, .parts = {}};
    flow::Module flow(program_, {&package, 1});
    for (types::FileId file : program_.package(package).files)
      folder.parts.push_back(part(package, file, flow));
    if (flow.crossed()) return "";
    program_.forget(package);
    return encode(folder);
  }

  FilePart part(types::PackageId package, types::FileId file, flow::Module& flow) {
    types::Digester content;
    content.add(program_.source(file).bytes());
    PackageRecord record{.path = program_.package(package).path, .facts = {}};
    std::string locks = encode(file_locks(flow, file));
    Collector collector(program_);
    flow.watch(file);
    one(file, collector, flow, record);
    flow.watch(types::kNoFile);
    record.facts = collector.finish();
    return {.name = name_of(file),
            .content = content.result(),
            .locks = texts_.emplace_back(std::move(locks)),
            .record = texts_.emplace_back(encode(std::vector{record}))};
  }

  void one(types::PackageId package) {
    PackageRecord record{.path = program_.package(package).path, .facts = {}};
    Collector& collector = collectors_.emplace_back(program_);
    flow::Module flow(program_, {&package, 1});
    for (types::FileId file : program_.package(package).files) one(file, collector, flow, record);
    record.facts = collector.finish();
    program_.forget(package);
    records_.push_back(std::move(record));
  }

  void one(types::FileId file, Collector& collector, flow::Module& flow, PackageRecord& record) {
    const SourceFile& source = program_.source(file);
    if (shown_(source.path()).empty()) return;
    ++record.files;
    record.lines += source.line_count();
    Code code(program_, known_, file);
    Locks locks(code, flow);
    FileFacts facts{code, locks};
    collector.add(facts);
    if (program_.is_generated(file)) return;
    count_unknown(code, record);
    for (const Rule* rule : rules()) {
      if (!rule->file) continue;
      Report report(rule->name, rule->severity, record.diagnostics);
      rule->file(facts, report);
    }
    std::ranges::move(suppressions_of(source, source.path(), known_rules_, record.bad_suppressions),
                      std::back_inserter(record.suppressions));
  }

  void count_unknown(const Code& code, PackageRecord& record) {
    for (NodeId node : code.of(Kind::kIndexExpr))
      record.unknown += types::known(code.type(code.as<ast::IndexExpr>(node)->x)) ? 0 : 1;
    for (NodeId node : code.of(Kind::kRangeStmt))
      record.unknown += types::known(code.type(code.as<ast::RangeStmt>(node)->x)) ? 0 : 1;
  }

  types::Program& program_;
  KnownCalls& known_;
  const Shown& shown_;
  std::vector<std::string> known_rules_;
  std::deque<Collector> collectors_;  // the texts of the facts
  std::vector<PackageRecord> records_;
  std::deque<std::string> texts_;  // of parts
};

class Together {
 public:
  Together(const std::vector<std::string>& picked, const Shown& shown) : picked_(picked), shown_(shown) {}

  CheckResult run(std::vector<PackageRecord> records) {
    std::ranges::stable_sort(records, {}, &PackageRecord::path);
    std::vector<PackageFacts> facts;
    for (PackageRecord& record : records) {
      take(record);
      facts.push_back(std::move(record.facts));
    }
    Module module(std::move(facts));
    for (const std::string& name : picked_) {
      const Rule* rule = find_rule(name);
      if (!rule || !rule->module) continue;
      Report report(rule->name, rule->severity, result_.diagnostics);
      rule->module(module, report);
    }
    end();
    return std::move(result_);
  }

 private:
  void take(PackageRecord& record) {
    // The parts of a package stand together.
    result_.packages += record.path.empty() || record.path == last_path_ ? 0 : 1;
    last_path_ = record.path;
    result_.files += record.files;
    result_.lines += record.lines;
    result_.unknown += record.unknown;
    for (Diagnostic& one : record.diagnostics)
      if (std::ranges::find(picked_, one.rule) != picked_.end())
        result_.diagnostics.push_back(std::move(one));
    std::ranges::move(record.suppressions, std::back_inserter(suppressions_));
    std::ranges::move(record.bad_suppressions, std::back_inserter(problems_));
    std::ranges::move(record.missing, std::back_inserter(result_.missing));
  }

  void end() {
    finish(result_.diagnostics);
    result_.silenced = suppress(result_.diagnostics, suppressions_);
    std::vector<Diagnostic> idle = unused(suppressions_, picked_);
    for (std::vector<Diagnostic>* more : {&idle, &problems_})
      std::ranges::move(*more, std::back_inserter(result_.diagnostics));
    finish(result_.diagnostics);
    for (std::vector<Diagnostic>* list : {&result_.diagnostics, &result_.silenced})
      for (Diagnostic& one : *list) {
        show(one.at.file);
        for (Related& other : one.related) show(other.at.file);
        for (Edit& edit : one.edits) show(edit.file);
      }
    std::ranges::sort(result_.missing);
    auto twins = std::ranges::unique(result_.missing);
    result_.missing.erase(twins.begin(), twins.end());
  }

  void show(std::string& file) {
    std::string shown = shown_(file);
    if (shown.empty()) return;
    result_.paths.emplace(shown, file);
    file = std::move(shown);
  }

  const std::vector<std::string>& picked_;
  const Shown& shown_;
  std::vector<Suppression> suppressions_;
  std::vector<Diagnostic> problems_;
  std::string last_path_;
  CheckResult result_;
};

}  // namespace

void check_folders(types::Program& program, const Shown& shown, const FolderOptions& options,
                   const FolderSink& sink) {
  std::map<std::string, std::vector<types::PackageId>> folders;
  for (types::PackageId package : program.asked())
    folders[program.package(package).folder].push_back(package);
  for (const std::string& folder : program.problem_folders()) folders[folder];
  KnownCalls known;
  for (const auto& [folder, packages] : folders) {
    FolderCheck check(program, known, shown);
    auto kept = options.kept.find(folder);
    if (kept == options.kept.end())
      sink(folder, check.run(folder, packages, options.parts_from));
    else
      sink(folder, packages.size() == 1 ? check.renew(folder, packages[0], kept->second) : "");
  }
}

CheckResult check_together(std::vector<PackageRecord> records, const std::vector<std::string>& rules,
                           const Shown& shown) {
  return Together(rules, shown).run(std::move(records));
}

}  // namespace memsnap::misuse
