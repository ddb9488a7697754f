#include "render/table.h"

#include <gtest/gtest.h>

#include <string>

namespace memsnap {
namespace {

std::string shown(std::string_view place, std::size_t width) {
  Table table{.columns = {{"at", "at", As::kPath}}};
  table.add(place);
  Out out;
  render_table(table, {.table = width}, 1, out);
  std::string text = out.text();
  return text.substr(3, text.size() - 4);  // without the head
}

TEST(Table, APlaceKeepsItsFunction) {
  constexpr std::string_view kPlace = "example.com/shop/notify.(*Hub).run  /src/shop/notify/hub.go:59";
  EXPECT_EQ(shown(kPlace, 0), kPlace);
  EXPECT_EQ(shown(kPlace, 50), "example.com/shop/notify.(*Hub).run  hub.go:59");
  EXPECT_EQ(shown(kPlace, 32), "notify.(*Hub).run  hub.go:59");
  EXPECT_EQ(shown(kPlace, 20), "notify.(*Hub).run");
  EXPECT_EQ(shown(kPlace, 16), "(*Hub).run");
  EXPECT_EQ(shown("main.Map[example.com/a/b.T].put  a.go:1", 36), "main.Map[example.com/a/b.T].put");
  EXPECT_TRUE(shown("/src/shop/notify/hub.go:59", 16).ends_with("/hub.go:59"));
}

}  // namespace
}  // namespace memsnap
