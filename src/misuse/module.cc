#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {

// Open addressing by key; a slot is a row of symbols, 0 when it is free.
struct Module::Table {
  std::vector<std::uint32_t> slots = std::vector<std::uint32_t>(1 << 12);
  std::size_t used = 0;

  std::uint32_t& slot(std::uint64_t key, const std::vector<Symbol>& symbols) {
    std::size_t mask = slots.size() - 1, at = (key * 0x9e3779b97f4a7c15) >> 20 & mask;
    while (slots[at] != 0 && symbols[slots[at]].key != key) at = (at + 1) & mask;
    return slots[at];
  }
  void grow(const std::vector<Symbol>& symbols) {
    slots.assign(slots.size() * 4, 0);
    for (std::size_t row = 1; row < symbols.size(); ++row)
      slot(symbols[row].key, symbols) = std::uint32_t(row);
  }
};

Module::Module(std::vector<PackageFacts> packages) : packages_(std::move(packages)) {
  std::size_t symbols = 1, functions = 1;
  for (const PackageFacts& package : packages_)
    symbols += package.symbols.size(), functions += package.functions.size();
  symbols_.reserve(symbols), functions_.reserve(functions);
  Table table;
  for (PackageFacts& package : packages_) take(package, table);
  index();
}

// Replaces rows and symbols of the package by those of the module.
void Module::take(PackageFacts& package, Table& table) {
  std::vector<SymbolId> global(package.symbols.size());
  for (std::size_t i = 1; i < package.symbols.size(); ++i) {
    const Symbol& one = package.symbols[i];
    if (table.slots.size() < symbols_.size() * 2) table.grow(symbols_);
    std::uint32_t& row = table.slot(one.key, symbols_);
    if (row == 0) {
      row = std::uint32_t(symbols_.size());
      symbols_.push_back(one);
    }
    symbols_[row].has_lock |= one.has_lock;
    global[i] = SymbolId{row};
  }
  auto symbol = [&](SymbolId& one) { one = global[std::size_t(one)]; };
  // Row 0 is the package level of all packages.
  auto base = FunctionRow(functions_.size() - 1);
  auto function = [&](FunctionRow& row) { row += row == 0 ? 0 : base; };
  auto first_file = std::uint32_t(files_.size());
  files_.insert(files_.end(), package.files.begin(), package.files.end());
  for (Function& one : package.functions) {
    symbol(one.object), function(one.around);
    for (SymbolId& mutex : one.lent) symbol(mutex);
  }
  functions_.insert(functions_.end(), package.functions.begin() + 1, package.functions.end());
  for (Call& call : package.calls) {
    symbol(call.callee), function(call.from);
    for (SymbolId& mutex : call.held) symbol(mutex);
  }
  for (Use& use : package.uses) {
    symbol(use.object), function(use.function);
    use.place.file += first_file;
    for (Guard& guard : use.guards) symbol(guard.mutex);
  }
  owners_.resize(symbols_.size());
  living_.resize(symbols_.size());
  for (Owner& one : package.owners)
    symbol(one.field), symbol(one.type), owners_[std::size_t(one.field)] = one.type;
  for (Maker& one : package.makers)
    symbol(one.type), function(one.function), makers_.push_back({one.type, one.function});
  for (RlockWrite& one : package.rlock_writes) {
    symbol(one.field), function(one.function);
    one.at.file += first_file, one.lock.file += first_file;
    rlock_writes_.push_back(one);
  }
  touched_.resize(symbols_.size());
  for (Touched& one : package.touched) {
    symbol(one.field);
    touched_[std::size_t(one.field)].bare += one.bare;
    touched_[std::size_t(one.field)].for_writing += one.for_writing;
  }
  for (SymbolId& field : package.living) symbol(field), living_[std::size_t(field)] = true;
}

