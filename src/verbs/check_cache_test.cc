// A module with several packages is edited, step by step; after each step check says the same with what the
// runs before have found and without, in every form.
#include "verbs/check_cache.h"
#include "verbs/check_tree.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

class CheckCache : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "memsnap_check_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    top_ = fs::canonical(name);
    write("go.mod",
          "module shop\n\ngo 1.26\n\nrequire near.org/near v1.0.0\n\nreplace near.org/near => ../near\n");
    write("../near/go.mod", "module near.org/near\n\ngo 1.26\n");
    write("../near/near.go", "package near\n\ntype Set map[string]int\n\nfunc New() Set { return Set{} }\n");
    write("store/store.go", R"(package store

import "sync"

type Store struct {
	mu    sync.Mutex
	Items map[string]int
	nils  map[string]int
	log   []string
}

var Default = &Store{Items: map[string]int{}}

func (s *Store) Add(k string) { s.mu.Lock(); s.Items[k]++; s.mu.Unlock() }
func (s *Store) Get(k string) int { s.mu.Lock(); defer s.mu.Unlock(); return s.Items[k] }
func (s *Store) Len() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.Items) }
func (s *Store) Bare() int { return s.Items["x"] }
func (s *Store) Write() { s.nils["a"] = 1 }
func (s *Store) Log(t string) { s.log = append(s.log, t) }
)");
    write("web/web.go", R"(package web

import (
	"net/http"
	"shop/store"
)

var seen = map[string]bool{}

func Serve(w http.ResponseWriter, r *http.Request) {
	seen[r.URL.Path] = true
	store.Default.Items[r.Host] = 1
	store.Default.Log(r.Host)
}
)");
    write("main.go", R"(package main

import (
	"net/http"
	"near.org/near"
	"shop/store"
	"shop/web"
)

var sets = near.New()

func main() {
	sets["a"] = 1
	s := store.Default
	s.Items = nil
	http.HandleFunc("/", web.Serve)
	for k := range sets {
		sets[k+"x"] = 1
	}
}
)");
  }
  void TearDown() override {
    fs::permissions(top_, fs::perms::owner_all);
    fs::remove_all(top_);
  }
  void write(const std::string& path, const std::string& text) {
    fs::path full = top_ / "shop" / path;
    fs::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  void replace(const std::string& path, const std::string& from, const std::string& to) {
    fs::path full = top_ / "shop" / path;
    std::stringstream text;
    text << std::ifstream(full).rdbuf();
    std::string now = text.str();
    ASSERT_NE(now.find(from), std::string::npos) << path << ": " << from;
    now.replace(now.find(from), from.size(), to);
    std::ofstream(full) << now;
  }
  void remove(const std::string& path) { fs::remove(top_ / "shop" / path); }

  std::string printed(CheckedTree& tree) {
    LintReport report = tree.report(true);
    Out out;
    print_json(report, out);
    print_text(report, tree.lines(), {}, out);
    print_sarif(report, tree.lines(), out);
    return out.text();
  }
  // The records of all folders in the one file of a cache.
  std::map<std::string, std::string> records_in(const fs::path& folder) {
    std::map<std::string, std::string> records;
    for (const auto& file : fs::directory_iterator(folder)) {
      std::stringstream bytes;
      bytes << std::ifstream(file.path(), std::ios::binary).rdbuf();
      std::string text = bytes.str();
      auto read = read_cache_file(std::as_bytes(std::span(text)));
      for (const CacheEntry& entry : read ? read->entries : std::vector<CacheEntry>())
        records[std::string(entry.folder)] = text_of(entry.record);
    }
    return records;
  }
  // What is kept after an edit is to the byte what a run keeps that looks at everything.
  void expect_same_records(const std::string& step) {
    TreeOptions anew = options(true);
    anew.cache = top_ / "anew";
    fs::remove_all(anew.cache);
    ASSERT_TRUE(CheckedTree::open(anew)) << step;
    if (!fs::exists(anew.cache)) return;
    auto kept = records_in(top_ / "cache");
    for (const auto& [folder, record] : records_in(anew.cache))
      EXPECT_TRUE(kept[folder] == record) << step << ": " << folder;
  }
  TreeOptions options(bool cached) {
    TreeOptions all{.folder = top_ / "shop", .shown_from = top_ / "shop", .patterns = {"shop/..."}};
    for (const misuse::Rule* rule : misuse::rules()) all.rules.push_back(rule->name);
    all.exclude = exclude_;
    all.tests = tests_;
    if (cached) all.cache = top_ / "cache";
    all.parts_from = parts_from_;
    return all;
  }
  // The look with a cache, compared with the one without.
  CacheUse look(const std::string& step) {
    auto plain = CheckedTree::open(options(false)), cached = CheckedTree::open(options(true));
    EXPECT_TRUE(plain && cached) << step;
    if (!plain || !cached) return {};
    std::string want = printed(*plain);
    EXPECT_EQ(printed(*cached), want) << step;
    return cached->cache_use();
  }

  fs::path top_;
  std::vector<std::string> exclude_;
  bool tests_ = false;
  std::size_t parts_from_ = 0;  // the files of all folders are kept apart
};

