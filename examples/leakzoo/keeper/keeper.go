// Package keeper builds and runs programs of the zoo for tests: it speaks the protocol of package zoo from the
// other side, and it leaves no process behind.
package keeper

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"memsnap.test/leakzoo/zoo"
)

// Expect is what a tool has to say about a leak: the file expect.toml beside it.
type Expect struct {
	Pattern  string // name of the folder
	Rule     string
	Root     string // holder.root, or what it begins with; "" when the leak has no holder in the heap
	Function string // of the allocating line; "" when the heap profile does not know it
	Grows    bool
	// TwinFills: the healthy twin grows too, up to a bound that it has not reached.
	TwinFills bool

	Source          string // path of the leak's main.go
	Line            int    // the one that ends in // LEAK
	HolderLine      int    // the one that ends in // HOLDER; 0 when there is none
	Folder, Healthy string
}

// Leaks reads what is expected of each leak below the folder of the zoo, by name.
func Leaks(zooFolder string) ([]Expect, error) {
	files, err := filepath.Glob(filepath.Join(zooFolder, "*", "leak", "expect.toml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var leaks []Expect
	for _, file := range files {
		leak, err := read(file)
		if err != nil {
			return nil, err
		}
		leaks = append(leaks, leak)
	}
	if len(leaks) == 0 {
		return nil, fmt.Errorf("no leak below %s", zooFolder)
	}
	return leaks, nil
}

func read(file string) (Expect, error) {
	folder := filepath.Dir(file)
	e := Expect{Pattern: filepath.Base(filepath.Dir(folder)), Folder: folder, Source: filepath.Join(folder, "main.go"),
		Healthy: filepath.Join(filepath.Dir(folder), "healthy")}
	text, err := os.ReadFile(file)
	if err != nil {
		return e, err
	}
	for number, line := range strings.Split(string(text), "\n") {
		key, value, found := strings.Cut(line, " = ")
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		known := found
		switch value := strings.Trim(value, `"`); key {
		case "rule":
			e.Rule = value
		case "root":
			e.Root = value
		case "function":
			e.Function = value
		case "grows":
			e.Grows = value == "true"
		case "twin":
			e.TwinFills, known = true, value == "fills"
		default:
			known = false
		}
		if !known {
			return e, fmt.Errorf("%s:%d: %q is no line of an expectation", file, number+1, line)
		}
	}
	if e.Rule == "" {
		return e, fmt.Errorf("%s: no rule", file)
	}
	return e, e.findMarks()
}

func (e *Expect) findMarks() error {
	text, err := os.ReadFile(e.Source)
	if err != nil {
		return err
	}
	for number, line := range strings.Split(string(text), "\n") {
		switch {
		case strings.HasSuffix(line, "// LEAK"):
			e.Line = number + 1
		case strings.HasSuffix(line, "// HOLDER"):
			e.HolderLine = number + 1
		}
	}
	if e.Function != "" && e.Line == 0 {
		return fmt.Errorf("%s: no line ends in // LEAK", e.Source)
	}
	return nil
}

// Build builds the package in folder with a Go release ("" is the one at hand) and gives the program's path.
// The program gets the name `name` in the folder `into`.
func Build(folder, release, into, name string, flags ...string) (string, error) {
	program := filepath.Join(into, name)
	build := exec.Command("go", append(append([]string{"build"}, flags...), "-o", program, ".")...)
	build.Dir = folder
	build.Env = append(os.Environ(), "PWD="+folder)
	if release != "" {
		build.Env = append(build.Env, "GOTOOLCHAIN="+release)
	}
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s with %q: %w\n%s", folder, release, err, out)
	}
	return program, nil
}

// Animal is a program of the zoo that runs.
type Animal struct {
	PID   int
	Ready zoo.Answer

	command *exec.Cmd
	in      io.WriteCloser
	answers chan zoo.Answer
	stderr  *tail
	end     sync.Once
}

// patience is how long an answer may take on a machine that is busy.
const patience = 60 * time.Second

// Start runs a program and waits until it is ready.
func Start(program string, options ...func(*exec.Cmd)) (*Animal, error) {
	a := &Animal{command: exec.Command(program, "-timeout", "10m"), answers: make(chan zoo.Answer, 16), stderr: new(tail)}
	a.command.Stderr = a.stderr
	for _, option := range options {
		option(a.command)
	}
	var err error
	if a.in, err = a.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := a.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := a.command.Start(); err != nil {
		return nil, err
	}
	a.PID = a.command.Process.Pid
	go func() {
		defer close(a.answers)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var answer zoo.Answer
			if json.Unmarshal(lines.Bytes(), &answer) == nil {
				a.answers <- answer
			}
		}
	}()
	if a.Ready, err = a.wait("ready"); err != nil {
		a.Stop()
		return nil, err
	}
	return a, nil
}

// Do sends a command and gives the answer.
func (a *Animal) Do(command string) (zoo.Answer, error) {
	if _, err := fmt.Fprintln(a.in, command); err != nil {
		return zoo.Answer{}, fmt.Errorf("%s: %w: %s", command, err, a.stderr)
	}
	verb, _, _ := strings.Cut(command, " ")
	return a.wait(verb)
}

func (a *Animal) wait(event string) (zoo.Answer, error) {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case answer, open := <-a.answers:
		switch {
		case !open:
			return answer, fmt.Errorf("the program ended instead of answering %s: %s", event, a.stderr)
		case answer.Event == "error":
			return answer, errors.New(answer.Text)
		case answer.Event != event:
			return answer, fmt.Errorf("the program answered %s, expected %s", answer.Event, event)
		}
		return answer, nil
	case <-late.C:
		return zoo.Answer{}, fmt.Errorf("no %s from pid %d in %v: %s", event, a.PID, patience, a.stderr)
	}
}

// Signal sends a signal to the program.
func (a *Animal) Signal(signal syscall.Signal) error { return a.command.Process.Signal(signal) }

// Stop ends the program, stopped or not, and waits for its end. It may be called more than once.
func (a *Animal) Stop() {
	a.end.Do(func() {
		a.in.Close()
		a.command.Process.Kill()
		for range a.answers { // until the reader has seen the end
		}
		a.command.Wait()
	})
}

// tail keeps the end of what a program wrote.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	const most = 4 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - most; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("stderr %q", t.text)
}
