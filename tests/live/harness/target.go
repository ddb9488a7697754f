package harness

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"memsnap.test/leakzoo/keeper"
)

// Counts is what tests/live/kill/target says of itself.
type Counts struct {
	Event                      string
	Calls, Interrupted, Failed map[string]int64
	Sent, Lost, Early          int64
}

// Target is that program.
type Target struct {
	PID     int
	Command *exec.Cmd

	in    io.Writer
	lines chan Counts
}

// StartTarget builds and starts tests/live/kill/target, found from the folder of the test; it ends with the test.
func StartTarget(t testing.TB, release, folder string, args ...string) *Target {
	t.Helper()
	program, err := keeper.Build(folder, release, t.TempDir(), "target")
	if err != nil {
		t.Fatal(err)
	}
	return StartTargetProgram(t, program, args...)
}

// StartTargetProgram starts the target that has been built before.
func StartTargetProgram(t testing.TB, program string, args ...string) *Target {
	t.Helper()
	target := &Target{Command: exec.Command(program, args...), lines: make(chan Counts, 4)}
	in, err := target.Command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := target.Command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Command.Start(); err != nil {
		t.Fatal(err)
	}
	Ends(t, target.Command)
	target.in, target.PID = in, target.Command.Process.Pid
	go func() {
		defer close(target.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var counts Counts
			if json.Unmarshal(lines.Bytes(), &counts) == nil {
				target.lines <- counts
			}
		}
	}()
	target.next(t, filepath.Base(program))
	return target
}

// Tell sends a command that has no answer.
func (g *Target) Tell(t testing.TB, command string) {
	t.Helper()
	if _, err := fmt.Fprintln(g.in, command); err != nil {
		t.Fatalf("%s: %v", command, err)
	}
}

// Count asks the target what it has seen.
func (g *Target) Count(t testing.TB) Counts {
	t.Helper()
	g.Tell(t, "count")
	return g.next(t, "count")
}

func (g *Target) next(t testing.TB, what string) Counts {
	t.Helper()
	select {
	case counts, open := <-g.lines:
		if !open {
			t.Fatalf("%s: the target has ended", what)
		}
		return counts
	case <-time.After(Patience):
		t.Fatalf("%s: no answer from the target", what)
	}
	return Counts{}
}
