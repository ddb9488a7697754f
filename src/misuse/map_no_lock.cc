// Rule map-no-lock: a map or slice field that most of its accesses guard with a mutex of the same struct is
// touched without it.
//
// An access counts as guarded when the mutex is held there, when all callers of its function hold it, when it
// is in a goroutine for which its maker waits under the mutex, or when the function's name or comment says
// so. Reported when functions that hold it are at least two, and either one single function does without, or
// three quarters of all, are guarded by one mutex, and one of the pair is a write. Of several mutexes it is
// the one that guards most. Accesses to objects that the function or all its callers made themselves, those
// while the program starts, those of closures that somebody keeps and calls who knows where, reads behind a
// call of the one function that ever sets the field, reads in the one goroutine that all writes are in, and
// those of UnmarshalJSON and its like do not count. What one function touches without one mutex is one
// finding.
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>
#include <map>
#include <set>

namespace memsnap::misuse {
namespace {

bool touches(How how) {
  switch (how) {
    case How::kRead:
    case How::kInsert:
    case How::kInner:
    case How::kDelete:
    case How::kClear:
    case How::kRange:
    case How::kLen:
    case How::kAssign:
    case How::kAppend:
    case How::kAppendTo: return true;
    default: return false;
  }
}

bool is_write(How how) {
  return how == How::kInsert || how == How::kDelete || how == How::kClear || how == How::kAssign ||
         how == How::kAppend;
}

struct Tally {
  std::vector<const Use*> guarded, bare;
  std::set<FunctionRow> functions;
  bool written = false;
};

// An access without the mutex.
struct Bare {
  const Use* use = nullptr;
  SymbolId mutex = kNoSymbol;
  std::vector<const Use*> guarded;
};

// The literals around an access, outwards: true when `test` holds for one of them or the function.
template <class Test>
bool around(const Module& module, FunctionRow row, Test&& test) {
  for (; row != 0; row = module.function(row).around)
    if (test(module.function(row))) return true;
  return false;
}

bool holds(const Module& module, const Use& use, SymbolId mutex) {
  for (const Guard& guard : use.guards)
    if (guard.mutex == mutex) return true;
  FunctionRow row = use.function;
  for (; row != 0 && !is_there(module.function(row).object); row = module.function(row).around) {
    const std::vector<SymbolId>& lent = module.function(row).lent;
    if (std::ranges::find(lent, mutex) != lent.end()) return true;
    if (module.function(row).goroutine) return false;
  }
  return row != 0 && module.callers_hold(row, mutex, use.of_parameter);
}

bool says(const Module& module, FunctionRow row) {
  return around(module, row, [](const Function& one) { return one.says_locked; });
}

// A closure that is stored or passed on: what its caller holds is not known.
bool is_kept_closure(const Module& module, FunctionRow row) {
  return around(module, row, [](const Function& one) { return one.as_value && !one.handler; });
}

// The one function that sets the field, under the lock and when it is nil: whoever has called it may read.
FunctionRow setter_of(const Module& module, UseList uses) {
  FunctionRow setter = 0;
  bool compares = false;
  for (const Use* use : uses) {
    if (use->fresh || module.function(use->function).is_test) continue;
    if (is_write(use->how) && use->how != How::kAssign) return 0;
    if (use->how != How::kAssign) continue;
    if (use->guards.empty() || (setter != 0 && setter != use->function)) return 0;
    setter = use->function;
  }
  for (const Use* use : uses) compares |= use->function == setter && use->how == How::kCompare;
  return compares ? setter : 0;
}

bool calls(const Module& module, FunctionRow from, FunctionRow callee) {
  return callee != 0 && std::ranges::any_of(module.callers(module.function(callee).object),
                                            [&](const Call& one) { return one.from == from; });
}

// start() makes the map, or fills it in front of its first go statement, before there is anybody to share it
// with.
bool is_made_by_starter(const Module& module, const Use& use) {
  if (!use.before_go && (use.how != How::kAssign || !use.empty)) return false;
  std::string_view name = module.function(use.function).name;
  name.remove_prefix(name.rfind('.') + 1);
  for (std::string_view one : {"Start", "start", "Run", "run", "Init", "init", "Open", "open"})
    if (name == one) return true;
  return false;
}

// x.UnmarshalJSON fills an x that nobody else has yet.
bool fills_receiver(const Module& module, FunctionRow row) {
  std::string_view name = module.function(row).name;
  name.remove_prefix(name.rfind('.') + 1);
  return name.starts_with("Unmarshal") || name == "GobDecode";
}

// All who write run in the goroutine that reads here: the lock is for those who read beside it.
bool is_only_writer(const Module& module, UseList uses, FunctionRow reader) {
  const void* goroutine = module.only_goroutine(reader);
  return goroutine && std::ranges::all_of(uses, [&](const Use* use) {
           if (use->fresh || !(is_write(use->how) || use->how == How::kAddress)) return true;
           return module.function(use->function).is_test || module.only_goroutine(use->function) == goroutine;
         });
}

void judge(Module& module, UseList uses, SymbolId mutex, std::vector<Bare>& all) {
  Tally tally;
  FunctionRow setter = setter_of(module, uses);
  for (const Use* use : uses) {
    if (!touches(use->how) || use->fresh || use->function == 0 || is_made_by_starter(module, *use)) continue;
    const Function& function = module.function(use->function);
    if (function.is_test || function.sets_lock || module.only_at_start(use->function)) continue;
    if (fills_receiver(module, use->function)) continue;
    if (holds(module, *use, mutex)) {
      tally.guarded.push_back(use);
      tally.functions.insert(use->function);
      tally.written |= is_write(use->how);
    } else if (use->guards.empty() && !says(module, use->function) &&
               !is_kept_closure(module, use->function) &&
               !module.callers_may_hold(use->function, mutex, use->of_parameter) &&
               !calls(module, use->function, setter)) {
      tally.bare.push_back(use);
    }
  }
  std::set<FunctionRow> without;
  for (const Use* use : tally.bare) without.insert(use->function);
  if (tally.functions.size() < 2 || tally.bare.empty()) return;
  bool most = tally.guarded.size() >= 3 && tally.guarded.size() >= 3 * tally.bare.size();
  bool one_of_three = without.size() == 1 && tally.written;
  if (!most && !one_of_three) return;
  for (const Use* use : tally.bare) {
    if (use->other_lock || (!is_write(use->how) && !tally.written)) continue;
    if (!is_write(use->how) && is_only_writer(module, uses, use->function)) continue;
    all.push_back({use, mutex, tally.guarded});
  }
}

// The mutex of the same struct under which most accesses are; of equal ones that which is declared first.
SymbolId guard_of(Module& module, SymbolId object, UseList uses) {
  std::map<SymbolId, std::size_t> counts;
  for (const Use* use : uses)
    for (const Guard& guard : use->guards)
      if (const Symbol& about = module.about(guard.mutex);
          about.field && (module.owner_type(guard.mutex) == module.owner_type(object) || about.embedded))
        ++counts[guard.mutex];
  SymbolId most = kNoSymbol;
  for (const auto& [mutex, count] : counts) {
    bool first = is_there(most) && module.about(mutex).place < module.about(most).place;
    if (count >= 2 && (!is_there(most) || count > counts[most] || (count == counts[most] && first)))
      most = mutex;
  }
  return most;
}

void module_part(Module& module, Report& report) {
  std::vector<Bare> all;
  for (const auto& [object, uses] : module.by_object()) {
    if (!module.about(object).field) continue;
    if (SymbolId mutex = guard_of(module, object, uses); is_there(mutex)) judge(module, uses, mutex, all);
  }
  std::ranges::sort(all, {},
                    [](const Bare& one) { return std::pair(one.use->place.file, one.use->place.from); });
  std::set<std::pair<FunctionRow, SymbolId>> said;  // the first place of a function stands for the others
  for (const Bare& one : all) {
    if (!said.insert({one.use->function, one.mutex}).second) continue;
    Diagnostic& found =
        report.at(module.span(*one.use), module.function(one.use->function).name, module.text(*one.use),
                  module.name_of(one.use->object) + " is touched without " +
                      std::string(module.about(one.mutex).name) + ", which guards it elsewhere");
    for (std::size_t i = 0; i < one.guarded.size() && i < 3; ++i)
      found.related.push_back({.at = module.span(*one.guarded[i]), .words = "guarded here"});
    for (const Bare& other : all)
      if (other.use->function == one.use->function && other.mutex == one.mutex &&
          other.use->object != one.use->object)
        found.related.push_back({.at = module.span(*other.use), .words = "touched without it as well"});
  }
}

}  // namespace

constinit const Rule kMapNoLock{.name = "map-no-lock", .severity = Severity::kMedium, .module = module_part};

}  // namespace memsnap::misuse
