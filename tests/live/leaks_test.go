package live

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

// Goroutines that block in every way: what memsnap proves is what the program was written to leak, and where the
// runtime has a leak detector of its own (Go 1.27), what that says too.
func TestLeakProof(t *testing.T) {
	harness.Tool(t)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			t.Parallel()
			harness.Enter(t)
			command, out := startStopped(t, "leaks", release)
			proven, blocked := provenLeaks(t, command.Process.Pid)
			goOn(t, command)
			var told struct {
				Each   int
				Leaked map[string]int
			}
			if err := json.NewDecoder(out).Decode(&told); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err != nil {
				t.Fatal(err)
			}
			for function, number := range blocked {
				if wanted := strings.HasPrefix(function, "main.leak"); wanted != (proven[function] == number) {
					t.Errorf("%s: %d of %d goroutines proven to be leaked", function, proven[function], number)
				}
				if number != told.Each {
					t.Errorf("%d goroutines of %s, the program started %d", number, function, told.Each)
				}
				if told.Leaked != nil && told.Leaked[function] != proven[function] {
					t.Errorf("%s: %d proven, the runtime's own detector says %d", function, proven[function], told.Leaked[function])
				}
			}
			t.Logf("%d kinds of goroutines, %d proven to be leaked, the runtime says %d", len(blocked), len(proven), len(told.Leaked))
		})
	}
}

// provenLeaks counts the goroutines by the function they stand in: those proven, and all.
func provenLeaks(t *testing.T, pid int) (proven, all map[string]int) {
	t.Helper()
	var answer struct {
		Rows []struct {
			Place      string
			CannotWake bool `json:"cannot_wake"`
		}
	}
	if err := json.Unmarshal([]byte(mustRun(t, "goroutines", strconv.Itoa(pid), "--each", "--all", "--json")), &answer); err != nil {
		t.Fatal(err)
	}
	proven, all = map[string]int{}, map[string]int{}
	for _, row := range answer.Rows {
		function, _, _ := strings.Cut(row.Place, " ")
		if !strings.HasPrefix(function, "main.l") {
			continue
		}
		all[function]++
		if row.CannotWake {
			proven[function]++
		}
	}
	return proven, all
}