// A package whose files take, release and count on each other's locks; one statement a line.
const std::vector<std::pair<std::string, std::string>> kHall = {
    {"hall/hall.go", R"(package hall

import "sync"

type Hall struct {
	mu    sync.Mutex
	rw    sync.RWMutex
	seats map[string]int
	names map[string]int
}

type adder interface{ add(k string) }
type other interface {
	mark(k string)
	more()
}

func (h *Hall) lock() {
	h.mu.Lock()
}
func (h *Hall) unlock() {
	h.mu.Unlock()
}
func (h *Hall) take() {
	h.rw.Lock()
}
)"},
    {"hall/low.go", R"(package hall

func (h *Hall) add(k string) {
	h.seats[k]++
}
func (h *Hall) name(k string) {
	h.names[k] = len(h.names)
}
func (h *Hall) mark(k string) {
	h.names[k] = 1
}
func (h *Hall) clear() {
	h.seats = nil
	h.names = map[string]int{}
}
func reset(h *Hall) {
	delete(h.seats, "a")
}
)"},
    {"hall/mid.go", R"(package hall

func (h *Hall) middle(k string) {
	h.add(k)
	h.name(k)
	h.inner(k)
	reset(h)
}
func (h *Hall) inner(k string) {
	h.seats[k] = 2
}
func (h *Hall) Open(k string) {
	h.lock()
	h.add(k)
	h.mark(k)
	h.unlock()
	h.rw.RLock()
	h.name(k)
	h.rw.RUnlock()
}
)"},
    {"hall/top.go", R"(package hall

func (h *Hall) Middle(k string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.middle(k)
	h.add(k)
}
func (h *Hall) Clear() {
	h.take()
	h.mu.Lock()
	h.clear()
	reset(h)
	h.mu.Unlock()
	h.rw.Unlock()
}
func (h *Hall) Far(a adder) {
	h.mu.Lock()
	a.add("x")
	h.middle("y")
	h.mu.Unlock()
}
func Others(o other) {
	o.mark("x")
}
func Make() *Hall {
	h := &Hall{seats: map[string]int{}}
	h.names = map[string]int{}
	h.middle("z")
	return h
}
)"},
};

