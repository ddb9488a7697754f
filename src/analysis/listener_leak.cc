// Rule listener-leak: functions or channels are registered and never removed.
//
// The argument is that of global-slice-append for a slice of things to call or to send to: func, chan,
// structs with a func in them, types called Listener or the like. It is a pattern of its own because the fix
// is another one: not a bound but a way to unsubscribe. A map of such values is judged by map-unbounded,
// which gives its findings this name.
//
// May accuse: a start-up that registers handlers through the whole window.
#include "analysis/growing_slices.h"
#include "analysis/rules.h"

namespace memsnap {

std::vector<Finding> listener_leak(const Case& what) {
  std::vector<Finding> found =
      growing_slices(what, "listener-leak", [&](TypeId elem) { return calls_back(what.heap(), elem); });
  for (Finding& finding : found)
    finding.evidence.push_back({"note", "each one keeps all that its function captured", ""});
  return found;
}

}  // namespace memsnap
