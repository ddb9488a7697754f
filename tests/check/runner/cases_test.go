// Package runner compares what memsnap check says of the cases with their markers: a comment `// want RULE`
// stands on each line where a finding has to be, and nowhere else is there one.
package runner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

type finding struct {
	Rule  string `json:"rule"`
	Level string `json:"level"`
	File  string `json:"file"`
	Line  int    `json:"line"`
}

func memsnap(t *testing.T) string {
	path := os.Getenv("MEMSNAP")
	if path == "" {
		t.Fatal("MEMSNAP names no program")
	}
	return path
}

// wanted reads the markers below a folder, `// want RULE` or `// want LEVEL:RULE`; other modules inside it are left
// out.
func wanted(t *testing.T, root string) map[string]bool {
	t.Helper()
	marks := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != root {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		for i, line := range strings.Split(string(text), "\n") {
			if _, rules, ok := strings.Cut(line, "// want "); ok {
				for _, rule := range strings.Fields(rules) {
					if level, only, ok := strings.Cut(rule, ":"); ok {
						rule = only + " as " + level
					}
					marks[fmt.Sprintf("%s:%d: %s", name, i+1, rule)] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return marks
}

// found gives the level of each finding.
func found(t *testing.T, root string, flags ...string) map[string]string {
	t.Helper()
	cmd := exec.Command(memsnap(t), append([]string{"check", "./...", "--json", "--notes", "--fail-on=none"}, flags...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var report struct {
		Findings []finding `json:"findings"`
		Missing  []string  `json:"missing"`
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	for _, line := range report.Missing {
		t.Errorf("not known: %s", line)
	}
	got := map[string]string{}
	for _, one := range report.Findings {
		got[fmt.Sprintf("%s:%d: %s", one.File, one.Line, one.Rule)] = one.Level
	}
	return got
}

func compare(t *testing.T, root string) {
	want, got := wanted(t, root), found(t, root)
	var lines []string
	for mark := range want {
		if name, level, ok := strings.Cut(mark, " as "); ok && got[name] == level {
			got[mark] = level
			delete(got, name)
		}
	}
	for mark := range want {
		if got[mark] == "" {
			lines = append(lines, mark+" is not found")
		}
	}
	for mark, level := range got {
		if !want[mark] {
			lines = append(lines, mark+" is not wanted, a "+level)
		}
	}
	sort.Strings(lines)
	for _, line := range lines {
		t.Error(line)
	}
	if len(want) == 0 {
		t.Error("no markers: the test looks at nothing")
	}
}

func TestCases(t *testing.T)    { compare(t, "..") }
func TestOldCases(t *testing.T) { compare(t, "../old") }

// Each of the thirty kinds has a program that shows it and a twin that is silent.
func TestEveryKindHasATwin(t *testing.T) {
	kinds, err := filepath.Glob("../misuse/*")
	if err != nil || len(kinds) != 30 {
		t.Fatalf("%d kinds, %v", len(kinds), err)
	}
	for _, kind := range kinds {
		if len(wanted(t, filepath.Join(kind, "bad"))) == 0 {
			t.Errorf("%s: the bad program has no marker", kind)
		}
		if len(wanted(t, filepath.Join(kind, "fixed"))) != 0 {
			t.Errorf("%s: the mended program has a marker", kind)
		}
	}
}

// copyTree copies the Go files of a module.
func copyTree(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// What --fix writes still builds, keeps the modes, and has fewer findings.
func TestFixes(t *testing.T) {
	root := copyTree(t, "..")
	if err := os.RemoveAll(filepath.Join(root, "runner")); err != nil {
		t.Fatal(err)
	}
	marked := filepath.Join(root, "misuse/28-make-then-append/bad/ids.go")
	if err := os.Chmod(marked, 0o640); err != nil {
		t.Fatal(err)
	}
	before := len(found(t, root))
	found(t, root, "--fix")
	after := len(found(t, root))
	if after >= before {
		t.Errorf("%d findings before --fix, %d after", before, after)
	}
	t.Logf("%d findings before --fix, %d after", before, after)
	info, err := os.Stat(marked)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode of a mended file: %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(marked)
	if err != nil || !bytes.Contains(text, []byte("make([]int, 0, len(users))")) {
		t.Errorf("make is not mended: %s, %v", text, err)
	}
	build := exec.Command("go", "build", "./...")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("does not build after --fix: %v\n%s", err, out)
	}
}

// --new-from shows what a commit adds, wherever lines moved.
func TestNewFrom(t *testing.T) {
	root := t.TempDir()
	git := func(words ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b"}, words...)...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", words, err, out)
		}
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(root, "a.go"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/new\n\ngo 1.24\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	old := "func old() {\n\tvar m map[int]int\n\tm[1] = 1\n}\n"
	write("package a\n\n" + old)
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "old")
	write("package a\n\nfunc fresh() {\n\tvar m map[int]int\n\tm[2] = 2\n}\n\n" + old)
	got := found(t, root, "--new-from=HEAD")
	if len(got) != 1 || got["a.go:5: nil-map-write"] == "" {
		t.Errorf("new since HEAD: %v", got)
	}
}

// As go vet's tool: the same finding, and a status that fails the build.
func TestVetTool(t *testing.T) {
	cmd := exec.Command("go", "vet", "-vettool="+memsnap(t), "./misuse/02-nil-map-write/...")
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Errorf("go vet is content:\n%s", out)
	}
	if !bytes.Contains(out, []byte("bad/config.go:6:2:")) || bytes.Contains(out, []byte("fixed/config.go")) {
		t.Errorf("go vet says:\n%s", out)
	}
}

// Comments silence, and one that silences nothing is reported.
func TestSuppressions(t *testing.T) {
	root := t.TempDir()
	text := `package a

func ignored() {
	var m map[int]int
	m[1] = 1 //memsnap:ignore nil-map-write it is a test
}

//memsnap:ignore nil-map-write the whole function
func whole() {
	var m map[int]int
	m[1] = 1
}

func lint() {
	var m map[int]int
	m[1] = 1 //nolint:memsnap // on purpose
	m[2] = 2 //nolint:errcheck
}

func idle() {
	m := map[int]int{}
	m[1] = 1 //memsnap:ignore nil-map-write not needed
}

func wrong() {
	var m map[int]int
	m[1] = 1 //memsnap:ignore nil-map-write
}
`
	for name, text := range map[string]string{"go.mod": "module example.com/a\n\ngo 1.24\n", "a.go": text} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := found(t, root)
	want := map[string]bool{"a.go:17: nil-map-write": true, "a.go:22: unused-suppression": true, "a.go:27: bad-suppression": true}
	for mark := range want {
		if got[mark] == "" {
			t.Errorf("%s is not found", mark)
		}
	}
	if len(got) != len(want) {
		t.Errorf("found %v", got)
	}
}
