// No memory left for us: one line that names the limit, status 4, and a target that runs on.
package live

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/live/harness"
)

// limited runs the tool with so much address space (ulimit -v).
func limited(t *testing.T, mib int, args ...string) harness.Result {
	t.Helper()
	script := fmt.Sprintf(`ulimit -v %d; exec "$@"`, mib<<10)
	return harness.RunCommand(t, exec.Command("/bin/sh", append([]string{"-c", script, "sh", harness.Tool(t)}, args...)...))
}

func TestNoMemory(t *testing.T) {
	pid, snapshot := capture(t)
	number, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	// Below 24 MiB the system may not get it started.
	for name, args := range map[string][]string{
		"process":  {"doctor", pid, "--interval", "0"},
		"snapshot": {"doctor", snapshot},
		"capture":  {"capture", "-p", pid, "-o", t.TempDir() + "/new.snap", "--force"},
	} {
		t.Run(name, func(t *testing.T) {
			short, enough := 0, 0
			for mib := 24; mib <= 512; mib += max(2, mib/12) {
				result := limited(t, mib, args...)
				switch result.Status {
				case done:
					enough++
				default:
					short++
					wantFailure(t, result, refused, `ulimit -v|thread|[Cc]annot allocate memory`)
				}
				if states, err := harness.States(number); err != nil || strings.ContainsAny(states, "tT") {
					t.Fatalf("with %d MiB: the threads of the target are %s: %v", mib, states, err)
				}
			}
			t.Logf("%d times too little, %d times enough", short, enough)
			if enough == 0 || (short == 0 && name != "snapshot") {
				t.Errorf("%d times too little, %d times enough, expected both", short, enough)
			}
		})
	}
}
