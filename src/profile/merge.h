// Merges profiles of the same types into one: equal samples become one with the sum of their values.
// What counts as equal, and the order of the rows, is that of go tool pprof (profile/merge.go).
#pragma once

#include "base/result.h"
#include "tables/profile.h"

#include <memory>

namespace memsnap {

// Has the tables of all profiles added so far: mappings, functions, locations and samples in the order of
// their first use, each once. The header (types, times, comments) is left to the caller. Of two mappings that
// are equal but for their address the first wins, and the addresses of the other's locations move.
// Add only profiles with the same number of types. Samples without a value but 0 are left out, but those
// whose values cancel out stay: merge the result anew to lose them.
class ProfileMerger {
 public:
  explicit ProfileMerger(std::size_t types);
  ProfileMerger(ProfileMerger&&) noexcept;
  ProfileMerger& operator=(ProfileMerger&&) noexcept;
  ~ProfileMerger();
  void add(const Profile& source);  // copies what it needs
  const Profile& so_far() const;    // the header is empty but for the sample types, which are ""
  Profile take();                   // ends it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace memsnap
