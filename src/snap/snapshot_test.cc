#include "snap/snapshot.h"

#include "snap/random_heap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace memsnap {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Snapshot : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "memsnap_snap_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = folder_ + "/a.snap";
    heap_ = RandomHeap(7, 300).make();
    auto written = write_snapshot(heap_, path_, false);
    ASSERT_TRUE(written) << written.error().what;
    file_ = read_file(path_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // "opened", or what is said against these bytes.
  std::string verdict(const std::string& bytes, const Needs& needs = {}) {
    AlignedCopy copy(std::as_bytes(std::span(bytes)));
    auto open = open_snapshot_bytes(copy.bytes(), needs);
    if (open) return "opened";
    EXPECT_EQ(open.error().cause, Cause::bad_input);
    EXPECT_EQ(open.error().what.find('\n'), std::string::npos);
    EXPECT_FALSE(open.error().what.empty());
    return open.error().what;
  }
  std::vector<snap::Section> sections() const {
    return *snap::read_sections(std::as_bytes(std::span(file_)));
  }
  snap::Section section(std::string_view table, std::string_view column) const {
    for (const snap::Section& s : sections())
      if (snap::name_of(s.table) == table && snap::name_of(s.column) == column) return s;
    ADD_FAILURE() << table << "." << column;
    return {};
  }
  std::string mended(std::string bytes) const {
    mend_checksums(std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }
  template <class T>
  std::string with_value(std::string_view table, std::string_view column, std::size_t row, T value) const {
    std::string bytes = file_;
    snap::Section s = section(table, column);
    EXPECT_EQ(s.element_size, sizeof value);
    EXPECT_LT(row, s.rows);
    std::memcpy(bytes.data() + s.offset + row * sizeof value, &value, sizeof value);
    return mended(bytes);
  }

  std::string folder_, path_, file_;
  Heap heap_;
};

TEST_F(Snapshot, SaysWhatIsNoFile) {
  for (const std::string& path : {folder_, folder_ + "/nothing.snap"}) {
    auto open = open_snapshot(path);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().what.find(path), std::string::npos) << open.error().what;
  }
}

TEST_F(Snapshot, GivesBackWhatWasWritten) {
  for (unsigned seed = 1; seed < 20; ++seed) {
    Heap heap = RandomHeap(seed, seed * 37 % 200 + 1).make();
    ASSERT_TRUE(write_snapshot(heap, path_, true));
    auto open = open_snapshot(path_);
    ASSERT_TRUE(open) << open.error().what;
    std::map<std::string, std::string> columns;
    Heap::tables(heap, [&](std::string_view table, const auto& t) {
      t.columns(t, [&](std::string_view column, const auto& values, std::string_view) {
        columns[fmt::format("{}.{}", table, column)] = text_of(std::as_bytes(values.view()));
      });
    });
    std::size_t compared = 0;
    Heap::tables(open->heap(), [&](std::string_view table, const auto& t) {
      t.columns(t, [&](std::string_view column, const auto& values, std::string_view) {
        std::string name = fmt::format("{}.{}", table, column);
        EXPECT_TRUE(columns[name] == text_of(std::as_bytes(values.view()))) << name;
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(values.data()) % snap::kAlign, 0u) << name;
        compared += !values.empty();
      });
    });
    EXPECT_GT(compared, 100u);
  }
}

TEST_F(Snapshot, AnEmptyHeapIsASnapshotToo) {
  ASSERT_TRUE(write_snapshot(Heap{}, path_, true));
  auto open = open_snapshot(path_);
  ASSERT_TRUE(open) << open.error().what;
  EXPECT_EQ(open->heap().objects.rows(), 0u);
}

TEST_F(Snapshot, OutlivesAMove) {
  OpenSnapshot first = *open_snapshot(path_);
  OpenSnapshot second = std::move(first);
  EXPECT_EQ(second.heap().text(StringId(3)), heap_.text(StringId(3)));
  EXPECT_EQ(second.heap().objects.rows(), heap_.objects.rows());
}

TEST_F(Snapshot, IsPrivateAndReplacedOnlyByForce) {
  auto mode = std::filesystem::status(path_).permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  auto again = write_snapshot(heap_, path_, false);
  ASSERT_FALSE(again);
  EXPECT_TRUE(write_snapshot(heap_, path_, true));
  std::string link = folder_ + "/link.snap";
  std::filesystem::create_symlink(path_, link);
  EXPECT_FALSE(write_snapshot(heap_, link, false));
  EXPECT_EQ(read_file(path_), file_);
}

