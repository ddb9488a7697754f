// Numbers of memsnap against what a program knows of itself.
package live

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/live/harness"
)

// truth is what tests/live/kinds prints when it goes on.
type truth struct {
	Go                     string
	HeapObjects, HeapAlloc uint64
}

const (
	objectsOff  = 2    // between the program's count and the capture the runtime may allocate itself
	bytesOff    = 256  //
	unreached   = 10   // objects that the collector kept and our roots do not reach
	typedLeast  = 0.99 // share of bytes
	explainedAt = 0.98 // share of resident memory
)

// A program that holds objects of every kind collects twice, reads its MemStats and stops. What the allocator
// holds must be what the program says, and nearly all of it must be reached and typed.
func TestExact(t *testing.T) {
	harness.Tool(t)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			t.Parallel()
			harness.Enter(t)
			command, out := startStopped(t, "kinds", release)
			pid := command.Process.Pid
			report := harness.Doctor(t, strconv.Itoa(pid), "--interval", "0")
			reached := reachedObjects(t, pid)
			harness.WaitStopped(t, pid) // what was stopped before stays stopped
			goOn(t, command)
			told := readTruth(t, bufio.NewScanner(out))
			compareTruth(t, report, told, reached)
		})
	}
}

// startStopped builds the program in this folder and starts it; it has stopped itself when this returns.
func startStopped(t *testing.T, folder, release string) (*exec.Cmd, io.Reader) {
	t.Helper()
	program, err := keeper.Build(folder, release, t.TempDir(), folder)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	harness.Ends(t, command)
	harness.WaitStopped(t, command.Process.Pid)
	return command, out
}

