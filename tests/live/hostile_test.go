package live

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/live/harness"
)

// What the source of the hostile program spells in letters.
var hostile = strings.NewReplacer("@ESC@", "\x1b", "@BEL@", "\x07", "@CR@", "\r", "@RLO@", "\u202e")

// No terminal, viewer or browser may take what comes from a target for anything but text.
func TestHostileNames(t *testing.T) {
	harness.Tool(t)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			t.Parallel()
			harness.Enter(t)
			folder := t.TempDir()
			program := buildHostile(t, release, folder)
			animal := start(t, program)
			pid := strconv.Itoa(animal.PID)
			snapshot := filepath.Join(folder, "hostile.snap")
			report := mustRun(t, "doctor", pid, "--json", "-o", snapshot)
			checkJSON(t, report)
			if !strings.Contains(report, "alert('function')") && !strings.Contains(report, "alert(\\u0027function") {
				t.Errorf("the report does not speak of the hostile function, so this test proves nothing:\n%s", report)
			}
			// The place of the third leak says that it is /etc/passwd.
			source := []string{"--source", folder}
			for _, command := range [][]string{
				append([]string{"doctor", pid, "--captures", "2", "--interval", "200ms"}, source...), {"doctor", snapshot, "--all"},
				{"top", snapshot}, {"tree", snapshot}, {"maps", snapshot}, {"maps", "--keys", snapshot}, {"slices", snapshot},
				{"goroutines", snapshot}, {"rss", snapshot}, {"top", pid, "--by", "lines"}, {"rss", pid}, {"doctor"},
			} {
				checkTerminal(t, strings.Join(command, " "), mustRun(t, command...))
			}
			for _, verb := range []string{"top", "tree", "maps", "slices", "goroutines", "rss"} {
				checkJSON(t, mustRun(t, verb, snapshot, "--json"))
			}
			checkMarkup(t, "markdown", mustRun(t, append([]string{"doctor", snapshot, "--format=markdown"}, source...)...))
			checkMarkup(t, "html", mustRun(t, append([]string{"doctor", snapshot, "--format=html"}, source...)...))
		})
	}
}

// buildHostile puts the characters into the source and builds it, under a hostile name.
func buildHostile(t *testing.T, release, folder string) string {
	t.Helper()
	module := filepath.Join(folder, "module")
	if err := os.CopyFS(module, os.DirFS(harness.Zoo)); err != nil {
		t.Fatal(err)
	}
	main := filepath.Join(module, "hostile", "main.go")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(main, []byte(hostile.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	name := hostile.Replace("sh@ESC@[31m@CR@@RLO@<script>alert('exe')<b>")
	program, err := keeper.Build(filepath.Join(module, "hostile"), release, folder, name)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	result := harness.Run(t, args...)
	if result.Status != 0 {
		t.Errorf("%q gave status %d: %s", args, result.Status, result.Stderr)
	}
	checkTerminal(t, strings.Join(args, " ")+" (stderr)", result.Stderr)
	return result.Stdout
}

// Control characters but newline and tab, C1 controls, and all that turns the direction of text.
var dangerous = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

func checkTerminal(t *testing.T, what, text string) {
	t.Helper()
	if at := dangerous.FindStringIndex(text); at != nil {
		t.Errorf("%s prints %q: %q", what, text[at[0]:at[1]], around(text, at[0]))
	}
}

func around(text string, at int) string { return text[max(0, at-60):min(len(text), at+60)] }

func checkJSON(t *testing.T, text string) {
	t.Helper()
	if !json.Valid([]byte(text)) {
		t.Errorf("no JSON: %q", around(text, 0))
	}
	checkTerminal(t, "JSON", text)
}

// Markup of the report's own is whatever it likes; the target's must not be markup any more.
func checkMarkup(t *testing.T, what, text string) {
	t.Helper()
	checkTerminal(t, what, text)
	for _, live := range []string{"<script>alert", "<b>x", "](javascript:", "![x](http", "root:x:0:0"} {
		if at := strings.Index(text, live); at >= 0 {
			t.Errorf("%s has %q: %q", what, live, around(text, at))
		}
	}
	if what == "html" {
		for _, outside := range []string{`src="http`, `href="http://127`, "@import"} {
			if at := strings.Index(text, outside); at >= 0 {
				t.Errorf("html asks the network: %q", around(text, at))
			}
		}
	}
}
