// Package tool runs a pprof, go's or ours, and keeps what go's said.
package tool

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Version of the way in which questions are asked; another one makes old answers worthless.
const Version = 3

const patience = 60 * time.Second // after which a tool is said to hang

// Question is a command line, in which $TMP stands for a folder that is empty before each run and $HOST for the
// address of a server of profiles.
type Question struct {
	Args  []string
	Stdin string
	Env   []string // besides what every run has
}

func (q Question) String() string {
	var words []string
	for _, word := range append(q.Env, q.Args...) {
		if word == "" || strings.ContainsAny(word, " \t\n\"'\\$|&;<>()*?[]{}#`!~") {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words = append(words, word)
	}
	text := strings.Join(words, " ")
	if q.Stdin != "" {
		text += fmt.Sprintf(" <<< %q", q.Stdin)
	}
	return text
}

// Answer is all that a run left behind; compressed profiles are inflated.
type Answer struct {
	Status         int // -1: ended by a signal, or hung
	Stdout, Stderr []byte
	Files          []byte // what the run wrote into $TMP
}

// Digest is an answer that can only be compared.
type Digest struct {
	Status                int
	Stdout, Stderr, Files string
	Crashed               bool `json:",omitempty"` // a panic of Go
}

func sum(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content))[:24] }

func (a Answer) Digest() Digest {
	return Digest{a.Status, sum(a.Stdout), sum(a.Stderr), sum(a.Files), bytes.Contains(a.Stderr, []byte("\ngoroutine "))}
}

// Bench is where runs happen.
type Bench struct {
	Corpus string // the working folder of each run
	Rooms  string // folders for $TMP
	Host   string
}

// Tool is a program and the arguments that come first.
type Tool struct {
	Name    string
	Command []string
}

// Run asks the tool in the room with that number, which nobody else may use meanwhile.
func (b Bench) Run(t Tool, q Question, room int) (_ Answer, err error) {
	folder := filepath.Join(b.Rooms, fmt.Sprintf("%04d", room))
	if err := os.RemoveAll(folder); err != nil {
		return Answer{}, err
	}
	if err := os.MkdirAll(filepath.Join(folder, "home", ".config", "go", "telemetry"), 0o755); err != nil {
		return Answer{}, err
	}
	if err := os.WriteFile(filepath.Join(folder, "home", ".config", "go", "telemetry", "mode"), []byte("off"), 0o644); err != nil {
		return Answer{}, err
	}
	place := strings.NewReplacer("$TMP", folder, "$HOST", b.Host)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, t.Command[0], t.Command[1:]...)
	for _, arg := range q.Args {
		command.Args = append(command.Args, place.Replace(arg))
	}
	if command.Dir, err = b.workFolder(q, folder); err != nil {
		return Answer{}, err
	}
	command.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + folder + "/home", "TMPDIR=" + folder, "PPROF_TMPDIR=" + folder + "/saved", "TZ=UTC", "LANG=C.UTF-8"}
	for _, pair := range q.Env {
		command.Env = append(command.Env, place.Replace(pair))
	}
	command.Stdin = strings.NewReader(place.Replace(q.Stdin))
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		return Answer{}, fmt.Errorf("%s: %w", t.Command[0], err)
	}
	files, err := written(folder)
	if err != nil {
		return Answer{}, err
	}
	names := strings.NewReplacer(folder, "$TMP", b.Host, "$HOST")
	neutral := func(text []byte) []byte { return []byte(names.Replace(string(text))) }
	answer := Answer{command.ProcessState.ExitCode(), neutral(inflated(stdout.Bytes())), neutral(stderr.Bytes()), neutral(files)}
	if q.hasAssembly() {
		answer.Stdout = []byte(withoutInstructions(string(answer.Stdout)))
		answer.Files = []byte(withoutPage(string(answer.Files)))
	}
	return answer, nil
}

// workFolder is the corpus itself, or a folder with links to what the question may read: the shell writes
// reports for other programs into the folder it was started in.
func (b Bench) workFolder(q Question, folder string) (string, error) {
	if q.Stdin == "" {
		return b.Corpus, nil
	}
	work := filepath.Join(folder, "work")
	if err := os.Mkdir(work, 0o755); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(b.Corpus)
	if err != nil {
		return "", err
	}
	words := strings.Join(q.Args, " ") + q.Stdin
	for _, entry := range entries {
		if !entry.IsDir() && !strings.Contains(words, entry.Name()) {
			continue
		}
		if err := os.Symlink(filepath.Join(b.Corpus, entry.Name()), filepath.Join(work, entry.Name())); err != nil {
			return "", err
		}
	}
	return work, nil
}

// written is the names and contents of the files in the folder, but for what a home holds besides settings.
func written(folder string) ([]byte, error) {
	var all bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.Contains(path, "/home/.config/go/") {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil {
			fmt.Fprintf(&all, "== %s\n%s\n", strings.TrimPrefix(path, folder), inflated(content))
		}
		return err
	})
	return all.Bytes(), err
}

func inflated(content []byte) []byte {
	if !bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		return content
	}
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return content
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		return content
	}
	return plain
}
