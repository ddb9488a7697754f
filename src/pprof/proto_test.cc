// profile.proto, read and written. What is refused and with which words was compared with go tool pprof.
#include "pprof/gzip.h"
#include "pprof/read.h"
#include "pprof/stack_bytes.h"
#include "pprof/tiny_proto.h"
#include "pprof/write.h"

#include <gtest/gtest.h>

#include <random>

namespace memsnap {
namespace {

using P = TinyProto;

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }
struct Text : ProfileMemory {
  explicit Text(const std::string& of) : text(of) {}
  std::string text;
};
Result<Profile> read(const std::string& text, ReadOptions options = {}) {
  auto owner = std::make_unique<Text>(text);
  Bytes bytes = bytes_of(owner->text);
  return read_profile(bytes, std::move(owner), "p", options);
}
std::string error_of(const std::string& text, bool go_compat = true) {
  auto profile = read(text, {.go_compat = go_compat});
  return profile ? "" : profile.error().what;
}

// Strings 0 to 4, one type, the function and the location 1.
struct Parts {
  std::string samples, rest;
  std::string strings = P().bytes(6, "").bytes(6, "cpu").bytes(6, "ns").bytes(6, "main").bytes(6, "k").str();
  std::string types = P().message(1, P().number(1, 1).number(2, 2)).str();
  std::string functions = P().message(5, P().number(1, 1).number(2, 3)).str();
  std::string locations = P().message(4, P().number(1, 1).message(4, P().number(1, 1).number(2, 7))).str();
  std::string str() const { return types + samples + locations + functions + strings + rest; }
};
std::string sample(const P& body) { return P().message(2, body).str(); }

std::vector<std::uint32_t> rows_of(const Profile& profile, std::size_t sample) {
  std::vector<std::uint32_t> rows;
  profile.samples.stacks[sample].each([&](LocationId id) { rows.push_back(std::uint32_t(id)); });
  return rows;
}

TEST(Proto, ReadsEveryPart) {
  Parts parts;
  parts.samples =
      sample(P().number(1, 1).number(2, 5).message(3, P().number(1, 4).number(3, 9).number(4, 2)));
  parts.rest = P().number(9, 11).number(10, 12).number(12, 13).number(13, 4).number(14, 1).str();
  Profile p = read(parts.str()).value();
  ASSERT_EQ(p.samples.rows(), 1u);
  EXPECT_EQ(p.text(p.sample_types[0].type), "cpu");
  EXPECT_EQ(rows_of(p, 0), std::vector<std::uint32_t>{0});
  EXPECT_EQ(p.values_of(0)[0], 5);
  ProfileLabel label = p.samples.labels_of(0)[0];
  EXPECT_EQ(p.text(label.key), "k");
  EXPECT_EQ(p.text(label.unit), "ns");
  EXPECT_EQ(label.value, 9);
  EXPECT_EQ(p.text(p[p.lines_of(p.locations[0])[0].function].name), "main");
  EXPECT_EQ(p.time_nanos, 11);
  EXPECT_EQ(p.duration_nanos, 12);
  EXPECT_EQ(p.period, 13);
  EXPECT_EQ(p.text(p.comments[0]), "k");
  EXPECT_EQ(p.text(p.default_sample_type), "cpu");
}

TEST(Proto, AddsAMappingWhenThereIsNone) {
  Profile p = read(Parts().str()).value();
  ASSERT_EQ(p.mappings.size(), 1u);
  EXPECT_EQ(p.mappings[0].id, 1u);
  EXPECT_EQ(p.locations[0].mapping, MappingId{0});
}

TEST(Proto, KeepsTheRelocationSymbolOfTheKernel) {
  Parts parts;
  parts.strings += P().bytes(6, "[kernel.kallsyms]_stext").str();
  parts.rest = P().message(3, P().number(1, 7).number(5, 5)).str();
  Profile p = read(parts.str()).value();
  EXPECT_EQ(p.text(p.mappings[0].kernel_relocation), "_stext");
  EXPECT_EQ(p.locations[0].mapping, kNoMapping);
}

TEST(Proto, LabelsThatSayNothingVanish) {
  Parts parts;
  P body;
  body.number(1, 1).number(2, 5);
  body.message(3, P().number(1, 4));                            // 0 without a unit
  body.message(3, P().number(1, 4).number(4, 2));               // 0 ns
  body.message(3, P().number(1, 4).number(2, 3).number(3, 8));  // text and a number: text
  parts.samples = sample(body);
  Profile p = read(parts.str()).value();
  auto labels = p.samples.labels_of(0);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_FALSE(labels[0].is_text());
  EXPECT_EQ(p.text(labels[1].text()), "main");
}

TEST(Proto, IdsMayBeAnything) {
  Parts parts;
  std::uint64_t far = 0xffff'ffff'ffff'ff00;
  parts.locations += P().message(4, P().number(1, far)).message(4, P().number(1, 500)).str();
  P packed;
  packed.varint(far).varint(1).varint(500);
  parts.samples = sample(P().bytes(1, packed.str()).number(1, 500).number(2, 5));
  EXPECT_EQ(rows_of(read(parts.str()).value(), 0), (std::vector<std::uint32_t>{1, 0, 2, 2}));
}

TEST(Proto, StacksStayInTheFile) {
  Parts parts;
  parts.samples = sample(P().bytes(1, std::string(20, '\1')).number(2, 5)) +
                  sample(P().bytes(1, std::string("\x81\x00\x01", 3)).number(2, 5));
  std::string file = parts.str();
  Profile p = read_profile(bytes_of(file), nullptr, "p").value();
  auto inside = [&](const PackedStack& stack) {
    return reinterpret_cast<const char*>(stack.bytes) >= file.data() &&
           reinterpret_cast<const char*>(stack.bytes) < file.data() + file.size();
  };
  EXPECT_TRUE(inside(p.samples.stacks[0]));
  EXPECT_FALSE(inside(p.samples.stacks[1]));  // padded, so it is written anew
  EXPECT_EQ(rows_of(p, 1), (std::vector<std::uint32_t>{0, 0}));
}

struct Refusal {
  const char* name;
  std::string file, go_words;
};

std::vector<Refusal> refusals() {
  Parts two_types, no_types, nil_location, no_function, zero_id, twice, concatenated, bad_string, bad_first;
  two_types.samples = sample(P().number(1, 1).number(2, 5).number(2, 6));
  no_types.types = "";
  no_types.samples = sample(P().number(1, 1).number(2, 5));
  nil_location.samples = sample(P().number(1, 9).number(2, 5));
  no_function.functions = "";
  zero_id.rest = P().message(3, P().number(2, 9)).str();
  twice.functions += twice.functions;
  concatenated.rest = P().number(9, 4).number(9, 5).str();
  bad_string.functions = P().message(5, P().number(1, 1).number(2, 99)).str();
  bad_first.strings = P().bytes(6, "x").str();
  std::string malformed = "p: malformed profile: ", other = "p: parsing profile: unrecognized profile format";
  return {
      {"values", two_types.str(), malformed + "mismatch: sample has 2 values vs. 1 types"},
      {"types", no_types.str(), malformed + "missing sample type information"},
      {"location", nil_location.str(), malformed + "sample has nil location"},
      {"function", no_function.str(), malformed + "location id: 1 has a line with nil function"},
      {"zero", zero_id.str(), malformed + "found mapping with reserved ID=0"},
      {"twice", twice.str(), malformed + "multiple functions with same id: 1"},
      {"concatenated", concatenated.str(), "p: parsing profile: concatenated profiles detected"},
      {"string", bad_string.str(), other},
      {"first string", bad_first.str(), other},
      {"no strings", P().number(12, 1).str(), other},
      {"cut short", Parts().str() + "\x0a", other},
      {"group", Parts().str() + "\x0b", other},
      {"type", Parts().str() + P().bytes(9, "").str(), other},
      {"empty", "", "p: parsing profile: empty input file"},
  };
}

TEST(Proto, RefusesInTheWordsOfGo) {
  for (const Refusal& each : refusals()) EXPECT_EQ(error_of(each.file), each.go_words) << each.name;
}

TEST(Proto, RefusesInOneLine) {
  for (const Refusal& each : refusals()) {
    std::string what = error_of(each.file, false);
    EXPECT_TRUE(what.starts_with("p: ")) << each.name;
    EXPECT_EQ(what.find('\n'), std::string::npos) << each.name;
  }
}

TEST(Proto, SkipsUnknownFields) {
  Parts parts;
  std::string odd = P().number(99, 1).bytes(0, "x").bytes(100, "y").str();
  parts.samples = sample(P().raw(odd).number(1, 1).raw(odd).number(2, 5));
  parts.rest = odd +
               "\xa1\x06"
               "12345678"
               "\xa5\x06"
               "1234";
  EXPECT_EQ(read(parts.str()).value().samples.rows(), 1u);
}

TEST(Proto, EmptyRowsTakeNoMemory) {
  std::string forged = Parts().strings;
  for (int i = 0; i < 1000; ++i) forged += "\x1a" + std::string(1, '\0');
  EXPECT_EQ(error_of(forged), "p: malformed profile: found mapping with reserved ID=0");
}

TEST(StackBytes, JudgesAsOneByOne) {
  std::mt19937 random(7);
  for (std::uint32_t rows : {1u, 90u, 127u, 128u, 200u, 1363u, 16383u, 16384u, 70000u})
    for (int round = 0; round < 3000; ++round) {
      std::vector<std::uint8_t> bytes{1};
      for (int n = int(random() % 40); n > 0; --n) {
        auto id = std::uint32_t(random() % 50 == 0 ? random() % (rows + 3) : 1 + random() % rows);
        for (; id >= 0x80; id >>= 7) bytes.push_back(std::uint8_t(id | 0x80));
        bytes.push_back(std::uint8_t(id));
      }
      if (round % 10 == 0) bytes.back() = std::uint8_t(random());
      bool good = true;
      for (const std::uint8_t *at = bytes.data() + 1, *end = bytes.data() + bytes.size();
           good && at != end;) {
        std::uint64_t id = 0;
        int size = 0;
        while (at != end && size < 5) {
          id |= std::uint64_t(*at & 0x7f) << (7 * size++);
          if (*at++ < 0x80) break;
        }
        good = at[-1] < 0x80 && at[-1] != 0 && id >= 1 && id <= rows;
      }
      ASSERT_EQ(is_packed_rows(bytes.data() + 1, bytes.size() - 1, rows), good) << rows << " " << round;
    }
}

TEST(Gzip, SeveralMembersAreOne) {
  std::string text = Parts().str(), cut = text.substr(0, 20), rest = text.substr(20);
  std::string packed = deflate_gzip(cut).value() + deflate_gzip(rest).value() + deflate_gzip("").value();
  EXPECT_TRUE(read(packed).has_value());
  EXPECT_EQ(write_profile(*read(packed)), write_profile(*read(text)));
}

TEST(Gzip, ABombIsRefused) {
  std::string bomb = deflate_gzip(std::string(100'000'000, 'x')).value();
  auto profile = read(bomb, {.inflate_limit = 1 << 20});
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().cause, Cause::refused);
  EXPECT_EQ(profile.error().what,
            "p: decompressing profile: inflates to more than the limit of 1048576 bytes");
}

