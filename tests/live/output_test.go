// A file that cannot be written is said before the process is stopped.
package live

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

func TestOutputIsLookedAtBeforeThePause(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "kill/target")
	pid := strconv.Itoa(target.PID)
	taken := filepath.Join(t.TempDir(), "taken.snap")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"capture", "-p", pid, "-o", taken},
		{"doctor", pid, "-o", taken},
		{"capture", "-p", pid, "-o", filepath.Join(t.TempDir(), "none", "a.snap")},
	} {
		result := harness.Run(t, args...)
		wantFailure(t, result, unwritten, `taken\.snap is there already|a\.snap cannot be written`)
		if strings.Contains(result.Stderr, "will pause") {
			t.Errorf("%q announced a pause: %s", args, result.Stderr)
		}
	}
	if text, err := os.ReadFile(taken); err != nil || string(text) != "mine" {
		t.Errorf("the file holds %q now: %v", text, err)
	}
}
