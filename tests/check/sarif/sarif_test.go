package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

type place struct {
	PhysicalLocation struct {
		ArtifactLocation artifact
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
}

type artifact struct{ URI, URIBaseID string }

type result struct {
	RuleID              string
	RuleIndex           *int
	Locations           []place
	RelatedLocations    []place
	CodeFlows           []json.RawMessage
	PartialFingerprints map[string]string
	Properties          map[string]any
	Fixes               []struct {
		ArtifactChanges []struct {
			ArtifactLocation artifact
			Replacements     []struct {
				DeletedRegion struct{ ByteOffset, ByteLength int }
			}
		}
	}
}

type log struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Results []result
	}
}

// run gives what the program prints; findings are no failure, all else is.
func run(t *testing.T, folder string, words ...string) []byte {
	t.Helper()
	path := os.Getenv("MEMSNAP")
	if path == "" {
		t.Fatal("MEMSNAP names no program")
	}
	cmd := exec.Command(path, words...)
	cmd.Dir = folder
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("memsnap %v: %v\n%s", words, err, stderr.Bytes())
	}
	return out
}

func read(t *testing.T, schema *jsonschema.Schema, text []byte) log {
	t.Helper()
	if err := validate(schema, text); err != nil {
		t.Errorf("not SARIF 2.1.0: %v", err)
	}
	var read log
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Runs) != 1 {
		t.Fatalf("%d runs", len(read.Runs))
	}
	return read
}

func schemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := compileSchema()
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// fileOf finds the file that a URI names.
func fileOf(t *testing.T, root string, at artifact) []byte {
	t.Helper()
	uri, err := url.Parse(at.URI)
	if err != nil {
		t.Fatal(err)
	}
	path := uri.Path
	if uri.Scheme == "" {
		path = filepath.Join(root, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%s names no file: %v", at.URI, err)
	}
	return text
}

// inside holds a region to the lines and columns, in code points, that the file has.
func inside(t *testing.T, root string, one place) {
	t.Helper()
	at := one.PhysicalLocation
	lines := strings.Split(string(fileOf(t, root, at.ArtifactLocation)), "\n")
	region := at.Region
	if region.StartLine < 1 || region.StartLine > region.EndLine || region.EndLine > len(lines) {
		t.Errorf("%s: lines %d to %d of %d", at.ArtifactLocation.URI, region.StartLine, region.EndLine, len(lines))
		return
	}
	first, last := len([]rune(lines[region.StartLine-1])), len([]rune(lines[region.EndLine-1]))
	if region.StartColumn < 1 || region.StartColumn > first+1 || region.EndColumn < 1 || region.EndColumn > last+1 {
		t.Errorf("%s:%d: columns %d of %d to %d of %d", at.ArtifactLocation.URI, region.StartLine, region.StartColumn,
			first, region.EndColumn, last)
	}
}

// What the schema cannot say: indices, places and changes lie inside what they speak of.
func consistent(t *testing.T, root string, read log) {
	t.Helper()
	rules := read.Runs[0].Tool.Driver.Rules
	prints := map[string]bool{}
	for _, one := range read.Runs[0].Results {
		if one.RuleIndex == nil || *one.RuleIndex >= len(rules) || rules[*one.RuleIndex].ID != one.RuleID {
			t.Errorf("%s: its index is of another rule", one.RuleID)
		}
		if print := one.PartialFingerprints["memsnap/v1"]; print == "" || prints[print] {
			t.Errorf("%s: fingerprint %q is missing or not its own", one.RuleID, print)
		} else {
			prints[print] = true
		}
		if len(one.Locations) != 1 {
			t.Errorf("%s: %d locations", one.RuleID, len(one.Locations))
		}
		for _, at := range append(one.Locations, one.RelatedLocations...) {
			inside(t, root, at)
		}
		for _, fix := range one.Fixes {
			for _, change := range fix.ArtifactChanges {
				size := len(fileOf(t, root, change.ArtifactLocation))
				for _, edit := range change.Replacements {
					if at := edit.DeletedRegion; at.ByteOffset+at.ByteLength > size {
						t.Errorf("%s: bytes %d and %d more of %d", change.ArtifactLocation.URI, at.ByteOffset, at.ByteLength, size)
					}
				}
			}
		}
	}
}

// All rules at once: the cases of tests/check have findings with fixes, paths and other places.
func TestCasesAreSarif(t *testing.T) {
	read := read(t, schemaOf(t), run(t, "..", "check", "./...", "--notes", "--format=sarif"))
	consistent(t, "..", read)
	fixes, flows, related := 0, 0, 0
	rules := map[string]bool{}
	for _, one := range read.Runs[0].Results {
		rules[one.RuleID] = true
		fixes += min(len(one.Fixes), 1)
		flows += min(len(one.CodeFlows), 1)
		related += min(len(one.RelatedLocations), 1)
	}
	t.Logf("%d results of %d rules, %d with fixes, %d with paths, %d with other places", len(read.Runs[0].Results),
		len(rules), fixes, flows, related)
	if len(rules) < 40 || fixes == 0 || flows == 0 || related == 0 {
		t.Errorf("results of %d rules, %d with fixes, %d with paths, %d with other places: the test looks at too little",
			len(rules), fixes, flows, related)
	}
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const nilWrite = "\tvar m map[string]int\n\tm[\"é\\x00\"] = 1\n"

// Names that a URI cannot hold as they are, lines that are not ASCII or not UTF-8, a broken file, a silenced finding.
func TestOddFilesAreSarif(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{
		"go.mod":               "module example.com/odd\n\ngo 1.24\n",
		"a b/c%41 d#e?.go":     "package a\n\nfunc f() {\n" + nilWrite + "}\n",
		"ümlaut/x:y[1].go":     "package b\n\nfunc f() {\n" + nilWrite + "}\n",
		"wide/wide.go":         "package c\n\nfunc f() { /* 日本語 \U0001f600 */ var m map[string]int; m[\"日\"] = 1 }\n",
		"bytes/bytes.go":       "package d\n\nfunc f() { _ = \"\xff\xfe\"; var m map[string]int; m[\"\"] = 1 }\n",
		"broken/broken.go":     "package e\n\nfunc f() { if\n",
		"silenced/silenced.go": "package g\n\nfunc f() {\n\tvar m map[int]int\n\tm[1] = 1 //memsnap:ignore nil-map-write it is a test\n}\n",
		"idle/idle.go":         "package h\n\n//memsnap:ignore nil-map-write \x01 <b>\nvar x = 1\n",
		"windows/windows.go":   "\ufeffpackage i\r\n\r\nfunc f() {\r\n\tvar m map[int]int\r\n\tm[1] = 1\r\n}\r\n",
	})
	read := read(t, schemaOf(t), run(t, root, "check", "./...", "--format=sarif"))
	consistent(t, root, read)
	if got := len(read.Runs[0].Results); got < 6 {
		t.Errorf("%d results", got)
	}
}

func TestNothingIsSarif(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"go.mod": "module example.com/none\n\ngo 1.24\n", "a.go": "package a\n"})
	read := read(t, schemaOf(t), run(t, root, "check", "./...", "--format=sarif"))
	if got := len(read.Runs[0].Results); got != 0 {
		t.Errorf("%d results", got)
	}
}