TEST(Gzip, DamageIsFound) {
  std::string packed = deflate_gzip(Parts().str()).value();
  for (std::size_t size = 2; size < packed.size(); ++size)
    EXPECT_TRUE(error_of(packed.substr(0, size)).starts_with("p: decompressing profile: ")) << size;
  EXPECT_NE(error_of(packed + "x"), "");
  packed[packed.size() - 6] ^= 1;  // the checksum
  EXPECT_NE(error_of(packed), "");
}

TEST(Write, IsWhatWasRead) {
  Parts parts;
  parts.samples = sample(P().number(1, 1).number(2, 5));
  parts.rest = P().message(3, P().number(1, 1).number(2, 16).number(3, 32).number(4, 1).number(7, 1)).str();
  Profile p = read(parts.str()).value();
  std::string once = write_profile(p);
  EXPECT_EQ(write_profile(read(once).value()), once);
}

// Bytes of google/pprof: three numbers are packed, two are not; labels are sorted, text before numbers; the
// default sample type is there when it is none.
TEST(Write, HasTheOrderOfGo) {
  Profile p;
  p.sample_types = {{p.strings.add("a"), p.strings.add("b")}};
  p.locations.resize(3);
  for (int i = 0; i < 3; ++i) p.locations[std::size_t(i)].id = std::uint64_t(i) + 1;
  StringId z = p.strings.add("z"), k = p.strings.add("k"), v = p.strings.add("v");
  std::vector<LocationId> two{LocationId{2}, LocationId{0}},
      three{LocationId{2}, LocationId{0}, LocationId{1}};
  std::vector<std::int64_t> value{-1};
  std::vector<ProfileLabel> labels{{k, StringId{}, 4}, {z, ProfileLabel::kText, std::int64_t(v)}};
  p.add_sample(two, value, labels);
  p.add_sample(three, value, {});
  std::string minus_one = std::string(9, '\xff') + "\x01";
  P want;
  want.message(1, P().number(1, 1).number(2, 2));
  want.message(2, P().number(1, 3)
                      .number(1, 1)
                      .raw("\x10" + minus_one)
                      .message(3, P().number(1, 3).number(2, 4))
                      .message(3, P().number(1, 5).number(3, 4)));
  want.message(2, P().bytes(1, "\3\1\2").raw("\x10" + minus_one));
  for (std::uint64_t id : {1, 2, 3}) want.message(4, P().number(1, id));
  for (const char* text : {"", "a", "b", "z", "v", "k"}) want.bytes(6, text);
  want.number(14, 0);
  EXPECT_EQ(write_profile(p), want.str());
  EXPECT_EQ(write_profile(read(write_profile_gz(p).value()).value()).substr(0, 30), want.str().substr(0, 30));
}

TEST(Write, IdsOfTheFileAreKept) {
  Parts parts;
  parts.locations = P().message(4, P().number(1, 300)).message(4, P().number(1, 7)).str();
  parts.samples = sample(P().bytes(1, "\x07\xac\x02\x07").number(2, 5));
  std::string out = write_profile(read(parts.str()).value());
  EXPECT_NE(out.find("\x0a\x04\x07\xac\x02\x07"), std::string::npos);
}

}  // namespace
}  // namespace memsnap
