// Package usage runs a command and says what it used.
package usage

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Of is what one run used.
type Of struct {
	Wall, CPU time.Duration
	Peak      int64 // bytes resident
}

// Run writes the command's standard output to out. Its error has what the command said.
func Run(out io.Writer, name string, args ...string) (Of, error) {
	return RunWith(nil, out, name, args...)
}

// RunWith gives the command something to read besides.
func RunWith(in io.Reader, out io.Writer, name string, args ...string) (Of, error) {
	cmd := exec.Command(name, args...)
	cmd.Stdin = in
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = out, &stderr
	start := time.Now()
	err := cmd.Run()
	u := Of{Wall: time.Since(start)}
	if s := cmd.ProcessState; s != nil {
		u.CPU = s.UserTime() + s.SystemTime()
		u.Peak = s.SysUsage().(*syscall.Rusage).Maxrss << 10
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, stderr.String())
	}
	return u, err
}