// With the memory of a program a result has properties.
func TestLiveBytesAreSarif(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{
		"go.mod": "module example.com/live\n\ngo 1.24\n",
		"main.go": `package main

import (
	"os"
	"runtime"
	"runtime/pprof"
)

var kept [][]string

//go:noinline
func padded(words []string) []string {
	all := make([]string, 1<<16)
	for _, word := range words {
		all = append(all, word)
	}
	return all
}

func main() {
	runtime.MemProfileRate = 1
	for range 3 {
		kept = append(kept, padded(os.Args))
	}
	runtime.GC()
	_ = pprof.Lookup("heap").WriteTo(os.Stdout, 0)
}
`})
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = root
	profile, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, map[string]string{"heap.pb.gz": string(profile)})
	read := read(t, schemaOf(t), run(t, root, "check", "./...", "--format=sarif", "--runtime=heap.pb.gz"))
	consistent(t, root, read)
	live := 0
	for _, one := range read.Runs[0].Results {
		if bytes, ok := one.Properties["liveBytes"].(float64); ok && bytes >= 3<<20 {
			live++
		}
	}
	if live == 0 {
		t.Errorf("no result has live bytes among %d", len(read.Runs[0].Results))
	}
}

// memsnap diff: benchmarks run here, and what unit tests hold the program to for snapshots.
func TestDiffIsSarif(t *testing.T) {
	schema := schemaOf(t)
	root := t.TempDir()
	lines := func(ns string) string {
		return "pkg: example.com/shop\n" + strings.Repeat("BenchmarkPut/a<b>-8 100 "+ns+" ns/op 64 B/op\n", 6)
	}
	write(t, root, map[string]string{"a.txt": lines("100"), "b.txt": lines("150")})
	read := read(t, schema, run(t, root, "diff", "a.txt", "b.txt", "--format=sarif"))
	if len(read.Runs[0].Results) == 0 {
		t.Error("a benchmark that got slower is no result")
	}
	goldens, err := filepath.Glob("../../golden/*/*.sarif")
	if err != nil || len(goldens) < 2 {
		t.Fatalf("%d files, %v", len(goldens), err)
	}
	for _, path := range goldens {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, text); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// The judge itself: what breaks the schema is refused.
func TestSchemaRefuses(t *testing.T) {
	schema := schemaOf(t)
	good := string(run(t, "..", "check", "./misuse/02-nil-map-write/...", "--format=sarif"))
	if err := validate(schema, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, swap := range [][2]string{
		{`"version": "2.1.0"`, `"version": "2.0.0"`},
		{`"level": "error"`, `"level": "high"`},
		{`"ruleId"`, `"rule"`},
		{`"startLine": `, `"startLine": -`},
		{`"columnKind": "unicodeCodePoints"`, `"columnKind": "bytes"`},
		{`"$schema": "https:`, `"$schema": "a b:`},
		{`"uri": "`, `"uri": "%zz`},
	} {
		bad := strings.ReplaceAll(good, swap[0], swap[1])
		if bad == good {
			t.Errorf("%s is nowhere", swap[0])
		} else if validate(schema, []byte(bad)) == nil {
			t.Errorf("%s instead of %s is accepted", swap[1], swap[0])
		}
	}
}
