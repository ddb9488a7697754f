package tool

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// Oracle is the pprof of a Go release, and what it has answered so far.
type Oracle struct {
	Tool
	file    string
	mu      sync.Mutex
	answers map[string]Kept
	Asked   int // runs that were not known before
}

// Kept is an answer that the oracle gave, and which parts of it came out otherwise when asked again.
type Kept struct {
	Digest
	Unstable bool `json:",omitempty"`
}

// OpenOracle builds the tool of the release, if Go has not done so yet, and reads its answers from the folder.
func OpenOracle(release, folder string) (*Oracle, error) {
	command := exec.Command("go", "tool", "-n", "pprof")
	command.Env = append(os.Environ(), "GOTOOLCHAIN="+release)
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go tool -n pprof of %s: %w", release, err)
	}
	binary, err := os.ReadFile(strings.TrimSpace(string(out)))
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%x", release, sha256.Sum256(binary))[:len(release)+13]
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "pprof-"+name) // a copy: Go's cache may be trimmed while we run
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(path, binary, 0o755); err != nil {
			return nil, err
		}
	}
	o := &Oracle{Tool: Tool{release, []string{path}}, file: filepath.Join(folder, "answers-"+name+".json"), answers: map[string]Kept{}}
	if text, err := os.ReadFile(o.file); err == nil && json.Unmarshal(text, &o.answers) != nil {
		o.answers = map[string]Kept{}
	}
	return o, nil
}

// Known is the answer to the question with that key.
func (o *Oracle) Known(key string) (Kept, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, known := o.answers[key]
	return kept, known
}

func (o *Oracle) Keep(key string, answer Kept) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answers[key] = answer
	o.Asked++
}

// Save writes the answers for the next time.
func (o *Oracle) Save() error {
	text, err := json.Marshal(o.answers)
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.file+".new", text, 0o644); err != nil {
		return err
	}
	return os.Rename(o.file+".new", o.file)
}
