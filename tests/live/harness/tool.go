// Package harness runs the memsnap under test and reads what it says.
package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Zoo is the folder of the programs, from the folder of a test of this module.
const Zoo = "../../examples/leakzoo"

// Tool is the path of the memsnap under test.
func Tool(t testing.TB) string {
	t.Helper()
	path := os.Getenv("MEMSNAP")
	if path == "" {
		t.Fatal("MEMSNAP is not set: the path of the memsnap to test")
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		t.Fatalf("MEMSNAP=%s is no program: %v", path, err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

// Releases are the Go releases to build programs with; one "" stands for the release at hand.
func Releases() []string { return strings.Split(os.Getenv("MEMSNAP_GO"), ",") }

// ReleaseName is the release in the name of a test.
func ReleaseName(release string) string {
	if release == "" {
		return "go"
	}
	return release
}

// Count is a number from the environment.
func Count(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no count", name, text)
	}
	return n
}

var gate = make(chan struct{}, 2)

// Enter lets two tests of a package work at the same time; the rest wait.
func Enter(t testing.TB) {
	gate <- struct{}{}
	t.Cleanup(func() { <-gate })
}

// Result is how a run of the tool ended.
type Result struct {
	Args           []string
	Stdout, Stderr string
	Status         int // -1: it did not end by itself
	Took           time.Duration
}

// Patience is how long a run may take on a busy machine.
const Patience = 2 * time.Minute

// Run runs the tool and waits for its end.
func Run(t testing.TB, args ...string) Result {
	t.Helper()
	return RunCommand(t, exec.Command(Tool(t), args...))
}

// RunCommand is Run for a command that starts the tool in a way of its own. What it says goes to its Stderr too.
func RunCommand(t testing.TB, command *exec.Cmd) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	var out, err bytes.Buffer
	listeners := []io.Writer{&err}
	if command.Stderr != nil {
		listeners = append(listeners, command.Stderr)
	}
	command.Stdout, command.Stderr = &out, io.MultiWriter(listeners...)
	start := time.Now()
	if e := command.Start(); e != nil {
		t.Fatal(e)
	}
	stop := context.AfterFunc(ctx, func() { command.Process.Kill() })
	defer stop()
	e := command.Wait()
	result := Result{Args: command.Args, Stdout: out.String(), Stderr: err.String(), Took: time.Since(start)}
	var exit *exec.ExitError
	switch {
	case errors.As(e, &exit):
		result.Status = exit.ExitCode()
	case e != nil:
		t.Fatal(e)
	}
	if result.Status == -1 {
		t.Fatalf("%q ended with %v after %v: %s", command.Args, e, result.Took, result.Stderr)
	}
	return result
}

// Report is what `memsnap doctor --json` prints.
type Report struct {
	Schema string
	Target struct {
		Kind, Exe, Go string
		PID           int
	}
	Capture struct {
		PauseNS      int64 `json:"pause_ns"`
		Threads      int
		Mode         string
		Objects      uint64
		Bytes        uint64
		ReachedBytes uint64  `json:"reached_bytes"`
		TypedRatio   float64 `json:"typed_ratio"`
	}
	Memory struct {
		RSS            uint64
		ExplainedRatio float64 `json:"explained_ratio"`
	}
	Findings []Finding
	Notes    []string
	Partial  bool
	Missing  []string
}

// Finding is one of its findings.
type Finding struct {
	Pattern, Rule, Severity, Confidence, Fingerprint, Title, Type string
	Objects                                                       uint64
	RetainedBytes                                                 uint64   `json:"retained_bytes"`
	Growth                                                        *float64 `json:"growth_bytes_per_s"`
	Holder                                                        struct {
		Kind, Root, File string
		Line             int
	}
	Sites []struct {
		Function, File, Source string
		Line                   int
		Share                  float64
	}
	Evidence []Evidence
}

// Evidence is a sentence that lets a reader check a finding.
type Evidence struct{ Kind, Text, Verb string }

// Loud says whether a finding asks for work.
func (f Finding) Loud() bool { return f.Severity == "medium" || f.Severity == "high" }

// Words is a finding on one line, for messages.
func (f Finding) Words() string {
	text, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	for _, folder := range []string{"../../docs", "../../../docs"} {
		if path := filepath.Join(folder, "report.schema.json"); exists(path) {
			return jsonschema.NewCompiler().Compile(path)
		}
	}
	return nil, errors.New("docs/report.schema.json is not there")
})

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Doctor runs `memsnap doctor ARGS --json`. Whatever it reports must fit docs/report.schema.json.
func Doctor(t testing.TB, args ...string) Report {
	t.Helper()
	result := Run(t, append(append([]string{"doctor"}, args...), "--json")...)
	if result.Status != 0 {
		t.Fatalf("%q gave status %d: %s", result.Args, result.Status, result.Stderr)
	}
	return ParseReport(t, result.Stdout)
}

// ParseReport reads a report and holds it against the schema.
func ParseReport(t testing.TB, text string) Report {
	t.Helper()
	form, err := schema()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("the report is no JSON: %v\n%s", err, text)
	}
	if err := form.Validate(value); err != nil {
		t.Errorf("the report does not fit docs/report.schema.json: %v", err)
	}
	var report Report
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatal(err)
	}
	return report
}

// States are the states of the threads of a process, as in /proc/PID/stat.
func States(pid int) (string, error) {
	files, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/stat")
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", os.ErrNotExist
	}
	var states []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // a thread that has ended
		}
		// The name in brackets may have brackets in it.
		if end := bytes.LastIndexByte(text, ')'); end >= 0 && end+2 < len(text) {
			states = append(states, text[end+2])
		}
	}
	return string(states), nil
}

// WaitStopped waits until all threads of a process are stopped by a signal.
func WaitStopped(t testing.TB, pid int) {
	t.Helper()
	for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		states, err := States(pid)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Trim(states, "T") == "" {
			return
		}
	}
	t.Fatalf("pid %d did not stop", pid)
}

// Ends kills a process at the end of the test, and waits for it.
func Ends(t testing.TB, command *exec.Cmd) {
	t.Cleanup(func() {
		command.Process.Signal(syscall.SIGKILL)
		command.Wait()
	})
}
