#include "golayout/layout.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(LayoutTable, EverySupportedReleaseHasOne) {
  for (int minor = kOldestMinor; minor <= kNewestMinor; ++minor) {
    SCOPED_TRACE(minor);
    const LayoutTable* table = layout_table(minor);
    ASSERT_NE(table, nullptr);
    for (const RequiredStruct& wanted : required_structs()) {
      auto found = table->structs.find(wanted.name);
      ASSERT_NE(found, table->structs.end()) << wanted.name;
      for (std::string_view field : wanted.fields)
        EXPECT_TRUE(found->second.contains(field)) << wanted.name << "." << field;
    }
  }
  EXPECT_EQ(layout_table(kOldestMinor - 1), nullptr);
  EXPECT_EQ(layout_table(kNewestMinor + 1), nullptr);
}

// internal/abi and runtime/mheap.go say the same in all of these releases.
TEST(LayoutTable, WhatNeverChangedIsWhereItWas) {
  for (int minor = kOldestMinor; minor <= kNewestMinor; ++minor) {
    const LayoutTable& table = *layout_table(minor);
    const auto& type = table.structs.find("internal/abi.Type")->second;
    EXPECT_EQ(type.at(""), 48u);
    EXPECT_EQ(type.at("PtrBytes"), 8u);
    EXPECT_EQ(type.at("GCData"), 32u);
    const auto& span = table.structs.find("runtime.mspan")->second;
    EXPECT_EQ(span.at(""), 160u);
    EXPECT_EQ(span.at("elemsize"), 104u);
    EXPECT_EQ(table.structs.find("runtime.g")->second.at("sched.sp"), 56u);
  }
}

TEST(LayoutTable, NumbersThatMovedBetweenReleases) {
  EXPECT_EQ(layout_table(24)->special_kinds.finalizer, 1);
  EXPECT_EQ(layout_table(24)->special_kinds.tiny_block, -1);
  EXPECT_EQ(layout_table(25)->special_kinds.finalizer, 2);
  EXPECT_EQ(layout_table(27)->special_kinds.cleanup, 7);
  EXPECT_EQ(layout_table(24)->wait_reasons.at(14), "chan receive");
  EXPECT_EQ(layout_table(25)->wait_reasons.at(14), "chan receive");
  EXPECT_EQ(layout_table(25)->wait_reasons.at(18), "GOMAXPROCS updater (idle)");
  EXPECT_EQ(layout_table(26)->wait_reasons.at(19), "chan receive");
  EXPECT_EQ(layout_table(27)->wait_reasons.at(17), "select (no cases)");
}

TEST(LayoutTable, ReadsItsFewLines) {
  auto table = parse_layout_table(
      "# made by hand\n\n[struct.\"runtime.g\"]\nsizeof = 456\n\"sched.sp\" = 56\n[special_kinds]\nweak = 3\n"
      "[wait_reasons]\n0 = \"\"\n1 = \"GC assist marking\"\n");
  ASSERT_TRUE(table) << table.error().what;
  EXPECT_EQ(table->structs.at("runtime.g").at(""), 456u);
  EXPECT_EQ(table->structs.at("runtime.g").at("sched.sp"), 56u);
  EXPECT_EQ(table->special_kinds.weak, 3);
  EXPECT_EQ(table->special_kinds.finalizer, -1);
  EXPECT_EQ(table->wait_reasons.size(), 2u);
}

TEST(LayoutTable, RefusesLinesThatItDoesNotUnderstand) {
  for (std::string_view text :
       {"goid = 1\n", "[struct.runtime.g]\n", "[struct.\"runtime.g\"]\ngoid = -1\n",
        "[struct.\"runtime.g\"]\ngoid\n", "[struct.\"runtime.g\"]\ngoid = 1\ngoid = 2\n",
        "[struct.\"a\"]\nb = 1\n[struct.\"a\"]\n", "[special_kinds]\nother = 1\n",
        "[wait_reasons]\n1 = \"\"\n", "[wait_reasons]\n0 = unquoted\n",
        "[struct.\"runtime.g\"]\ngoid = 99999999999999999999\n", "[other]\n"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_layout_table(text));
  }
}

}  // namespace
}  // namespace memsnap
