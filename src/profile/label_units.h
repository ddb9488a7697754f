// Which unit the numbers of a numeric label are in.
#pragma once

#include "tables/profile.h"

#include <map>
#include <string>
#include <string_view>

namespace memsnap {

// By key: the first unit that the profile gives it; without any, bytes for alignment and request, else the
// key.
class LabelUnits {
 public:
  explicit LabelUnits(const Profile& profile);
  std::string_view operator[](StringId key) const;  // "" when no sample has a number under that key
  // A line for each key with several units.
  std::vector<std::string> remarks(const Profile& profile) const;

 private:
  struct Units {
    std::string first;
    std::vector<StringId> ignored;
  };
  std::map<StringId, Units> of_key_;
};

}  // namespace memsnap
