#include "render/json_value.h"
#include "render/json_writer.h"
#include "render/sha256.h"
#include "render/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace memsnap {
namespace {

TEST(JsonWriter, WritesWhatReadersRead) {
  Out out;
  JsonWriter json(out, 1);
  json.open_object();
  json.member("text", "a\"b\x1b");
  json.member("big", std::uint64_t(18446744073709551615u));
  json.member("small", std::int64_t(-5));
  json.member("half", 0.5);
  json.member("whole", 3.0);
  json.member("none", std::nan(""));
  json.member("yes", true);
  json.key("list").open_array();
  json.value(1);
  json.open_object();
  json.close_object();
  json.close_array();
  json.close_object();
  json.end();
  EXPECT_EQ(
      out.text(),
      "{\n \"text\": \"a\\\"b\\u001b\",\n \"big\": 18446744073709551615,\n \"small\": -5,\n \"half\": 0.5,\n"
      " \"whole\": 3,\n \"none\": null,\n \"yes\": true,\n \"list\": [1, {}]\n}\n");
  auto value = read_json(out.text());
  ASSERT_TRUE(value) << value.error().what;
  EXPECT_EQ(*value->member("text")->text(), "a\"b\x1b");
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "\"\x01\"", "\"\\x\"",
                          "\"\\ud800\"", "{\"a\":1,\"a\":2}", "[1] 2", "{a:1}", "'a'", "1e", "-"})
    EXPECT_FALSE(read_json(bad)) << bad;
  EXPECT_FALSE(read_json(std::string(1000, '[')));
  EXPECT_TRUE(read_json(" [1, -0.5e3, \"\\ud83d\\ude00\", null, true] "));
}

TEST(Schema, ObjectsToUnknownKeywords) {
  auto schema = read_json(R"({"type": "object", "patternProperties": {}})");
  ASSERT_TRUE(schema);
  EXPECT_NE(check_schema(*schema, *read_json("{}")), "");
}

TEST(Sha256, KnownAnswers) {  // FIPS 180-4, example values
  EXPECT_EQ(sha256_base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(sha256_base64("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
}

Table sample() {
  Table table{.name = "sample",
              .columns = {{"bytes", "bytes", As::kBytes},
                          {"share", "share", As::kShare},
                          {"hidden", "", As::kCount},
                          {"address", "address", As::kAddress},
                          {"name", "name"},
                          {"path", "path", As::kPath}}};
  table.add(std::uint64_t(641728512), 0.35, std::uint64_t(1), std::uint64_t(0xc0001a2000),
            "map[string]*session.Session", "internal/session/store.go:18");
  table.add(std::uint64_t(96), 0.0001, std::uint64_t(2), std::uint64_t(0), "a\x1b[31m", Cell::none());
  return table;
}

TEST(Table, TextHasColumnsAndSaysWhatItLeavesOut) {
  Out out;
  render_table(sample(), {}, 10, out);
  EXPECT_EQ(out.text(),
            "  bytes  share       address  name                         path\n"
            "612 MiB    35%  0xc0001a2000  map[string]*session.Session  internal/session/store.go:18\n"
            "   96 B  <0.1%                a\\x1b[31m\n");
  Out one;
  render_table(sample(), {}, 1, one);
  EXPECT_NE(one.text().find("1 of 2 rows (-n ROWS or --all shows more)\n"), std::string::npos);
}

TEST(Table, TextFitsANarrowTerminal) {
  Out out;
  render_table(sample(), {.table = 70}, 10, out);
  EXPECT_EQ(out.text(),
            "  bytes  share       address  name                 path\n"
            "612 MiB    35%  0xc0001a2000  map[string]*sess...  .../store.go:18\n"
            "   96 B  <0.1%                a\\x1b[31m\n");
}

TEST(Table, JsonHasPlainNumbersAndAllColumns) {
  Out out;
  render_table_json(sample(), 1, out);
  EXPECT_EQ(out.text(),
            "{\n \"schema\": \"memsnap.sample/1\",\n \"rows\": [\n  {\"bytes\": 641728512, \"share\": 0.35, "
            "\"hidden\": 1, \"address\": "
            "\"0xc0001a2000\", \"name\": \"map[string]*session.Session\", \"path\": "
            "\"internal/session/store.go:18\"}\n ],\n \"total\": 2\n}\n");
  Out all;
  render_table_json(sample(), 5, all);
  auto value = read_json(all.text());
  ASSERT_TRUE(value) << value.error().what;
  EXPECT_EQ(value->member("rows")->array()->size(), 2u);
}

}  // namespace
}  // namespace memsnap
