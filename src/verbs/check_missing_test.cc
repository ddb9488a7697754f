#include "verbs/check_missing.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

using Lines = std::vector<std::string>;

TEST(CheckMissing, ModulesAreOneLineThatSaysWhatToRun) {
  std::string a = "module k8s.io/api@v0.36.3 is not in the module cache: its types are not known";
  std::string b = "module k8s.io/klog/v2@v2.140.0 is not in the module cache: its types are not known";
  std::string c = "module sigs.k8s.io/yaml@v1.6.0 is not in the module cache: its types are not known";
  EXPECT_EQ(missing_lines({a}, 0), Lines{"k8s.io/api is not in the module cache: run go mod download"});
  EXPECT_EQ(
      missing_lines({a, b}, 1),
      Lines{"k8s.io/api and k8s.io/klog/v2 are not in the module cache: run go mod download; 1 place has "
            "a type that is not known: the rules are silent there"});
  EXPECT_EQ(
      missing_lines({a, "x.go:1:1: odd", b, c}, 466),
      (Lines{"x.go:1:1: odd",
             "k8s.io/api, k8s.io/klog/v2 and 1 more are not in the module cache: run go mod download; 466 "
             "places have a type that is not known: the rules are silent there"}));
}

TEST(CheckMissing, PackagesOfNoModuleAreOneLine) {
  std::string a = "no module has the package gone.org/x: its types are not known";
  std::string b = "no module has the package gone.org/y/z: its types are not known";
  EXPECT_EQ(missing_lines({a}, 0), Lines{a});
  EXPECT_EQ(missing_lines({a, b}, 2),
            (Lines{"no module has the packages gone.org/x and gone.org/y/z: run go mod tidy",
                   "2 places have a type that is not known: the rules are silent there"}));
}

TEST(CheckMissing, NothingIsNoLine) { EXPECT_EQ(missing_lines({}, 0), Lines{}); }

}  // namespace
}  // namespace memsnap
