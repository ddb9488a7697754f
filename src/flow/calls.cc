#include "flow/calls.h"
#include "flow/call_collector.h"

#include <algorithm>

namespace memsnap::flow {

using types::ObjectKind;

namespace {

constexpr std::size_t kMaxTargets = 16;  // methods that one interface call may lead to; more is no knowledge

// T or *T of a method.
TypeId receiver_type(Program& program, const Function& function) {
  const SourceFile& source = program.source(function.file);
  auto decl = source.as<ast::FuncDecl>(function.node);
  auto list = decl ? source.as<ast::FieldList>(decl->recv) : std::nullopt;
  if (!list || list->list.empty()) return types::kUnknownType;
  auto field = source.as<ast::Field>(list->list[0]);
  return field ? program.type_of(function.file, field->type) : types::kUnknownType;
}

}  // namespace

void CallGraph::add(Program& program, const FunctionTable& functions, PackageId package) {
  for (FileId file : program.package(package).files)
    if (program.has_bodies(file)) CallCollector(program, functions, *this, file).run();
}

// Puts the declared functions in place of the names, now that all packages are there.
void CallGraph::resolve(Program& program, const FunctionTable& functions) {
  std::ranges::stable_sort(held_, {}, &Held::var);
  std::vector<Pending> resolved;
  for (Pending& p : pending_) {
    if (is_there(p.site.callee)) {
      resolved.push_back(p);
    } else if (program.object(p.callee).kind == ObjectKind::kVar) {
      auto [from, to] = std::ranges::equal_range(held_, p.callee, {}, &Held::var);
      for (auto held = from; held != to; ++held) {
        p.site.callee = held->function;
        resolved.push_back(p);
      }
    } else if (types::known(p.interface) || is_there(p.site.callee = functions.of(p.callee))) {
      resolved.push_back(p);
    }
  }
  pending_ = std::move(resolved);
  resolve_interfaces(program, functions);
}

// A call through an interface may be a call of each method of that name whose type has all the others.
void CallGraph::resolve_interfaces(Program& program, const FunctionTable& functions) {
  std::unordered_map<std::uint32_t, std::vector<FuncId>> by_name;
  for (std::uint32_t f = 1; f < functions.size(); ++f) {
    const types::Object& o = program.object(functions[FuncId{f}].object);
    if (o.method) by_name[std::uint32_t(o.name)].push_back(FuncId{f});
  }
  std::unordered_map<std::uint64_t, std::vector<FuncId>> targets;
  std::vector<Pending> more;
  for (const Pending& p : pending_) {
    if (!types::known(p.interface) || is_there(p.site.callee)) continue;
    auto named = by_name.find(std::uint32_t(program.object(p.callee).name));
    if (named == by_name.end()) continue;
    for (FuncId f : named->second) set(f, kAsked);
    asked_.emplace_back(functions[p.site.caller].file, program.object(p.callee).name);
    auto [at, fresh] = targets.try_emplace(std::uint64_t(p.interface) << 32 | std::uint64_t(p.callee));
    if (fresh && named->second.size() <= 64 * kMaxTargets) {
      for (FuncId f : named->second) {
        TypeId receiver = receiver_type(program, functions[f]);
        if (types::known(receiver) && program.implements(receiver, p.interface)) at->second.push_back(f);
      }
      if (at->second.size() > kMaxTargets) at->second.clear();
    }
    for (FuncId f : at->second) {
      more.push_back(p);
      more.back().site.callee = f;
    }
  }
  std::erase_if(pending_, [](const Pending& p) { return !is_there(p.site.callee); });
  pending_.insert(pending_.end(), more.begin(), more.end());
}

void CallGraph::index(std::size_t functions) {
  std::ranges::stable_sort(pending_, {}, [](const Pending& p) { return p.site.caller; });
  from_first_.assign(functions + 1, 0);
  into_first_.assign(functions + 1, 0);
  for (const Pending& p : pending_) {
    sites_.push_back(p.site);
    in_loop_.push_back(p.in_loop);
    ++from_first_[std::size_t(p.site.caller) + 1];
    ++into_first_[std::size_t(p.site.callee) + 1];
  }
  for (std::size_t f = 0; f < functions; ++f) {
    from_first_[f + 1] += from_first_[f];
    into_first_[f + 1] += into_first_[f];
  }
  std::vector<std::uint32_t> at = into_first_;
  by_callee_.resize(sites_.size());
  for (const CallSite& site : sites_) by_callee_[at[std::size_t(site.callee)]++] = site;
  pending_ = {};
  held_ = {};
  flags_.resize(functions);
  reason_.assign(functions, kNoReason);
}

std::vector<NameId> CallGraph::asked_by(FileId file) const {
  std::vector<NameId> names;
  for (const auto& [by, name] : asked_)
    if (by == file) names.push_back(name);
  return names;
}

std::span<const CallSite> CallGraph::from(FuncId f) const {
  std::size_t row = std::size_t(f);
  if (row + 1 >= from_first_.size()) return {};
  return std::span(sites_).subspan(from_first_[row], from_first_[row + 1] - from_first_[row]);
}

std::span<const CallSite> CallGraph::into(FuncId f) const {
  std::size_t row = std::size_t(f);
  if (row + 1 >= into_first_.size()) return {};
  return std::span(by_callee_).subspan(into_first_[row], into_first_[row + 1] - into_first_[row]);
}

namespace {

// What the functions are by themselves, and what follows from who calls them.
class Roots {
 public:
  Roots(Program& program, const FunctionTable& functions) : program_(program), functions_(functions) {}