TEST_F(CheckCache, SaysTheSameAfterEveryEdit) {
  const std::vector<std::pair<std::string, std::function<void()>>> steps = {
      {"nothing", [] {}},
      {"a body", [&] { replace("store/store.go", "return len(s.Items)", "return len(s.Items) + 1"); }},
      {"a body, longer",
       [&] { replace("web/web.go", "seen[r.URL.Path] = true", "\n\n\tseen[r.URL.Path] = true"); }},
      {"a delete",
       [&] { replace("web/web.go", "store.Default.Log(", "delete(seen, r.Host)\n\tstore.Default.Log("); }},
      {"a comment above",
       [&] { replace("store/store.go", "import \"sync\"", "// Words.\nimport \"sync\""); }},
      {"a signature", [&] { replace("store/store.go", "Log(t string) {", "Log(t string, more ...int) {"); }},
      {"a struct",
       [&] { replace("store/store.go", "log   []string", "log   []string\n\tmore  map[int]int"); }},
      {"a lock less", [&] { replace("store/store.go", "mu    sync.Mutex", "Mu    sync.Mutex"); }},
      {"a file",
       [&] {
         write("store/more.go", "package store\n\nfunc (s *Store) Make() { s.nils = map[string]int{} }\n");
       }},
      {"a file less", [&] { remove("store/more.go"); }},
      {"a package",
       [&] {
         write("extra/e.go",
               "package extra\n\nimport \"shop/store\"\n\nfunc F() { delete(store.Default.Items, \"\") }\n");
       }},
      {"a package less", [&] { remove("extra/e.go"); }},
      {"a syntax error", [&] { replace("web/web.go", "var seen", "var )\nvar seen"); }},
      {"mended", [&] { replace("web/web.go", "var )\n", ""); }},
      {"a package that is missing",
       [&] { replace("web/web.go", "\"net/http\"\n", "\"net/http\"\n\t\"gone.org/x\"\n"); }},
      {"used", [&] { replace("web/web.go", "var seen", "var lost = x.Y()\nvar seen"); }},
      {"in two packages", [&] { replace("main.go", "\"net/http\"\n", "\"net/http\"\n\t\"gone.org/x\"\n"); }},
      {"in one", [&] { replace("web/web.go", "\t\"gone.org/x\"\n", ""); }},
      {"in none", [&] { replace("main.go", "\t\"gone.org/x\"\n", ""); }},
      {"a body of a neighbour", [&] { replace("../near/near.go", "return Set{}", "return Set{\"a\": 1}"); }},
      {"a type of a neighbour", [&] { replace("../near/near.go", "map[string]int", "map[string]int32"); }},
      {"a type of a neighbour, no map",
       [&] { replace("../near/near.go", "map[string]int32", "struct{ M map[string]int }"); }},
      {"a neighbour that lacks its own",
       [&] {
         replace("../near/near.go", "package near\n", "package near\n\nimport \"gone.org/z\"\n\nvar Z z.T\n");
       }},
      {"the same, used", [&] { replace("main.go", "sets[\"a\"] = 1", "near.Z[1] = 2"); }},
      {"go.mod: an old language", [&] { replace("go.mod", "go 1.26", "go 1.20"); }},
      {"go.mod: no neighbour", [&] { replace("go.mod", "replace near.org/near => ../near", ""); }},
      {"go.mod: the neighbour",
       [&] { replace("go.mod", "require ", "replace near.org/near => ../near\n\nrequire "); }},
      {"a suppression",
       [&] {
         replace("store/store.go", "func (s *Store) Bare()",
                 "//memsnap:ignore map-no-lock it is\nfunc (s *Store) Bare()");
       }},
      {"one that silences nothing", [&] { replace("store/store.go", "map-no-lock", "map-bool-set"); }},
      {"a build constraint",
       [&] { replace("web/web.go", "package web", "//go:build special\n\npackage web"); }},
      {"built again", [&] { replace("web/web.go", "//go:build special\n\n", ""); }},
      {"its tag", [&] { setenv("GOFLAGS", "-tags=special", 1); }},
      {"no tag", [&] { unsetenv("GOFLAGS"); }},
      {"a file of another system",
       [&] {
         write("store/x_windows.go",
               "package store\n\nvar W = map[string]bool{}\n\nfunc (s *Store) Win(k string) { W[k] = true; "
               "s.nils = W2 }\n\nvar W2 map[string]int\n");
       }},
      {"that system", [&] { setenv("GOOS", "windows", 1); }},
      {"this system", [&] { unsetenv("GOOS"); }},
      {"an exclusion", [&] { exclude_ = {"web/..."}; }},
      {"none", [&] { exclude_.clear(); }},
      {"a test",
       [&] {
         write("store/store_test.go",
               "package store\n\nfunc (s *Store) Unlock() { s.nils = map[string]int{} }\n");
       }},
      {"tests as well", [&] { tests_ = true; }},
      {"a test changes", [&] { replace("store/store_test.go", "Unlock", "Clear"); }},
      {"an external test",
       [&] {
         write("store/x_test.go",
               "package store_test\n\nimport \"shop/store\"\n\nfunc F(s *store.Store) { s.Clear(); "
               "s.Items[\"\"] = 1 }\n");
       }},
      {"no tests", [&] { tests_ = false; }},
      {"a circle",
       [&] { replace("store/store.go", "import \"sync\"", "import \"sync\"\nimport _ \"shop/web\""); }},
      {"a folder renamed", [&] { fs::rename(top_ / "shop/store/store.go", top_ / "shop/store/other.go"); }},
  };
  for (const auto& [step, edit] : steps) {
    edit();
    look(step);
    look(step + ", once more");
  }
}

TEST_F(CheckCache, TakesWhatHasNotChanged) {
  EXPECT_EQ(look("first").taken, 0u);
  EXPECT_EQ(look("again").taken, 3u);
  replace("store/store.go", "return len(s.Items)", "return 2 * len(s.Items)");
  EXPECT_EQ(look("a body").taken, 2u);
  replace("store/store.go", "Log(t string)", "Log(t string, more ...int)");
  EXPECT_EQ(look("a declaration").taken, 0u);
}

TEST_F(CheckCache, RandomEditsOfBodiesAndDeclarations) {
  std::mt19937 random(20261122);
  const std::vector<std::string> files = {"store/store.go", "web/web.go", "main.go", "../near/near.go"};
  for (int i = 0; i < 40; ++i) {
    const std::string& file = files[random() % files.size()];
    std::stringstream text;
    text << std::ifstream(top_ / "shop" / file).rdbuf();
    std::string now = text.str();
    std::vector<std::size_t> lines;
    for (std::size_t at = now.find('\n'); at != std::string::npos; at = now.find('\n', at + 1))
      lines.push_back(at);
    std::size_t line = random() % (lines.size() - 1);
    switch (random() % 3) {
      case 0: now.erase(lines[line], lines[line + 1] - lines[line]); break;
      case 1: now.insert(lines[line], now.substr(lines[line], lines[line + 1] - lines[line])); break;
      default: now.insert(lines[line], "\n// " + std::to_string(i)); break;
    }
    write(file, now);
    look(file + " edit " + std::to_string(i));
  }
}

