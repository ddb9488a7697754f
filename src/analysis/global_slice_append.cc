// Rule global-slice-append: a slice that a package variable holds only gets longer.
//
// Its length, followed along the chain of arrays that append moves it through, rises through all captures,
// so more is appended than cut. An array that was made beforehand and is being filled, and a slice beside a
// field that looks like a limit, give a hint only.
//
// May accuse: a history that will be cut at a constant length and was watched before it got there.
#include "analysis/growing_slices.h"
#include "analysis/rules.h"

namespace memsnap {

std::vector<Finding> global_slice_append(const Case& what) {
  return growing_slices(what, "global-slice-append",
                        [&](TypeId elem) { return !calls_back(what.heap(), elem); });
}

}  // namespace memsnap
