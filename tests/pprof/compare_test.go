package pprof

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/pprof/profile"

	"memsnap.test/pprof/cases"
	"memsnap.test/pprof/tool"
)

type verdict int

const (
	equal      verdict = iota
	documented         // other than go tool pprof, where we say so
	unstable           // go tool pprof says now this, now that, or crashes
	different
)

// mode is a way to ask the tested tool.
type mode struct {
	tool  tool.Tool
	exact bool // no deviation is allowed, not in the exit status either
}

type outcome struct {
	question     cases.Case
	mode         mode
	verdict      verdict
	stderrCounts bool // the oracle's is stable and the reports are equal
	stderrEqual  bool
}

type differ struct {
	bench   tool.Bench
	oracles []*tool.Oracle
	modes   []mode

	mu            sync.Mutex
	disagreements int // questions where the oracles differ
}

// retries is how often the oracle is asked again when an answer differs from its first one: its maps may have
// chosen another order.
const retries = 16

// one asks one question in each mode.
func (d *differ) one(q cases.Case, outcomes []outcome, room int) error {
	want, err := d.expected(q, room)
	if err != nil {
		return err
	}
	for i, mode := range d.modes {
		got, err := d.bench.Run(mode.tool, q.Question, room)
		if err != nil {
			return err
		}
		o := outcome{question: q, mode: mode}
		digest := got.Digest()
		same := sameReport(want.Digest, digest, mode.exact)
		o.stderrCounts, o.stderrEqual = same && !want.Unstable, want.Stderr == digest.Stderr
		o.verdict = equal
		if !same {
			if o.verdict, err = d.judge(q, mode, want, digest, room); err != nil {
				return err
			}
		}
		outcomes[i] = o
	}
	return nil
}

// expected is the newest oracle's answer.
func (d *differ) expected(q cases.Case, room int) (tool.Kept, error) {
	var kept []tool.Kept
	for _, oracle := range d.oracles {
		answer, known := oracle.Known(q.Key)
		if !known {
			ran, err := d.bench.Run(oracle.Tool, q.Question, room)
			if err != nil {
				return tool.Kept{}, err
			}
			answer = tool.Kept{Digest: ran.Digest()}
			oracle.Keep(q.Key, answer)
		}
		kept = append(kept, answer)
	}
	newest := kept[len(kept)-1]
	for i, other := range kept[:len(kept)-1] {
		if other.Digest == newest.Digest {
			continue
		}
		again, err := d.bench.Run(d.oracles[i].Tool, q.Question, room)
		if err != nil {
			return tool.Kept{}, err
		}
		if again.Digest() != other.Digest {
			newest.Unstable = true
			continue
		}
		d.mu.Lock()
		d.disagreements++
		d.mu.Unlock()
	}
	return newest, nil
}

// judge is asked when a report is not the expected one.
func (d *differ) judge(q cases.Case, m mode, want tool.Kept, got tool.Digest, room int) (verdict, error) {
	newest := d.oracles[len(d.oracles)-1]
	changes := false
	for range retries {
		again, err := d.bench.Run(newest.Tool, q.Question, room)
		if err != nil {
			return different, err
		}
		digest := again.Digest()
		if sameReport(digest, got, m.exact) {
			return equal, nil
		}
		changes = changes || !sameReport(digest, want.Digest, true)
	}
	switch {
	case got.Status < 0:
		return different, nil
	case changes || want.Crashed:
		return unstable, nil
	case !m.exact && q.May != cases.None:
		return documented, nil
	}
	return different, nil
}

func sameReport(want, got tool.Digest, exact bool) bool {
	if exact && want.Status != got.Status || (want.Status == 0) != (got.Status == 0) {
		return false
	}
	return want.Stdout == got.Stdout && want.Files == got.Files
}

// reproduce is what to type to see the difference, and the beginning of it.
func (d *differ) reproduce(o outcome) string {
	newest := d.oracles[len(d.oracles)-1]
	want, err := d.bench.Run(newest.Tool, o.question.Question, 0)
	if err != nil {
		return err.Error()
	}
	got, err := d.bench.Run(o.mode.tool, o.question.Question, 0)
	if err != nil {
		return err.Error()
	}
	text := fmt.Sprintf("cd %s\n%s %s   # status %d\n%s %s   # status %d\n", d.bench.Corpus, strings.Join(newest.Command, " "), o.question, want.Status,
		strings.Join(o.mode.tool.Command, " "), o.question, got.Status)
	return text + d.diff(want.Stdout, got.Stdout) + d.diff(want.Files, got.Files) + d.diff(want.Stderr, got.Stderr)
}

// readable is the text of a profile, and anything else as it is.
func readable(content []byte) []byte {
	if p, err := profile.ParseUncompressed(content); err == nil {
		return []byte(p.String())
	}
	return content
}

func (d *differ) diff(want, got []byte) string {
	if string(want) == string(got) {
		return ""
	}
	names := []string{filepath.Join(d.bench.Rooms, "go"), filepath.Join(d.bench.Rooms, "memsnap")}
	if wanted, gotten := readable(want), readable(got); !bytes.Equal(wanted, gotten) {
		want, got = wanted, gotten
	}
	for i, content := range [][]byte{want, got} {
		if err := os.WriteFile(names[i], content, 0o644); err != nil {
			return err.Error()
		}
	}
	out, _ := exec.Command("diff", "-a", "-u", "--label", "go tool pprof", "--label", "tested", names[0], names[1]).Output()
	lines := strings.SplitAfter(string(out), "\n")
	for i, line := range lines {
		if len(line) > 240 {
			lines[i] = line[:240] + "…\n"
		}
	}
	return strings.Join(lines[:min(len(lines), 20)], "")
}

func keys[T any](m map[string]T) iter.Seq[string] { return maps.Keys(m) }
