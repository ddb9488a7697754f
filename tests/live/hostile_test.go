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
			for _, name := range []string{"alert('goroutine')", "alert('file')", "etc/passwd"} {
				if !strings.Contains(report, name) {
					t.Errorf("the report does not speak of %s, so this test proves nothing:\n%s", name, report)
				}
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
			checkMarkdown(t, mustRun(t, append([]string{"doctor", snapshot, "--format=markdown"}, source...)...))
			checkHTML(t, mustRun(t, append([]string{"doctor", snapshot, "--format=html"}, source...)...))
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

// What is markup in HTML. The report's own is whatever it likes; the target's must not be any more.
func checkHTML(t *testing.T, text string) {
	t.Helper()
	checkTerminal(t, "html", text)
	wantNone(t, "html", text, "<script>alert", "<b>x", "root:x:0:0", `src="http`, `href="http://127`, `href="javascript`, "@import")
}

// What is markup in Markdown, outside of code spans, which show what is in them.
func checkMarkdown(t *testing.T, text string) {
	t.Helper()
	checkTerminal(t, "markdown", text)
	for _, line := range strings.Split(text, "\n") {
		cells := []string{line}
		if strings.HasPrefix(line, "|") { // a table's cells are cut before anything in them is read
			cells = cellsOf(line)
		}
		for _, cell := range cells {
			wantNone(t, "markdown", withoutCode(cell), "<script>", "<b>x", "](javascript:", "![x](http", "root:x:0:0")
		}
	}
}

func wantNone(t *testing.T, what, text string, live ...string) {
	t.Helper()
	for _, markup := range live {
		if at := strings.Index(text, markup); at >= 0 {
			t.Errorf("%s has %q: %q", what, markup, around(text, at))
		}
	}
}

// cellsOf cuts a row at the bars that have no backslash before them.
func cellsOf(row string) (cells []string) {
	from := 0
	for at := range len(row) {
		if row[at] == '|' && (at == 0 || row[at-1] != '\\') {
			cells = append(cells, row[from:at])
			from = at + 1
		}
	}
	return append(cells, row[from:])
}

// withoutCode takes the code spans out: from a run of backticks to the next run of as many (CommonMark 6.1).
func withoutCode(text string) string {
	var out strings.Builder
	for at := 0; at < len(text); {
		if text[at] == '\\' && at+1 < len(text) {
			at += 2
			continue
		}
		if text[at] != '`' {
			out.WriteByte(text[at])
			at++
			continue
		}
		n := run(text, at)
		end := at + n
		for end < len(text) && (text[end] != '`' || run(text, end) != n) {
			end += max(1, run(text, end))
		}
		if end < len(text) {
			at = end + n
		} else {
			at += n // backticks that nothing closes are text
		}
	}
	return out.String()
}

// run is the number of backticks at this place.
func run(text string, at int) (n int) {
	for at+n < len(text) && text[at+n] == '`' {
		n++
	}
	return n
}

func TestWithoutCode(t *testing.T) {
	for text, want := range map[string]string{
		"a `b` c": "a  c", "``a`b`` c": " c", "`a": "a", "\\`a` <b>": "a <b>", "a `b``c` d": "a  d", `\<b>`: "b>",
	} {
		if got := withoutCode(text); got != want {
			t.Errorf("%q without code is %q, expected %q", text, got, want)
		}
	}
}