TEST_F(Snapshot, VerifiesATableWhenItIsNeeded) {
  std::string damaged = file_;
  damaged[section("maps", "len").offset] ^= 1;
  std::ofstream(path_, std::ios::binary) << damaged;
  auto open = open_snapshot(path_, {"objects", "edges"});
  ASSERT_TRUE(open) << open.error().what;
  EXPECT_TRUE(open->verify({"types", "roots"}));
  auto maps = open->verify({"maps"});
  ASSERT_FALSE(maps);
  EXPECT_NE(maps.error().what.find("maps.len"), std::string::npos) << maps.error().what;
  EXPECT_NE(verdict(damaged).find("maps.len"), std::string::npos);
}

TEST_F(Snapshot, RefusesWhatIsCutShort) {
  std::vector<std::size_t> ends = {0, 1, 7, 8, 63, 64, 65, 143, file_.size() - 1};
  for (const snap::Section& s : sections()) {
    ends.push_back(s.offset);
    if (s.rows != 0) ends.push_back(s.offset + s.rows * s.element_size - 1);
  }
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) ends.push_back(random() % file_.size());
  for (std::size_t end : ends) {
    if (end >= file_.size()) continue;
    std::string cut = file_.substr(0, end);
    EXPECT_NE(verdict(cut), "opened") << end;
    // Even when the header says that this is all.
    EXPECT_NE(verdict(mended(cut)), "opened") << end;
  }
  EXPECT_NE(verdict(file_ + '\0'), "opened");
}

// No bit of a column, of the header or of the table of sections can change without notice.
TEST_F(Snapshot, RefusesEveryFlippedBit) {
  std::vector<bool> covered(file_.size(), false);
  std::size_t head = sizeof(snap::Header) + sections().size() * sizeof(snap::Section);
  for (std::size_t i = 0; i < head; ++i) covered[i] = true;
  for (const snap::Section& s : sections())
    for (std::size_t i = 0; i < s.rows * s.element_size; ++i) covered[s.offset + i] = true;
  std::mt19937 random(2);
  int flipped = 0;
  for (int i = 0; i < 3000; ++i) {
    std::size_t at = i < 800 ? random() % head : random() % file_.size();
    std::string damaged = file_;
    damaged[at] = char(damaged[at] ^ (1 << random() % 8));
    if (!covered[at]) continue;  // padding between columns, which nobody reads
    EXPECT_NE(verdict(damaged), "opened") << at;
    ++flipped;
  }
  EXPECT_GT(flipped, 1500);
}

TEST_F(Snapshot, RefusesForgedRowNumbers) {
  ASSERT_EQ(verdict(mended(file_)), "opened");
  const auto objects = std::uint32_t(heap_.objects.rows());
  std::size_t tried = 0;
  Heap::tables(heap_, [&](std::string_view table, const auto& t) {
    t.columns(t, [&](std::string_view column, const auto& values, std::string_view) {
      using Value = typename std::remove_cvref_t<decltype(values)>::value_type;
      constexpr bool id = std::is_same_v<Value, StringId> || std::is_same_v<Value, ObjectId> ||
                          std::is_same_v<Value, TypeId> || std::is_same_v<Value, RootId> ||
                          std::is_same_v<Value, FrameId> || std::is_same_v<Value, NodeId>;
      if constexpr (id || (std::is_enum_v<Value> && sizeof(Value) == 1)) {
        // One too large by far, and (for those that may not be none) none itself.
        Value forged = Value(sizeof(Value) == 1 ? 200 : 0x7fffffff);
        std::string says = verdict(with_value(table, column, values.size() / 2, forged));
        EXPECT_NE(says.find(fmt::format("{}.{}", table, column)), std::string::npos)
            << table << "." << column << ": " << says;
        ++tried;
      }
    });
  });
  EXPECT_GT(tried, 45u);

  struct Case {
    std::string bytes, names;
  };
  for (const auto& [bytes, names] : std::vector<Case>{
           {with_value("edges", "target", 3, objects), "edges.target"},
           {with_value("edges", "target", 3, ~0u), "edges.target"},
           {with_value("edges", "at", 5, 4000u), "edges.at"},
           {with_value("edges", "first", 4, ~0u), "edges.first"},
           {with_value("edges", "first", 0, 1u), "edges.first"},
           {with_value("types", "first_field", 2, 9999u), "types.first_field"},
           {with_value("strings", "end", 5, ~0ull), "strings.end"},
           {with_value("strings", "end", 0, 1ull), "strings.end"},
           {with_value("keys", "map", 1, 6u), "keys.map"},
           {with_value("samples", "bucket", 1, ~0u), "samples.bucket"},
           {with_value("roots", "goroutine", 1, 6u), "roots.goroutine"},
           {with_value("roots", "phase", 1, std::uint8_t(4)), "roots.phase"},
           {with_value("goroutines", "frames", 1, ~0u), "goroutines.first_frame"},
           {with_value("buckets", "frames", 1, 7u), "buckets.first_frame"},
           {with_value("buckets", "cycles", 1, std::uint64_t(0x7ff8000000000000)), "buckets.cycles"},
           {with_value("objects", "addr", 9, 0ull), "objects.addr"},
           {with_value("samples", "object", 0, objects - 1), "samples.object"},
           {with_value("root_edges", "root", 0, 8u), "root_edges.root"},
       }) {
    std::string says = verdict(bytes);
    EXPECT_NE(says.find(names), std::string::npos) << names << ": " << says;
  }
}

