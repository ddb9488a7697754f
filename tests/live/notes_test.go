// What a program is, when that explains what is in the report or not in it.
package live

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

func wantNote(t *testing.T, pid, words string) harness.Report {
	t.Helper()
	report := harness.Doctor(t, pid, "--interval", "0")
	if !strings.Contains(strings.Join(report.Notes, "\n"), words) {
		t.Errorf("%q is not among the notes %q", words, report.Notes)
	}
	return report
}

func TestRaceDetectorIsNamed(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Fatal("-race needs a C compiler, which tools/setup.sh installs")
	}
	program := zooProgram(t, "map-unbounded/healthy", "racy", "-race")
	report := wantNote(t, sleeper(t, exec.Command(program, "-timeout", "1m")), "belong to the race detector")
	for _, finding := range report.Findings {
		if finding.Pattern == "off-heap" {
			t.Errorf("the race detector is %s off-heap: %s", finding.Severity, finding.Title)
		}
	}
}

func TestNoHeapProfileIsSaid(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "kill/target")
	wantNote(t, strconv.Itoa(target.PID), "allocation lines: not kept by this program")
}