func goOn(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if err := command.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

func compareTruth(t *testing.T, report harness.Report, told truth, reached uint64) {
	capture := report.Capture
	if report.Target.Go != told.Go {
		t.Errorf("the report speaks of %s, the program is %s", report.Target.Go, told.Go)
	}
	if far(capture.Objects, told.HeapObjects) > objectsOff {
		t.Errorf("%d objects, the program has %d", capture.Objects, told.HeapObjects)
	}
	if far(capture.Bytes, told.HeapAlloc) > bytesOff {
		t.Errorf("%d bytes, the program has %d", capture.Bytes, told.HeapAlloc)
	}
	if reached > capture.Objects || capture.Objects-reached > unreached {
		t.Errorf("%d of %d objects are reached after two collections", reached, capture.Objects)
	}
	if capture.ReachedBytes > capture.Bytes {
		t.Errorf("%d bytes reached of %d", capture.ReachedBytes, capture.Bytes)
	}
	if capture.TypedRatio < typedLeast {
		t.Errorf("%.4f of the bytes have a type", capture.TypedRatio)
	}
	if report.Memory.ExplainedRatio < explainedAt {
		t.Errorf("%.4f of the resident memory is explained", report.Memory.ExplainedRatio)
	}
	t.Logf("%d objects, %d bytes, %d unreached, typed %.4f, explained %.4f, pause %d us", capture.Objects, capture.Bytes,
		capture.Objects-reached, capture.TypedRatio, report.Memory.ExplainedRatio, capture.PauseNS/1000)
}

func far(a, b uint64) uint64 { return max(a, b) - min(a, b) }

// readTruth reads the last line that the program prints before it waits.
func readTruth(t *testing.T, lines *bufio.Scanner) truth {
	t.Helper()
	for lines.Scan() {
		var told truth
		if err := json.Unmarshal(lines.Bytes(), &told); err != nil {
			t.Fatal(err)
		}
		if told.HeapObjects != 0 {
			return told
		}
	}
	t.Fatalf("the program did not say what it holds: %v", lines.Err())
	return truth{}
}

// rows are the rows of a verb that lists things.
type rows struct {
	Rows []struct {
		Name    string
		Objects uint64
		Flat    uint64 `json:"flat_bytes"`
		Cum     uint64 `json:"cum_bytes"`
	}
}

func top(t *testing.T, pid int, args ...string) rows {
	t.Helper()
	var answer rows
	text := mustRun(t, append([]string{"top", strconv.Itoa(pid), "--all", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// reachedObjects counts the objects below the roots.
func reachedObjects(t *testing.T, pid int) (objects uint64) {
	t.Helper()
	for _, row := range top(t, pid).Rows {
		objects += row.Objects
	}
	return objects
}

// The heap profile that memsnap reads from outside is the one that the program writes itself.
func TestProfile(t *testing.T) {
	harness.Tool(t)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			t.Parallel()
			harness.Enter(t)
			folder := t.TempDir()
			program, err := keeper.Build(filepath.Join(harness.Zoo, "map-unbounded", "leak"), release, folder, "shop")
			if err != nil {
				t.Fatal(err)
			}
			animal := start(t, program)
			for _, command := range []string{"hold", "measure"} { // measure collects, which publishes the profile
				if _, err := animal.Do(command); err != nil {
					t.Fatal(err)
				}
			}
			profile := filepath.Join(folder, "heap.pb.gz")
			if _, err := animal.Do("profile " + profile); err != nil {
				t.Fatal(err)
			}
			compareProfiles(t, top(t, animal.PID, "--by", "lines"), pprofLines(t, profile))
			compareLocations(t, animal.PID, profile)
		})
	}
}

// A line of `go tool pprof -top`: flat and cumulated bytes of "function file:line".
type pprofLine struct{ flat, cum uint64 }

var pprofRow = regexp.MustCompile(`^ *(\d+)B? +[\d.]+% +[\d.]+% +(\d+)B? +[\d.]+%  (.*:\d+)(?: \(inline\)| \(partial-inline\))?$`)

func pprofLines(t *testing.T, profile string) map[string]pprofLine {
	t.Helper()
	command := exec.Command("go", "tool", "pprof", "-top", "-lines", "-cum", "-unit=B", "-sample_index=inuse_space",
		"-nodecount=1000000", "-nodefraction=0", "-edgefraction=0", "-symbolize=none", profile)
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]pprofLine{}
	for _, line := range strings.Split(string(out), "\n") {
		match := pprofRow.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		flat, _ := strconv.ParseUint(match[1], 10, 64)
		cum, _ := strconv.ParseUint(match[2], 10, 64)
		lines[strings.Join(strings.Fields(match[3]), " ")] = pprofLine{flat, cum}
	}
	if len(lines) == 0 {
		t.Fatalf("no lines in the answer of pprof:\n%s", out)
	}
	return lines
}

// compareProfiles wants the same bytes at the same lines. Both scale samples with the same formula; pprof cuts off
// the fraction of each sample.
func compareProfiles(t *testing.T, ours rows, theirs map[string]pprofLine) {
	t.Helper()
	const fractions = 64 // bytes
	var flat, wanted uint64
	for _, line := range theirs {
		wanted += line.flat
	}
	seen := map[string]bool{}
	for _, row := range ours.Rows {
		flat += row.Flat
		name := strings.Join(strings.Fields(row.Name), " ")
		line, ok := theirs[name]
		if !ok {
			t.Errorf("pprof has no line %q", name)
			continue
		}
		seen[name] = true
		if far(row.Cum, line.cum) > fractions || far(row.Flat, line.flat) > fractions {
			t.Errorf("%s: flat %d, cum %d; pprof says %d and %d", name, row.Flat, row.Cum, line.flat, line.cum)
		}
	}
	for name := range theirs {
		if !seen[name] {
			t.Errorf("memsnap has no line %q", name)
		}
	}
	if far(flat, wanted) > fractions {
		t.Errorf("%d bytes in all, pprof says %d", flat, wanted)
	}
}

var (
	rawLocation = regexp.MustCompile(`^ +\d+: (0x[0-9a-f]+) M=1 (.*)$`)
	rawInlined  = regexp.MustCompile(`^ {13,}(\S.*)$`)
	rawMapping  = regexp.MustCompile(`^1: (0x[0-9a-f]+/0x[0-9a-f]+/0x[0-9a-f]+) \S+ (\S*)`)
	startLine   = regexp.MustCompile(` s=\d+`)
)

// locations of `pprof -raw`: the first mapping, and of each address its lines, the innermost first.
func locations(raw string) (mapping string, lines map[string]string) {
	lines = map[string]string{}
	address := ""
	for _, line := range strings.Split(raw, "\n") {
		line = startLine.ReplaceAllString(line, "")
		if match := rawLocation.FindStringSubmatch(line); match != nil {
			address = match[1]
			lines[address] = match[2]
		} else if match := rawInlined.FindStringSubmatch(line); match != nil && address != "" {
			lines[address] += " < " + match[1]
		} else {
			address = ""
		}
		if match := rawMapping.FindStringSubmatch(line); match != nil {
			mapping = match[1] + " " + match[2]
		}
	}
	return mapping, lines
}

// compareLocations wants the same addresses, and at each the same lines and inlined calls, and the same mapping.
func compareLocations(t *testing.T, pid int, profile string) {
	t.Helper()
	theirRaw, err := exec.Command("go", "tool", "pprof", "-raw", "-symbolize=none", profile).Output()
	if err != nil {
		t.Fatal(err)
	}
	ourRaw, err := exec.Command(harness.Tool(t), "pprof", "-raw", strconv.Itoa(pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	theirMapping, theirs := locations(string(theirRaw))
	ourMapping, ours := locations(string(ourRaw))
	if theirMapping != ourMapping {
		t.Errorf("the code is at %q, the program says %q", ourMapping, theirMapping)
	}
	if len(theirs) < 5 { // how many stacks the samples fall on is chance; that of the leak is deeper than this
		t.Fatalf("%d addresses in the profile:\n%s", len(theirs), theirRaw)
	}
	for address, lines := range theirs {
		if ours[address] != lines {
			t.Errorf("at %s memsnap has %q, the program says %q", address, ours[address], lines)
		}
	}
}