void Module::index() {
  // Both by counting, which keeps the order of what is equal.
  first_call_.assign(symbols_.size() + 1, 0);
  for (const PackageFacts& package : packages_)
    for (const Call& call : package.calls) ++first_call_[std::size_t(call.callee) + 1];
  for (std::size_t i = 1; i < first_call_.size(); ++i) first_call_[i] += first_call_[i - 1];
  std::vector<std::uint32_t> next = first_call_;
  calls_.resize(first_call_.back());
  for (PackageFacts& package : packages_) {
    for (Call& call : package.calls) calls_[next[std::size_t(call.callee)]++] = std::move(call);
    package.calls = {};
  }

  std::vector<std::uint32_t> first(symbols_.size() + 1);
  for (const PackageFacts& package : packages_)
    for (const Use& use : package.uses) ++first[std::size_t(use.object) + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  next = first;
  uses_.resize(first.back());
  for (const PackageFacts& package : packages_)
    for (const Use& use : package.uses) uses_[next[std::size_t(use.object)]++] = &use;
  for (std::size_t i = 1; i < symbols_.size(); ++i)
    if (std::size_t count = first[i + 1] - first[i])
      by_object_.push_back({SymbolId(i), UseList(uses_).subspan(first[i], count)});
  std::ranges::sort(makers_);
}

std::span<const Call> Module::callers(SymbolId function) const {
  std::size_t row = std::size_t(function);
  return std::span(calls_).subspan(first_call_[row], first_call_[row + 1] - first_call_[row]);
}

// Nothing of the type is made but by package variables, and by functions that only run, or are only called,
// while the program starts.
bool Module::made_at_start(SymbolId type) const {
  auto makers = std::ranges::equal_range(makers_, type, {}, &std::pair<SymbolId, FunctionRow>::first);
  return std::ranges::all_of(makers, [&](const auto& maker) {
    FunctionRow row = maker.second;
    if (only_at_start(row) || functions_[row].is_test) return true;
    std::span<const Call> all = callers(functions_[row].object);
    return is_there(functions_[row].object) && !all.empty() &&
           std::ranges::all_of(all, [&](const Call& call) { return only_at_start(call.from); });
  });
}

namespace {
constexpr int kDeep = 12;        // calls that are followed
constexpr int kMostHelpers = 4;  // calls between a lock and what it guards

bool is_set(std::uint32_t bits, int at) { return at >= 0 && at < 32 && (bits >> at & 1) != 0; }

bool names_a_registry(std::string_view name) {
  if (std::size_t dot = name.rfind('.'); dot != name.npos) name.remove_prefix(dot + 1);
  for (std::string_view start : {"On", "Register", "register", "Must", "must", "Init", "init", "Install",
                                 "install", "Define", "define", "Setup", "setup"})
    if (name.starts_with(start)) return true;
  return name.find("_register") != name.npos;
}

// plugins.AddFormat: a function, not a method, for other programs to call while they start.
bool adds_to_registry(std::string_view name) {
  std::size_t slash = name.rfind('/');
  if (slash != name.npos) name.remove_prefix(slash + 1);
  std::size_t dot = name.find('.');
  if (dot == name.npos || name.find('.', dot + 1) != name.npos) return false;
  name.remove_prefix(dot + 1);
  return name.size() > 3 && name.starts_with("Add") && name[3] >= 'A' && name[3] <= 'Z';
}

}  // namespace

bool Module::start_only(FunctionRow row, int depth) const {
  if (row == 0) return true;
  if (depth > kDeep) return false;
  const Function& one = functions_[row];
  if (one.is_init) return true;
  if (one.goroutine || one.handler) return false;
  if (!is_there(one.object)) return start_only(one.around, depth + 1) && !one.as_value;
  std::span<const Call> all = callers(one.object);
  if (all.empty()) return names_a_registry(one.name) || (one.exported && adds_to_registry(one.name));
  if (one.exported && names_a_registry(one.name)) return true;
  return std::ranges::all_of(all, [&](const Call& call) {
    return call.at_start || (call.from != 0 && start_only(call.from, depth + 1));
  });
}

bool Module::is_open(FunctionRow row, int depth) const {
  if (row == 0 || depth > kMostHelpers) return false;
  const Function& one = functions_[row];
  if (one.exported || one.handler) return true;
  if (!is_there(one.object)) return is_open(one.around, depth + 1);
  return std::ranges::any_of(callers(one.object),
                             [&](const Call& call) { return is_open(call.from, depth + 1); });
}

bool Module::runs_beside(FunctionRow row, int depth) const {
  if (row == 0 || depth > 2) return false;
  const Function& one = functions_[row];
  if (one.handler || (one.goroutine && one.in_loop)) return true;
  if (!is_there(one.object)) return !one.goroutine && runs_beside(one.around, depth + 1);
  return std::ranges::any_of(callers(one.object), [&](const Call& call) {
    if (call.fresh || call.locked) return false;
    return call.in_loop || (!call.go && runs_beside(call.from, depth + 1));
  });
}

bool Module::all_hold(FunctionRow row, SymbolId mutex, int argument, bool perhaps, int depth) const {
  while (row != 0 && !is_there(functions_[row].object)) {  // a literal that is called where it stands
    if (functions_[row].goroutine) return false;
    // Who calls a closure that is handed on, and what is held there, is not known.
    if (functions_[row].as_value) return perhaps && depth > 0 && !functions_[row].handler;
    row = functions_[row].around;
    argument = -1;
  }
  if (row == 0 || depth > kMostHelpers) return false;
  std::span<const Call> all = callers(functions_[row].object);
  return !all.empty() && std::ranges::all_of(all, [&](const Call& call) {
    if (call.from == row) return true;  // what holds for the first call holds for those below it
    if (call.from == 0 || call.go) return false;
    if (std::ranges::find(call.held, mutex) != call.held.end() || call.made) return true;
    if (is_set(call.fresh_arguments, argument)) return true;
    const Function& from = functions_[call.from];
    if (from.is_test || from.says_locked) return true;
    int above = -1;
    for (const Argument& one : call.forwarded)
      if (int(one.argument) == argument) above = int(one.parameter);
    return all_hold(call.from, mutex, above, perhaps, depth + 1);
  });
}

bool Module::starts(FunctionRow row, int depth, std::set<const void*>& found) const {
  if (row == 0 || depth > kDeep) return false;
  const Function& one = functions_[row];
  if (one.handler) return false;
  if (one.goroutine) {
    found.insert(&one);
    return !one.in_loop && found.size() == 1;
  }
  if (!is_there(one.object)) return !one.as_value && starts(one.around, depth + 1, found);
  std::span<const Call> all = callers(one.object);
  return !all.empty() && !one.exported && std::ranges::all_of(all, [&](const Call& call) {
    if (call.from == row || functions_[call.from].is_test) return true;
    if (!call.go) return starts(call.from, depth + 1, found);
    found.insert(&call);
    return !call.in_loop && found.size() == 1;
  });
}

const void* Module::only_goroutine(FunctionRow row) const {
  std::set<const void*> found;
  return starts(row, 0, found) && !found.empty() ? *found.begin() : nullptr;
}

bool Module::callers_pass_constants(FunctionRow row, int argument) const {
  if (argument < 0) return false;
  std::span<const Call> all = callers(functions_[row].object);
  return !all.empty() && std::ranges::all_of(all, [&](const Call& call) {
    return functions_[call.from].is_test || is_set(call.constant_arguments, argument);
  });
}

bool Module::is_unguarded(SymbolId field) const {
  const Touched& touched = touched_[std::size_t(field)];
  return touched.bare > 0 && touched.for_writing == 0;
}

bool Module::lives_on(SymbolId object) const {
  const Symbol& one = about(object);
  if (!one.field) return one.package_level;
  return living_[std::size_t(object)] && made_at_start(owner_type(object));
}

SymbolId Module::owner_type(SymbolId field) const { return owners_[std::size_t(field)]; }

Span Module::span(const Place& place) const {
  return {.file = std::string(files_[place.file]),
          .from = place.from,
          .to = place.to,
          .line = place.line,
          .column = place.column,
          .end_line = place.end_line,
          .end_column = place.end_column};
}

std::string Module::name_of(SymbolId object) const {
  std::string name(about(object).name);
  SymbolId owner = owner_type(object);
  return is_there(owner) ? std::string(about(owner).name) + "." + name : name;
}

}  // namespace memsnap::misuse
