// What the source says and what the memory says of one fault, laid beside each other by doctor and by check.
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

func TestSourceAndMemoryMeet(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "shop")
	snapshot := filepath.Join(t.TempDir(), "shop.snap")
	report := harness.Doctor(t, strconv.Itoa(target.PID), "--source", ".", "-o", snapshot)
	if len(report.Findings) == 0 || report.Findings[0].Pattern != "map-unbounded" {
		t.Fatalf("the leak is not the first finding: %+v", report.Findings)
	}
	var cited harness.Evidence
	for _, evidence := range report.Findings[0].Evidence {
		if evidence.Kind == "source" {
			cited = evidence
		}
	}
	want := "shop/session/session.go:26: "
	if !strings.HasPrefix(cited.Text, want) || !strings.HasSuffix(cited.Text, "(map-grow-only)") {
		t.Fatalf("cited is %q, want %q…(map-grow-only)", cited.Text, want)
	}
	checkVerb(t, cited.Verb)
	checkRuntime(t, snapshot)
}

// checkVerb runs the command that the evidence names.
func checkVerb(t *testing.T, verb string) {
	t.Helper()
	words := strings.Fields(verb)
	if len(words) < 2 || words[0] != "memsnap" {
		t.Fatalf("the evidence names %q", verb)
	}
	again := harness.Run(t, words[1:]...)
	if again.Status != 1 || !strings.Contains(again.Stdout, "shop/session/session.go:26:2: warning: ") {
		t.Errorf("%s ends with %d and says:\n%s", verb, again.Status, again.Stdout)
	}
}

// From outside of the module its packages are what they are from inside.
func TestCheckFromOutside(t *testing.T) {
	command := exec.Command(harness.Tool(t), "check", "./live/shop/...")
	command.Dir = ".."
	result := harness.RunCommand(t, command)
	if result.Status != 1 || !strings.Contains(result.Stdout, "\nlive/shop/session/session.go:26:2: warning: ") &&
		!strings.HasPrefix(result.Stdout, "live/shop/session/session.go:26:2: warning: ") {
		t.Errorf("it ends with %d and says:\n%s", result.Status, result.Stdout)
	}
	if strings.Contains(result.Stdout, "not known") {
		t.Errorf("types are missing:\n%s", result.Stdout)
	}
}

// checkRuntime asks the other way round: what the function of the finding holds in the snapshot.
func checkRuntime(t *testing.T, snapshot string) {
	t.Helper()
	result := harness.RunCommand(t, exec.Command(harness.Tool(t), "check", "./shop/...", "--runtime", snapshot, "--json"))
	var checked struct {
		Findings []struct {
			Rule string
			Live *struct {
				Low  float64 `json:"low_bytes"`
				High float64 `json:"high_bytes"`
			}
		}
	}
	if err := json.Unmarshal([]byte(result.Stdout), &checked); err != nil {
		t.Fatalf("%v: %s%s", err, result.Stdout, result.Stderr)
	}
	const least, most = 10_000 * 2048, 40_000 * 2048 // 10,000 carts, and those since
	for _, finding := range checked.Findings {
		if finding.Rule != "map-grow-only" {
			continue
		}
		if finding.Live == nil || finding.Live.High < least || finding.Live.Low > most {
			t.Errorf("live bytes of the function are %+v, want them around %d", finding.Live, least)
		}
		return
	}
	t.Errorf("no map-grow-only in %s", result.Stdout)
}
