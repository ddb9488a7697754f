// Snapshots that lie: what they say is changed and all checksums are valid again. Each verb reports as if nothing
// were, or says in one line what is wrong with the file; it never crashes, hangs, or takes memory without end.
package live

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

// What every verb that opens a snapshot may be asked; FILE is the forged one, OLD an honest one of the same process
// from before. Their number and that of the lies have no common divisor, so that each lie meets each question.
var questions = [][]string{
	{"doctor", "FILE"},
	{"doctor", "OLD", "FILE", "--json"},
	{"doctor", "FILE", "--format=html"},
	{"top", "FILE", "--all"},
	{"top", "FILE", "--by", "packages", "--all"},
	{"top", "FILE", "--by", "lines", "--all"},
	{"tree", "FILE", "--depth", "30", "--width", "100"},
	{"why", "FILE", "*", "--all"},
	{"maps", "FILE", "--all"},
	{"maps", "FILE", "--keys", "--all"},
	{"slices", "FILE", "--all"},
	{"slices", "FILE", "--duplicates", "--all"},
	{"goroutines", "FILE", "--all"},
	{"goroutines", "FILE", "--each", "--all"},
	{"rss", "FILE", "--all"},
	{"diff", "OLD", "FILE", "--all"},
	{"diff", "FILE", "OLD", "--by", "holders"},
}

type forger struct {
	old, forged   string
	text          []byte
	next          int // question
	refused, read int
}

