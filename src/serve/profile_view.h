// One profile behind one set of filters, as stacks of frames that can be summed up in many ways: what the
// pages of a profile are made of. What a profile is compared with has negative values; both sides are kept.
#pragma once

#include "base/result.h"
#include "profile/callgraph.h"
#include "profile/config.h"
#include "tables/profile.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

// Of samples above zero, and of the magnitudes of those below.
struct Sides {
  std::int64_t value = 0, base = 0;
  std::uint64_t weight() const { return std::uint64_t(value) + std::uint64_t(base); }
  bool nothing() const { return value == 0 && base == 0; }
};
Sides operator+(Sides a, Sides b);  // wraps
Sides sides_of(std::int64_t value);

struct ViewFrame {
  NodeInfo info;
  std::string name;  // as reports print it: main.work /src/main.go:12
};

class ProfileView {
 public:
  // `profile` must live as long.
  static Result<ProfileView> make(const Profile& profile, const PprofConfig& config);

  const Profile& profile() const { return profile_; }  // filtered
  std::size_t value_column() const { return column_; }
  std::string_view text(StringId id) const { return profile_.text(id); }
  const std::string& type() const { return type_; }
  const std::string& unit() const { return unit_; }
  const std::vector<std::string>& remarks() const { return remarks_; }  // what the filters had to say
  bool difference() const { return total_.base != 0; }
  Sides total() const {
    return total_;
  }  // of what percentages are of: before the filters, unless config says

  const std::vector<ViewFrame>& frames() const { return frames_; }
  static constexpr std::uint32_t kNone = ~0u;
  std::uint32_t find(std::uint32_t hash) const;  // the frame whose name has this hash_name; kNone
  std::uint32_t find(std::string_view name) const;

  std::size_t stacks() const { return values_.size(); }
  std::span<const std::uint32_t> stack(std::size_t row) const {  // frames, the root first
    return std::span(nodes_).subspan(first_[row], first_[row + 1] - first_[row]);
  }
  Sides value(std::size_t row) const { return values_[row]; }
  std::size_t sample(std::size_t row) const { return samples_[row]; }  // of profile()

 private:
  void name_frames(const std::vector<GraphNode>& nodes);
  void unpack();

  Profile profile_;
  std::size_t column_ = 0;
  std::string type_, unit_;
  std::vector<std::string> remarks_;
  Sides total_;
  std::vector<ViewFrame> frames_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_hash_;
  std::vector<std::uint64_t> first_;
  std::vector<std::uint32_t> nodes_, samples_;
  std::vector<Sides> values_;
};

// FNV-1a of 32 bits: short names for frames in URLs, the same in the script.
std::uint32_t hash_name(std::string_view name);

}  // namespace memsnap