  bool in_test(FuncId f) const { return is_there(f) && program_.is_test(functions_[f].file); }
  bool starts_program(FuncId f) const {
    const Function& function = functions_[f];
    const SourceFile& source = program_.source(function.file);
    if (source.kind(function.node) == ast::Kind::kFile) return true;
    auto decl = source.as<ast::FuncDecl>(function.node);
    return decl && !ast::is_there(decl->recv) && (source.text(decl->name) == "init" || is_main(f));
  }
  bool is_main(FuncId f) const {
    const Function& function = functions_[f];
    auto decl = program_.source(function.file).as<ast::FuncDecl>(function.node);
    return decl && !ast::is_there(decl->recv) && program_.source(function.file).text(decl->name) == "main" &&
           in_main_package(f);
  }
  bool in_main_package(FuncId f) const {
    return program_.names().text(program_.package(program_.package_of(functions_[f].file)).name) == "main";
  }

 private:
  Program& program_;
  const FunctionTable& functions_;
};

}  // namespace

// Marks what the open functions call, and what that calls.
void CallGraph::spread(std::uint8_t bit, std::vector<FuncId> open,
                       const std::function<bool(const CallSite&)>& goes) {
  while (!open.empty()) {
    FuncId f = open.back();
    open.pop_back();
    for (std::uint32_t row = from_first_[std::size_t(f)]; row < from_first_[std::size_t(f) + 1]; ++row) {
      const CallSite& site = sites_[row];
      if (has(site.callee, bit) || !goes(site)) continue;
      set(site.callee, bit);
      if (bit == kConcurrent) reason_[std::size_t(site.callee)] = row;
      open.push_back(site.callee);
    }
  }
}

void CallGraph::finish(Program& program, const FunctionTable& functions) {
  resolve(program, functions);
  index(functions.size());
  Roots roots(program, functions);
  std::vector<FuncId> beside, many, start, later;
  auto mark = [&](FuncId f, std::uint8_t bit, std::vector<FuncId>& list) {
    if (!has(f, bit)) set(f, bit), list.push_back(f);
  };
  for (FuncId f : served_) mark(f, kConcurrent, beside), mark(f, kMany, many), mark(f, kLater, later);
  std::vector<std::uint32_t> first_go(functions.size(), ~0u);  // where main stops to be alone
  for (std::uint32_t row = 0; row < sites_.size(); ++row) {
    const CallSite& site = sites_[row];
    if (roots.in_test(site.caller)) continue;
    bool apart = site.kind == CallKind::kGo || site.kind == CallKind::kHandler;
    if (apart && !has(site.callee, kConcurrent)) reason_[std::size_t(site.callee)] = row;
    if (apart) mark(site.callee, kConcurrent, beside);
    if (site.kind == CallKind::kHandler || (site.kind == CallKind::kGo && in_loop_[row]))
      mark(site.callee, kMany, many);
    if (apart || site.kind == CallKind::kValue) mark(site.callee, kLater, later);
    if (apart)
      first_go[std::size_t(site.caller)] =
          std::min(first_go[std::size_t(site.caller)], std::uint32_t(site.node));
  }
  for (std::uint32_t i = 1; i < functions.size(); ++i) {
    FuncId f{i};
    if (roots.in_test(f)) continue;
    if (roots.starts_program(f))
      mark(f, kStart, start);
    else if (into(f).empty())
      mark(f, kLater, later);
    if (is_closed(program, functions, f, roots.in_main_package(f))) set(f, kClosed);
  }
  auto inside = [&](const CallSite& site) { return !roots.in_test(site.callee); };
  spread(kConcurrent, beside, inside);
  // What a function that runs many times beside itself starts runs many times too.
  for (std::uint32_t row = 0; row < sites_.size(); ++row)
    if (has(sites_[row].caller, kConcurrent) && sites_[row].kind == CallKind::kGo &&
        has(sites_[row].caller, kMany))
      mark(sites_[row].callee, kMany, many);
  spread(kMany, many, inside);
  auto before_go = [&](const CallSite& site) {
    return inside(site) && site.kind != CallKind::kGo && site.kind != CallKind::kHandler &&
           std::uint32_t(site.node) < first_go[std::size_t(site.caller)];
  };
  spread(kStart, start, before_go);
  for (const CallSite& site : sites_)
    if (has(site.caller, kStart) && inside(site) && !before_go(site)) mark(site.callee, kLater, later);
  spread(kLater, later, inside);
}

bool CallGraph::is_closed(const Program& program, const FunctionTable& functions, FuncId f,
                          bool in_main) const {
  const types::Object& o = program.object(functions[f].object);
  if (o.kind != ObjectKind::kFunc || into(f).empty()) return false;
  if (o.method ? (o.exported || has(f, kAsked)) : (o.exported && !in_main)) return false;
  return std::ranges::none_of(into(f), [](const CallSite& site) {
    return site.kind == CallKind::kValue || site.kind == CallKind::kHandler ||
           site.kind == CallKind::kInterface;
  });
}

std::vector<CallSite> CallGraph::why_concurrent(FuncId f) const {
  std::vector<CallSite> found;
  for (std::size_t n = 0; n < 32 && std::size_t(f) < reason_.size() && reason_[std::size_t(f)] != kNoReason;
       ++n) {
    const CallSite& site = sites_[reason_[std::size_t(f)]];
    found.push_back(site);
    if (site.kind == CallKind::kGo || site.kind == CallKind::kHandler) break;
    f = site.caller;
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace memsnap::flow
