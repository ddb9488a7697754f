// Findings meet the functions of a profile: by name and file, whatever their lines, type arguments and
// literals.
#include "verbs/check_runtime.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

class Laid : public testing::Test {
 protected:
  void site(std::string_view function, std::string_view file, double bytes, double samples) {
    sites_.frames.push_back(
        {.function = sites_.strings.add(function), .file = sites_.strings.add(file), .line = 7});
    AllocSite site{.first_frame = std::uint32_t(sites_.frames.size() - 1), .frames = 1};
    site.now.live.add(bytes / samples, 0.5, samples);
    site.now.live_objects = samples * 2;
    sites_.sites.push_back(site);
  }
  std::optional<LiveBytes> of(std::string function, std::string file) {
    std::vector<Diagnostic> findings(1);
    findings[0].function = std::move(function);
    findings[0].at.file = std::move(file);
    lay_live_bytes(findings, sites_);
    return findings[0].live;
  }
  AllocSites sites_;
};

TEST_F(Laid, LiteralsAndInstancesCountForTheFunction) {
  site("shop/store.(*Store).Put", "/src/shop/store/store.go", 4000, 4);
  site("shop/store.(*Store).Put.func1", "/src/shop/store/store.go", 2000, 2);
  site("shop/store.Map[go.shape.int]", "/src/shop/store/map.go", 800, 1);
  auto put = of("shop/store.(*Store).Put", "store/store.go");
  ASSERT_TRUE(put);
  EXPECT_DOUBLE_EQ(put->bytes, 6000);
  EXPECT_DOUBLE_EQ(put->objects, 12);
  auto instance = of("shop/store.Map", "store/map.go");
  ASSERT_TRUE(instance);
  EXPECT_DOUBLE_EQ(instance->bytes, 800);
}

TEST_F(Laid, CommandsAreCalledMain) {
  site("main.run", "/src/shop/cmd/cart/main.go", 4000, 4);
  EXPECT_TRUE(of("example.com/shop/cmd/cart.run", "cmd/cart/main.go"));
  EXPECT_FALSE(of("example.com/shop/cmd/store.run", "cmd/store/main.go"));
}

TEST_F(Laid, OthersHaveNone) {
  site("shop/store.(*Store).Put", "/src/shop/store/store.go", 4000, 4);
  EXPECT_FALSE(of("shop/store.(*Store).Put", "store/other.go"));
  EXPECT_FALSE(of("shop/cart.(*Store).Put", "store/store.go"));
  EXPECT_FALSE(of("", "store/store.go"));
}

TEST_F(Laid, SamplesHaveLimits) {
  sites_.rate = 512 << 10;
  site("p.F", "p.go", 4 << 20, 9);
  auto live = of("p.F", "p.go");
  ASSERT_TRUE(live);
  EXPECT_EQ(live->samples, 9u);
  EXPECT_LT(live->low, live->bytes);
  EXPECT_GT(live->high, live->bytes);
}

}  // namespace
}  // namespace memsnap