TEST_F(Snapshot, AllowsNoneWhereACommentDoes) {
  EXPECT_EQ(verdict(with_value("maps", "object", 1, ~0u)), "opened");
  EXPECT_EQ(verdict(with_value("roots", "goroutine", 1, ~0u)), "opened");
  EXPECT_EQ(verdict(with_value("goroutines", "root", 1, ~0u)), "opened");
  EXPECT_EQ(verdict(with_value("root_edges", "frame", 1, ~0u)), "opened");
}

TEST_F(Snapshot, RefusesDominatorsThatLeadNowhere) {
  std::vector<std::uint32_t> reached, garbage;
  for (std::uint32_t i = 0; i < heap_.objects.rows(); ++i)
    (heap_.objects.reached(ObjectId(i)) ? reached : garbage).push_back(i);
  EXPECT_NE(verdict(with_value("objects", "idom", reached[4], reached[4])).find("dominators above"),
            std::string::npos);
  EXPECT_NE(verdict(with_value("objects", "idom", reached[4], garbage[0])).find("dominators above"),
            std::string::npos);
  EXPECT_NE(verdict(with_value("objects", "idom", reached[4], ~0u)).find("no dominator"), std::string::npos);
  EXPECT_NE(verdict(with_value("objects", "idom", garbage[0], 0u)).find("a dominator"), std::string::npos);
  std::string circle = with_value("objects", "idom", reached[4], reached[9]);
  std::uint32_t back = reached[4];
  std::memcpy(circle.data() + section("objects", "idom").offset + reached[9] * 4, &back, 4);
  EXPECT_NE(verdict(mended(circle)).find("dominators above"), std::string::npos);
}

TEST_F(Snapshot, RefusesForgedHeaders) {
  auto with_section = [&](std::string_view table, std::string_view column, auto change) {
    std::string bytes = file_;
    std::vector<snap::Section> all = sections();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (snap::name_of(all[i].table) != table || snap::name_of(all[i].column) != column) continue;
      change(all[i]);
      std::memcpy(bytes.data() + sizeof(snap::Header) + i * sizeof(snap::Section), &all[i], sizeof all[i]);
    }
    return mended(bytes);
  };
  using S = snap::Section;
  struct Case {
    std::string bytes, says;
  };
  std::string version = file_;
  version[8] = 2;
  for (const auto& [bytes, says] : std::vector<Case>{
           {"hello", "do not begin"},
           {version, "version 2"},
           {with_section("maps", "len", [](S& s) { snap::set_name(s.column, "length"); }),
            "no column maps.len"},
           {with_section("maps", "len", [](S& s) { s.element_size = 4; }), "elements of 4 bytes"},
           {with_section("maps", "len", [](S& s) { s.element_size = 0; }), "outside"},
           {with_section("maps", "len", [](S& s) { s.rows -= 1; }), "maps.len has 5 rows"},
           {with_section("maps", "len", [](S& s) { s.rows = ~0ull / 4; }), "outside"},
           {with_section("maps", "len", [](S& s) { s.offset = ~0ull - 63; }), "outside"},
           {with_section("maps", "len", [](S& s) { s.offset += 8; }), "outside"},
           {with_section("edges", "first", [](S& s) { s.rows = 0; }), "edges.first"},
           {with_section("strings", "text", [](S& s) { s.rows = 3; }), "strings.end"},
       }) {
    std::string found = verdict(bytes);
    EXPECT_NE(found.find(says), std::string::npos) << says << ": " << found;
  }
}

TEST_F(Snapshot, SkipsColumnsItDoesNotKnow) {
  std::vector<snap::Section> all = sections();
  snap::Header header;
  std::memcpy(&header, file_.data(), sizeof header);
  // A later version of the program: one more column, of a table of its own, at the end.
  std::size_t old_head = snap::align_up(sizeof header + all.size() * sizeof(snap::Section));
  std::size_t new_head = snap::align_up(sizeof header + (all.size() + 1) * sizeof(snap::Section));
  for (snap::Section& s : all) s.offset += new_head - old_head;
  snap::Section extra = all.back();
  snap::set_name(extra.table, "later");
  all.push_back(extra);
  header.sections = std::uint32_t(all.size());
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(all.data()), all.size() * sizeof all[0]);
  bytes.resize(new_head, '\0');
  bytes += file_.substr(old_head);
  EXPECT_EQ(verdict(mended(bytes)), "opened");
}

}  // namespace
}  // namespace memsnap