// ask runs one question on a forged file; a different one each time.
func (f *forger) ask(t *testing.T, what string, change func(harness.Snapshot)) {
	t.Helper()
	changed := harness.Snapshot(bytes.Clone(f.text))
	change(changed)
	changed.Mend()
	if err := os.WriteFile(f.forged, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	question := questions[f.next%len(questions)]
	f.next++
	var args []string
	for _, word := range question {
		args = append(args, strings.NewReplacer("FILE", f.forged, "OLD", f.old).Replace(word))
	}
	// A count that is believed would ask for more than this.
	shell := exec.Command("/bin/sh", append([]string{"-c", `ulimit -v 4000000; exec "$@"`, "sh", harness.Tool(t)}, args...)...)
	result := harness.RunCommand(t, shell)
	switch {
	case result.Status == done:
		f.read++
		checkTerminal(t, what, result.Stdout)
		if said := complaints(result.Stderr); len(said) != 0 {
			t.Errorf("%s: %q gave status 0 and said %q", what, args, said)
		}
	case result.Status == unreadable:
		f.refused++
		if said := complaints(result.Stderr); len(said) != 1 || !strings.Contains(said[0], "forged.snap") || result.Stdout != "" {
			t.Errorf("%s: %q said %q and printed %q", what, args, result.Stderr, around(result.Stdout, 0))
		}
		checkTerminal(t, what, result.Stderr)
	case result.Status == usage && (question[0] == "why" || strings.Contains(strings.Join(question, " "), "OLD")):
		f.refused++ // nothing of that type is left, or the file says that it is the older one
		wantFailure(t, result, usage, "")
	default:
		t.Errorf("%s: %q gave status %d: %s", what, args, result.Status, result.Stderr)
	}
}

// Lies about the values of a column, by name. Rows are of `size` bytes.
var lies = []struct {
	name string
	tell func(values []byte, size int)
}{
	{"all ones in the middle", func(v []byte, size int) { fill(v[len(v)/size/2*size:][:size], 0xff) }},
	{"all ones at the end", func(v []byte, size int) { fill(v[len(v)-size:], 0xff) }},
	{"all ones everywhere", func(v []byte, size int) { fill(v, 0xff) }},
	{"zeros everywhere", func(v []byte, size int) { fill(v, 0) }},
	{"the largest positive numbers", func(v []byte, size int) {
		fill(v, 0xff)
		for i := size - 1; i < len(v); i += size {
			v[i] = 0x7f
		}
	}},
	{"the highest bit of the first", func(v []byte, size int) { v[size-1] ^= 0x80 }},
	{"one more in the middle", func(v []byte, size int) { v[len(v)/size/2*size]++ }},
	{"upside down", func(v []byte, size int) {
		for i, j := 0, len(v)-size; i < j; i, j = i+size, j-size {
			for k := range size {
				v[i+k], v[j+k] = v[j+k], v[i+k]
			}
		}
	}},
}

func fill(values []byte, with byte) {
	for i := range values {
		values[i] = with
	}
}

func TestForgedSnapshots(t *testing.T) {
	f := newForger(t)
	f.ask(t, "nothing changed", func(harness.Snapshot) {})
	if f.read != 1 {
		t.Fatal("the snapshot cannot be read with nothing changed")
	}
	for i, s := range harness.Snapshot(f.text).Sections() {
		size := int(s.ElementSize())
		if s.Rows() == 0 {
			continue
		}
		for _, lie := range lies {
			f.ask(t, fmt.Sprintf("%v: %s", s, lie.name), func(file harness.Snapshot) {
				lie.tell(file.Values(file.Sections()[i]), size)
			})
		}
	}
	t.Logf("%d lies were found out, %d did no harm", f.refused, f.read)
	if f.refused < 100 {
		t.Errorf("%d lies were found out, expected at least 100", f.refused)
	}
}

func newForger(t *testing.T) *forger {
	pid, old := capture(t)
	f := &forger{old: old, forged: filepath.Join(t.TempDir(), "forged.snap")}
	if result := harness.Run(t, "capture", "-p", pid, "-o", f.forged); result.Status != done {
		t.Fatalf("status %d: %s", result.Status, result.Stderr)
	}
	var err error
	if f.text, err = os.ReadFile(f.forged); err != nil {
		t.Fatal(err)
	}
	harness.Snapshot(f.text).CheckMend(t)
	return f
}

// The same for what the header and the table of sections say; no such lie is harmless.
func TestForgedTable(t *testing.T) {
	f := newForger(t)
	size := uint64(len(f.text))
	for name, change := range map[string]func(harness.Snapshot){
		"no sections":        func(file harness.Snapshot) { file.SetSections(0) },
		"too many sections":  func(file harness.Snapshot) { file.SetSections(^uint32(0)) },
		"another version":    func(file harness.Snapshot) { file.SetVersion(2) },
		"larger than it is":  func(file harness.Snapshot) { file.SetSize(size + 1) },
		"as large as can be": func(file harness.Snapshot) { file.SetSize(^uint64(0)) },
	} {
		for range questions {
			f.ask(t, name, change)
		}
	}
	for i, s := range harness.Snapshot(f.text).Sections() {
		if s.Rows() == 0 {
			continue
		}
		for name, change := range map[string]func(harness.Section){
			"rows without end":        func(s harness.Section) { s.SetRows(^uint64(0)) },
			"rows that wrap":          func(s harness.Section) { s.SetRows(^uint64(0)/uint64(s.ElementSize()) + 2) },
			"one row too few":         func(s harness.Section) { s.SetRows(s.Rows() - 1) },
			"behind the end":          func(s harness.Section) { s.SetOffset((size + 4096) &^ 63) },
			"an offset that wraps":    func(s harness.Section) { s.SetOffset(^uint64(63)) },
			"an offset between":       func(s harness.Section) { s.SetOffset(s.Offset() + 4) },
			"elements of no size":     func(s harness.Section) { s.SetElementSize(0) },
			"elements twice the size": func(s harness.Section) { s.SetElementSize(2 * s.ElementSize()); s.SetRows(s.Rows() / 2) },
		} {
			f.ask(t, fmt.Sprintf("%v: %s", s, name), func(file harness.Snapshot) { change(file.Sections()[i]) })
		}
	}
	t.Logf("%d lies were found out, %d did no harm", f.refused, f.read)
}