// Lines of bodies are dropped, doubled, swapped, run beside, one or two at a time; every fifth time all is as
// it was at the start.
TEST_F(CheckCache, RandomEditsOfLocksInManyFiles) {
  std::mt19937 random(20261123);
  std::map<std::string, std::vector<std::string>> files;
  std::size_t in_part = 0, as_a_whole = 0;
  for (int i = 0; i < 250; ++i) {
    if (i % 5 == 0) {
      files.clear();
      for (const auto& [path, text] : kHall) {
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) files[path].push_back(line);
      }
    }
    for (int edits = 1 + int(random() % 2); edits > 0; --edits) {
      const auto& [path, unused] = kHall[random() % kHall.size()];
      std::vector<std::string>& lines = files[path];
      std::vector<std::size_t> statements;
      for (std::size_t at = lines.size(); at-- > 0 && !lines[at].starts_with("import");)
        if (lines[at].starts_with("\th.") || lines[at].starts_with("\treset")) statements.push_back(at);
      if (statements.empty()) continue;
      std::size_t at = statements[random() % statements.size()];
      std::size_t other = statements[random() % statements.size()];
      switch (random() % 6) {
        case 0: lines.erase(lines.begin() + std::ptrdiff_t(at)); break;
        case 1: lines.insert(lines.begin() + std::ptrdiff_t(at), std::string(lines[at])); break;
        case 2: std::swap(lines[at], lines[other]); break;
        case 3: lines[at] = lines[at].ends_with(')') ? "\tgo " + lines[at].substr(1) : lines[at]; break;
        case 4: lines.insert(lines.begin() + std::ptrdiff_t(at), "\tf := h.add\n\tf(\"v\")"); break;
        default: lines.insert(lines.begin() + std::ptrdiff_t(at), "\t_ = " + std::to_string(i));
      }
    }
    for (const auto& [path, lines] : files) {
      std::string text;
      for (const std::string& line : lines) text += line + "\n";
      write(path, text);
    }
    CacheUse use = look("edit " + std::to_string(i));
    expect_same_records("edit " + std::to_string(i));
    (use.files_taken > 0 ? in_part : as_a_whole) += use.taken < use.folders ? 1 : 0;
  }
  EXPECT_GT(in_part, 20u);
  EXPECT_GT(as_a_whole, 20u);
}

TEST_F(CheckCache, TakesTheOtherFilesOfAFolder) {
  for (const auto& [path, text] : kHall) write(path, text);
  look("first");
  replace("hall/low.go", "h.seats = nil", "h.seats = map[string]int{}");
  EXPECT_EQ(look("a body").files_taken, 3u);
  replace("hall/hall.go", "\th.mu.Unlock()\n", "");
  EXPECT_EQ(look("a helper that unlocks no more").files_taken, 0u);
  replace("hall/top.go", "\th.middle(\"z\")\n", "");
  EXPECT_EQ(look("one caller less, of no lock").files_taken, 0u);
  replace("hall/top.go", "return h", "println()\n\treturn h");
  EXPECT_EQ(look("nothing about locks").files_taken, 3u);
  parts_from_ = 1 << 20;
  replace("hall/top.go", "println()", "print()");
  EXPECT_EQ(look("in parts once more").files_taken, 3u);
}

TEST_F(CheckCache, DamageCostsTimeAndNothingElse) {
  look("first");
  fs::path file = fs::directory_iterator(top_ / "cache")->path();
  std::uint64_t size = fs::file_size(file);
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    std::stringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    std::string now = bytes.str();
    if (i % 3 == 0)
      now.resize(random() % now.size());
    else
      now[random() % now.size()] ^= char(1 + random() % 255);
    std::ofstream(file, std::ios::binary) << now;
    EXPECT_GT(look("damaged").damaged, 0u);
    EXPECT_EQ(look("mended").damaged, 0u);
  }
  EXPECT_NEAR(double(fs::file_size(file)), double(size), 2000);  // rows of files that were too new before
}

TEST_F(CheckCache, TheFolderIsItsOwnersAlone) {
  look("first");
  EXPECT_EQ(fs::status(top_ / "cache").permissions(), fs::perms::owner_all);
  for (const auto& file : fs::directory_iterator(top_ / "cache"))
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(CheckCache, GoesOnWhereNothingCanBeWritten) {
  std::ofstream(top_ / "cache") << "a file, no folder";
  CacheUse use = look("first");
  EXPECT_NE(use.problem, "");
  EXPECT_EQ(use.taken, 0u);
}

}  // namespace
}  // namespace memsnap
