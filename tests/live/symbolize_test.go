// Where the threads of a running program stand, and the values of what is in scope there.
package live

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

type threadPlaces struct {
	Threads []struct {
		Frames []struct {
			Function, File, Source string
			Variables              []struct{ Name, Value string }
		}
	}
}

func TestThreadsAndTheirVariables(t *testing.T) {
	program := filepath.Join(t.TempDir(), "spinner")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "spinner"
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	pid := sleeper(t, exec.Command(program))
	number, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	spinning := 0
	for range 20 {
		result := harness.Run(t, "symbolize", "-p", pid, "--source-mode=inline", "--values", "--json")
		if result.Status != done {
			t.Fatalf("status %d: %s", result.Status, result.Stderr)
		}
		if states, err := harness.States(number); err != nil || strings.ContainsAny(states, "tT") {
			t.Fatalf("the threads are %s: %v", states, err)
		}
		if !strings.Contains(result.Stderr, "will pause process "+pid) || !strings.Contains(result.Stderr, "was paused") {
			t.Errorf("the pause is not announced: %s", result.Stderr)
		}
		var places threadPlaces
		if err := json.Unmarshal([]byte(result.Stdout), &places); err != nil {
			t.Fatal(err)
		}
		for _, thread := range places.Threads {
			for _, frame := range thread.Frames {
				if frame.Function != "main.spin" {
					continue
				}
				spinning++
				values := map[string]string{}
				for _, v := range frame.Variables {
					values[v.Name] = v.Value
				}
				if filepath.Base(frame.File) != "main.go" || frame.Source == "" {
					t.Errorf("spin stands in %s at %q", frame.File, frame.Source)
				}
				if got := values["text"]; got != "" && got != "\"hello \x1b world\"" {
					t.Errorf("text is %q", got)
				}
				if got := values["limit"]; got != "" && got != "4611686018427387904" {
					t.Errorf("limit is %s", got)
				}
				if got := values["p"]; got != "" && !strings.HasSuffix(got, `{name: "apple", count: 7}`) {
					t.Errorf("p is %s", got)
				}
				if values["p"] == "" && values["limit"] == "" && values["text"] == "" {
					t.Error("no value of spin is known")
				}
			}
		}
	}
	if spinning < 10 {
		t.Errorf("the loop was met %d times of 20", spinning)
	}
}

func TestSymbolizeLimits(t *testing.T) {
	pid := sleeper(t, exec.Command("sleep", "60"))
	wantFailure(t, harness.Run(t, "symbolize", "-p", pid, "--max-pause", "1us"), refused, `--max-pause`)
	result := harness.Run(t, "symbolize", "-p", pid)
	if result.Status != done || !strings.Contains(result.Stdout, pid+": 0x") {
		t.Errorf("status %d: %s %s", result.Status, result.Stdout, result.Stderr)
	}
}
