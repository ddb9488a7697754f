package runner

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const (
	jsonHead = `{"version":0,"package":"example.com/a","goos":"linux","goarch":"amd64","gc_version":"go1.26","file":"/a/a.go"}` + "\n"
	escapes  = "./a.go:5:4: moved to heap: x\n"
)

// What is no log ends with status 3 and one line; of a log that is damaged the rest is read, and the damage counted.
func TestBadLogs(t *testing.T) {
	endless := strings.Repeat("a", 20<<20)
	for _, one := range []struct {
		name, text string
		status     int
		says       string
	}{
		{"empty", "", 3, "0 lines, none of which is of go build"},
		{"noise", strings.Repeat("\x00\xff\x1b[31m\r\n", 1000), 3, "none of which is of go build"},
		{"one line of zeros", strings.Repeat("\x00", 64<<20), 3, "none of which is of go build"},
		{"an endless line", "./a.go:3:4: moved to heap: " + endless + "\n" + escapes, 0, "1 lines or records are damaged"},
		{"deep JSON", jsonHead + `{"code":"escape","x":` + strings.Repeat("[", 1<<20) + "}\n", 0, "1 lines or records are damaged"},
		{"an endless record", jsonHead + `{"code":"escape","message":"` + endless + "\"}\n", 0, "1 lines or records are damaged"},
		{"a record cut short", jsonHead + `{"range":{"start":{"line":3,`, 0, ""},
		{"numbers beyond all", "./a.go:99999999999999999999:4: moved to heap: x\n" + escapes, 0, "a.go:5:4"},
	} {
		t.Run(one.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(path, []byte(one.text), 0o644); err != nil {
				t.Fatal(err)
			}
			status, said := escapeOf(t, path)
			if status != one.status || !strings.Contains(said, one.says) {
				t.Errorf("status %d: %.500q", status, said)
			}
			if status == 3 && strings.Count(said, "\n") != 1 {
				t.Errorf("more than a line: %.500q", said)
			}
			if strings.ContainsAny(said, "\x1b\x00\r") {
				t.Errorf("control characters: %.500q", said)
			}
		})
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "nothing"), "/dev/null"} {
		if status, said := escapeOf(t, path); status != 3 || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: status %d: %.500q", path, status, said)
		}
	}
}

func escapeOf(t *testing.T, path string) (status int, said string) {
	t.Helper()
	cmd := exec.Command(memsnap(t), "escape", path)
	out, _ := cmd.CombinedOutput()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if cpu := (usage.Utime.Nano() + usage.Stime.Nano()) / 1e6; cpu > 3000 || usage.Maxrss > 1<<20 {
		t.Errorf("took %d ms and %d MB", cpu, usage.Maxrss>>10)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}
