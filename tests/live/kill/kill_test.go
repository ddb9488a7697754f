// Whatever happens to memsnap, the process it looks at runs on and notices nothing.
package kill

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"memsnap.test/live/harness"
)

// moved is how long a thread may take to be seen running again after its tracer is gone.
const moved = 10 * time.Second

func TestKilledTool(t *testing.T) {
	instants := harness.Count(t, "MEMSNAP_KILLS", 20)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			target := harness.StartTarget(t, release, "target")
			pid := strconv.Itoa(target.PID)
			snapshot := filepath.Join(t.TempDir(), "killed.snap")
			verbs := [][]string{
				{"capture", "-p", pid, "-o", snapshot, "--force"},
				{"doctor", pid, "--captures", "3", "--interval", "100ms"},
				{"doctor", pid, "--interval", "0"},
			}
			took := make([]time.Duration, len(verbs)) // of a run that nobody kills, the shortest of three
			for i := range 3 * len(verbs) {
				verb := verbs[i%len(verbs)]
				result := harness.Run(t, verb...)
				if result.Status != 0 {
					t.Fatalf("%q gave status %d: %s", verb, result.Status, result.Stderr)
				}
				if shortest := &took[i%len(verbs)]; *shortest == 0 || result.Took < *shortest {
					*shortest = result.Took
				}
			}
			before := target.Count(t)
			var hit hits
			for i := range instants {
				// Every second instant is somewhere in the run, the others lie where the target is held: half of them
				// where that begins.
				verb, instant := verbs[i/2%len(verbs)], rand.N(took[i/2%len(verbs)])
				switch i % 4 {
				case 1:
					instant = 0
				case 3:
					instant = rand.N(held)
				}
				killAt(t, target.PID, instant, i%2 == 1, verb, &hit)
				checkRunning(t, target.PID, instant, verb)
				checkWhole(t, snapshot)
				if t.Failed() {
					return
				}
			}
			checkUnharmed(t, before, target.Count(t))
			t.Logf("%d instants, %d of them while the target was traced, %d after the end", instants, hit.traced, hit.late)
			if hit.traced < instants/10 {
				t.Errorf("only %d of %d kills came while the target was traced, so this test proves little", hit.traced, instants)
			}
		})
	}
}

// held is about as long as a capture holds the target.
const held = 12 * time.Millisecond

type hits struct{ traced, late int }

// killAt kills a run of the tool after a while, counted from its start or from where it traces the target.
func killAt(t *testing.T, pid int, instant time.Duration, aimed bool, args []string, hit *hits) {
	t.Helper()
	command := exec.Command(harness.Tool(t), args...)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); aimed && tracerOf(t, pid) == "0" && time.Now().Before(end); {
	}
	time.Sleep(instant)
	if tracerOf(t, pid) != "0" {
		hit.traced++
	}
	command.Process.Kill()
	command.Wait()
	if command.ProcessState.Exited() {
		hit.late++
	}
}

// checkRunning makes sure that no thread of the target stays stopped or traced.
func checkRunning(t *testing.T, pid int, instant time.Duration, args []string) {
	t.Helper()
	var states, tracer string
	for end := time.Now().Add(moved); ; time.Sleep(5 * time.Millisecond) {
		var err error
		if states, err = harness.States(pid); err != nil {
			t.Fatalf("the target is gone after a kill at %v of %q: %v", instant, args, err)
		}
		tracer = tracerOf(t, pid)
		if !strings.ContainsAny(states, "tT") && tracer == "0" {
			return
		}
		if time.Now().After(end) {
			break
		}
	}
	t.Errorf("%v after a kill at %v of %q the threads are %s, the tracer is %s", moved, instant, args, states, tracer)
}

func tracerOf(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "TracerPid:\t")
	tracer, _, _ := strings.Cut(rest, "\n")
	return tracer
}

// checkWhole makes sure that what is there under the name of a snapshot is one: files are written whole or not
// at all.
func checkWhole(t *testing.T, snapshot string) {
	t.Helper()
	if result := harness.Run(t, "rss", snapshot); result.Status != 0 {
		t.Errorf("after a kill the snapshot cannot be read: %s", result.Stderr)
	}
}

// checkUnharmed compares what the target saw before and after.
func checkUnharmed(t *testing.T, before, after harness.Counts) {
	t.Helper()
	for call, n := range after.Calls {
		if n <= before.Calls[call] {
			t.Errorf("%s makes no progress: %d calls before, %d after", call, before.Calls[call], n)
		}
		if after.Interrupted[call] != 0 {
			t.Errorf("%d of %d calls of %s were interrupted", after.Interrupted[call], n, call)
		}
		if after.Failed[call] != 0 {
			t.Errorf("%d of %d calls of %s failed", after.Failed[call], n, call)
		}
	}
	if after.Sent <= before.Sent || after.Lost != 0 {
		t.Errorf("%d signals sent before, %d after, %d lost", before.Sent, after.Sent, after.Lost)
	}
	if after.Early != 0 {
		t.Errorf("%d sleeps ended early", after.Early)
	}
}

// The target does notice what it is there to notice: a stop interrupts epoll_wait, and no other of its calls.
func TestTargetNotices(t *testing.T) {
	target := harness.StartTarget(t, "", "target", "-heap", "1", "-touchy")
	before := target.Count(t)
	for range 20 {
		if err := target.Command.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		harness.WaitStopped(t, target.PID)
		if err := target.Command.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(500 * time.Millisecond)
	after := target.Count(t)
	if after.Interrupted["epoll_wait"] == 0 {
		t.Error("epoll_wait was not interrupted, so the target cannot tell")
	}
	delete(after.Calls, "epoll_wait")
	checkUnharmed(t, before, after)
}
