// What cannot be looked at, and what goes wrong in the middle: one clear line and the documented exit status.
package live

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/live/harness"
)

// Exit statuses of docs and --help.
const (
	done       = 0
	usage      = 2
	unreadable = 3
	refused    = 4
	unwritten  = 5
	timedOut   = 124
	stoppedBy  = 130
)

// wantFailure checks a run that has to fail: its status, one line that says why in these words (regular
// expressions), and nothing on standard output.
func wantFailure(t *testing.T, result harness.Result, status int, words ...string) {
	t.Helper()
	if result.Status != status {
		t.Errorf("%q gave status %d, expected %d: %s", result.Args, result.Status, status, result.Stderr)
	}
	if result.Stdout != "" {
		t.Errorf("%q failed and printed %q", result.Args, around(result.Stdout, 0))
	}
	checkTerminal(t, "stderr", result.Stderr)
	said := complaints(result.Stderr)
	if len(said) != 1 {
		t.Errorf("%q said %d lines why, expected one: %q", result.Args, len(said), result.Stderr)
		return
	}
	for _, word := range words {
		if !regexp.MustCompile(word).MatchString(said[0]) {
			t.Errorf("%q said %q, expected %q in it", result.Args, said[0], word)
		}
	}
	t.Logf("%d: %s", result.Status, said[0])
}

// complaints are the lines of standard error that are no announcement of a capture.
func complaints(stderr string) (lines []string) {
	for _, line := range strings.Split(strings.TrimRight(stderr, "\n"), "\n") {
		if strings.HasPrefix(line, "memsnap") && !strings.HasPrefix(line, "memsnap: will pause") {
			lines = append(lines, line)
		}
	}
	return lines
}

// sleeper starts a command that lives for the test, and gives its PID.
func sleeper(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	harness.Ends(t, command)
	time.Sleep(200 * time.Millisecond) // until it is what it will be
	return strconv.Itoa(command.Process.Pid)
}

func zooProgram(t *testing.T, folder, name string, flags ...string) string {
	t.Helper()
	program, err := keeper.Build(filepath.Join(harness.Zoo, folder), harness.Releases()[0], t.TempDir(), name, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestNoSuchProcess(t *testing.T) {
	command := exec.Command("/bin/true")
	if err := command.Run(); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(command.Process.Pid)
	for _, verb := range []string{"doctor", "top", "rss", "goroutines"} {
		wantFailure(t, harness.Run(t, verb, pid), unreadable, pid)
	}
	wantFailure(t, harness.Run(t, "doctor", "-p", "999999999"), unreadable, "999999999")
}

func TestNotGo(t *testing.T) {
	pid := sleeper(t, exec.Command("/bin/sleep", "60"))
	wantFailure(t, harness.Run(t, "doctor", pid), unreadable, `sleep`, `Go`)
	wantFailure(t, harness.Run(t, "capture", "-p", pid, "-o", filepath.Join(t.TempDir(), "x.snap")), unreadable, `Go`)
}

// Compilers of Go that have another runtime leave other marks in their programs.
func TestOtherCompilers(t *testing.T) {
	for name, source := range map[string]string{
		"gccgo": `__attribute__((section(".go_export"))) const char export_[] = "v3;\npackage main\n";
			__attribute__((section(".note.go"))) const char note[] = "gccgo";
			void runtime_mallocgc(void) {}`,
		"tinygo": `void tinygo_getCurrentStackPointer(void) {} void runtime_alloc(void) __asm__("runtime.alloc");
			void runtime_alloc(void) {} void runtime_run(void) __asm__("runtime.run"); void runtime_run(void) {}`,
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			file := filepath.Join(folder, name+".c")
			text := "#include <unistd.h>\n" + source + "\nint main(void) { sleep(60); return 0; }\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			program := filepath.Join(folder, name)
			if out, err := exec.Command("g++", "-x", "c", "-o", program, file).CombinedOutput(); err != nil {
				if out, err = exec.Command("cc", "-o", program, file).CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
			}
			pid := sleeper(t, exec.Command(program))
			wantFailure(t, harness.Run(t, "doctor", pid), unreadable, "(?i)"+name, `Go`)
		})
	}
}

func Test32Bit(t *testing.T) {
	t.Setenv("GOARCH", "386")
	program := zooProgram(t, "list-unbounded/leak", "small")
	t.Setenv("GOARCH", "")
	pid := sleeper(t, exec.Command(program, "-alone"))
	wantFailure(t, harness.Run(t, "doctor", pid), unreadable, `32-bit`)
}

// A program of a release that is too old, or not known yet: the release is in the program's data, so a program of
// today can say that it is another. What memsnap makes of the unknown one it must check by itself.
func TestReleases(t *testing.T) {
	program := zooProgram(t, "list-unbounded/leak", "old")
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	now := regexp.MustCompile(`go1\.2\d\.\d+`).Find(text)
	if now == nil {
		t.Fatal("no release in the program")
	}
	for name, release := range map[string]string{"old": "go1.20", "new": "go1.99"} {
		t.Run(name, func(t *testing.T) {
			other := append([]byte(release), now[len(release):]...)
			changed := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(changed, bytes.ReplaceAll(text, now, other), 0o700); err != nil {
				t.Fatal(err)
			}
			pid := sleeper(t, exec.Command(changed, "-alone"))
			if name == "old" {
				wantFailure(t, harness.Run(t, "doctor", pid), refused, regexp.QuoteMeta(string(other)), `1\.24`)
				return
			}
			// The layout is that of a release it knows, as DWARF says, so the self-checks pass.
			report := harness.Doctor(t, pid, "--interval", "0")
			if report.Target.Go != string(other) || report.Capture.TypedRatio < 0.9 {
				t.Errorf("the report of a program of %s says %s, typed %.3f", other, report.Target.Go, report.Capture.TypedRatio)
			}
		})
	}
}

// Another user may not look at our processes.
func TestNoPermission(t *testing.T) {
	if os.Getuid() != 0 {
		wantFailure(t, harness.Run(t, "doctor", "1"), refused, `CAP_SYS_PTRACE|root|sudo`)
		return
	}
	animal := start(t, zooProgram(t, "list-unbounded/leak", "ours"))
	folder := t.TempDir()
	tool := filepath.Join(folder, "memsnap")
	copyFile(t, harness.Tool(t), tool)
	for path := folder; path != "/"; path = filepath.Dir(path) {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o001 == 0 && strings.HasPrefix(path, os.TempDir()+"/") {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	command := exec.Command(tool, "doctor", strconv.Itoa(animal.PID))
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	command.Dir = "/"
	wantFailure(t, harness.RunCommand(t, command), refused, `CAP_SYS_PTRACE|root|sudo`)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o755); err != nil {
		t.Fatal(err)
	}
}

// A process has one tracer. This test is one, and memsnap has to say so.
func TestAlreadyTraced(t *testing.T) {
	animal := start(t, zooProgram(t, "list-unbounded/leak", "traced"))
	runtime.LockOSThread() // a tracer is a thread
	defer runtime.UnlockOSThread()
	if err := syscall.PtraceAttach(animal.PID); err != nil {
		t.Fatal(err)
	}
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(animal.PID, &status, syscall.WALL, nil); err != nil {
		t.Fatal(err)
	}
	defer syscall.PtraceDetach(animal.PID)
	if err := syscall.PtraceCont(animal.PID, 0); err != nil {
		t.Fatal(err)
	}
	result := harness.Run(t, "doctor", strconv.Itoa(animal.PID))
	name, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	tracer := fmt.Sprintf(`%d|%d|%s`, os.Getpid(), syscall.Gettid(), regexp.QuoteMeta(filepath.Base(name)))
	wantFailure(t, result, refused, `trac`, tracer)
	// It was only looked at: it still is ours.
	if err := syscall.Kill(animal.PID, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, err := syscall.Wait4(animal.PID, &status, syscall.WALL, nil); err != nil || !status.Stopped() {
		t.Errorf("the tracer lost its process: %v, status %v", err, status)
	}
}

// midway starts `memsnap doctor PID` with captures a second apart and does something in between.
func midway(t *testing.T, pid int, between func(tool *os.Process)) harness.Result {
	t.Helper()
	command := exec.Command(harness.Tool(t), "doctor", strconv.Itoa(pid), "--captures", "6", "--interval", "1s")
	announced, happened := make(chan struct{}), make(chan struct{})
	command.Stderr = &announcement{made: announced}
	go func() {
		defer close(happened)
		select {
		case <-announced:
		case <-time.After(harness.Patience):
			return
		}
		time.Sleep(1500 * time.Millisecond)
		between(command.Process)
	}()
	result := harness.RunCommand(t, command)
	<-happened
	return result
}

// announcement closes made when the tool says for how long it will pause the target.
type announcement struct {
	said []byte
	made chan struct{}
	once sync.Once
}

func (a *announcement) Write(piece []byte) (int, error) {
	a.said = append(a.said, piece...)
	if bytes.Contains(a.said, []byte("will pause")) {
		a.once.Do(func() { close(a.made) })
	}
	return len(piece), nil
}

func TestExits(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "kill/target")
	result := midway(t, target.PID, func(*os.Process) { target.Command.Process.Kill() })
	wantFailure(t, result, unreadable, `exit|ended|gone`)
}

func TestExecs(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "kill/target")
	result := midway(t, target.PID, func(*os.Process) { target.Tell(t, "exec") })
	wantFailure(t, result, unreadable, `exec|another program|changed`)
}

// The PID of a process that ended belongs to another one, of the same program even.
func TestPIDReused(t *testing.T) {
	const last = "/proc/sys/kernel/ns_last_pid"
	if file, err := os.OpenFile(last, os.O_WRONLY, 0); err != nil {
		t.Logf("only who may write %s can choose a PID: %v", last, err)
		return
	} else {
		file.Close()
	}
	program := zooProgram(t, "list-unbounded/leak", "again")
	first := start(t, program)
	result := midway(t, first.PID, func(*os.Process) {
		first.Stop()
		for range 200 {
			if err := os.WriteFile(last, []byte(strconv.Itoa(first.PID-1)), 0); err != nil {
				t.Error(err)
				return
			}
			second := exec.Command(program, "-alone")
			if err := second.Start(); err != nil {
				t.Error(err)
				return
			}
			harness.Ends(t, second)
			if second.Process.Pid == first.PID {
				return
			}
			second.Process.Kill()
		}
		t.Error("the PID was not given again")
	})
	wantFailure(t, result, unreadable, `exit|ended|gone|another process|started`)
}

func capture(t *testing.T) (pid, snapshot string) {
	t.Helper()
	animal := start(t, zooProgram(t, "map-not-shrunk/leak", "tickets"))
	pid = strconv.Itoa(animal.PID)
	snapshot = filepath.Join(t.TempDir(), "tickets.snap")
	if result := harness.Run(t, "capture", "-p", pid, "-o", snapshot); result.Status != done {
		t.Fatalf("status %d: %s", result.Status, result.Stderr)
	}
	return pid, snapshot
}

func TestBrokenSnapshots(t *testing.T) {
	_, snapshot := capture(t)
	text, err := os.ReadFile(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.snap")
	write := func(text []byte) {
		if err := os.WriteFile(broken, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []int{0, 1, 7, 64, 1000, len(text) / 3, len(text) - 4096, len(text) - 1} {
		write(text[:max(0, size)])
		for _, verb := range []string{"doctor", "top", "rss"} {
			t.Run(fmt.Sprintf("cut at %d/%s", size, verb), func(t *testing.T) {
				wantFailure(t, harness.Run(t, verb, broken), unreadable, `broken\.snap`)
			})
		}
	}
	t.Run("other file", func(t *testing.T) {
		write(bytes.Repeat([]byte("not a snapshot\n"), 10_000))
		wantFailure(t, harness.Run(t, "top", broken), unreadable, `broken\.snap`)
	})
	t.Run("folder", func(t *testing.T) { wantFailure(t, harness.Run(t, "top", folder), unreadable) })
	t.Run("missing", func(t *testing.T) {
		wantFailure(t, harness.Run(t, "top", filepath.Join(folder, "none.snap")), unreadable, `none\.snap`)
	})
	// A flipped byte is found by a checksum, or lies where nothing is: the report is then the one of the whole file.
	whole := harness.Run(t, "doctor", snapshot, "--json").Stdout
	found := 0
	for i := range 60 {
		at := (i*2654435761 + 17) % len(text)
		if i < 10 {
			at = i * 8 // the header
		}
		changed := bytes.Clone(text)
		changed[at] ^= 0x41
		write(changed)
		result := harness.Run(t, "doctor", broken, "--json")
		switch {
		case result.Status == unreadable:
			found++
			wantFailure(t, result, unreadable, `broken\.snap`)
		case result.Status != done || strings.ReplaceAll(result.Stdout, broken, snapshot) != whole:
			t.Errorf("byte %d changed: status %d, and the report differs: %s", at, result.Status, result.Stderr)
		}
	}
	if found < 30 {
		t.Errorf("%d of 60 changed bytes were found", found)
	}
}

func TestOutputs(t *testing.T) {
	pid, snapshot := capture(t)
	folder := t.TempDir()

	t.Run("full disk", func(t *testing.T) {
		small := filepath.Join(folder, "small")
		if err := os.Mkdir(small, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mount("memsnap-test", small, "tmpfs", 0, "size=64k"); err != nil {
			if os.Getuid() == 0 {
				t.Fatal(err)
			}
			t.Logf("no tmpfs for this user: %v", err)
			return
		}
		defer syscall.Unmount(small, syscall.MNT_DETACH)
		result := harness.Run(t, "capture", "-p", pid, "-o", filepath.Join(small, "full.snap"))
		wantFailure(t, result, unwritten, `full\.snap`, `[Nn]o space`)
		wantEmpty(t, small)
	})
	t.Run("file too large", func(t *testing.T) {
		limited := filepath.Join(folder, "limited")
		if err := os.Mkdir(limited, 0o700); err != nil {
			t.Fatal(err)
		}
		shell := exec.Command("/bin/sh", "-c", `trap "" XFSZ; ulimit -f 8; exec "$@"`, "sh", harness.Tool(t), "capture", "-p", pid,
			"-o", filepath.Join(limited, "limited.snap"))
		wantFailure(t, harness.RunCommand(t, shell), unwritten, `limited\.snap`)
		wantEmpty(t, limited)
	})
	t.Run("standard output full", func(t *testing.T) {
		shell := exec.Command("/bin/sh", "-c", `exec "$@" >/dev/full`, "sh", harness.Tool(t), "doctor", snapshot, "--json")
		wantFailure(t, harness.RunCommand(t, shell), unwritten, `[Nn]o space`)
	})
	t.Run("exists", func(t *testing.T) {
		old := filepath.Join(folder, "old.snap")
		if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		wantFailure(t, harness.Run(t, "capture", "-p", pid, "-o", old), unwritten, `old\.snap`, `--force`)
		if text, err := os.ReadFile(old); err != nil || string(text) != "old" {
			t.Errorf("it was written over: %v", err)
		}
		if result := harness.Run(t, "capture", "-p", pid, "-o", old, "--force"); result.Status != done {
			t.Errorf("--force gave status %d: %s", result.Status, result.Stderr)
		}
	})
	t.Run("link", func(t *testing.T) {
		aim := filepath.Join(folder, "aim")
		if err := os.WriteFile(aim, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		link := filepath.Join(folder, "link.snap")
		if err := os.Symlink(aim, link); err != nil {
			t.Fatal(err)
		}
		harness.Run(t, "capture", "-p", pid, "-o", link, "--force")
		if text, err := os.ReadFile(aim); err != nil || string(text) != "precious" {
			t.Errorf("a file was written through a link: %v", err)
		}
	})
	t.Run("no folder", func(t *testing.T) {
		wantFailure(t, harness.Run(t, "capture", "-p", pid, "-o", filepath.Join(folder, "none", "x.snap")), unwritten, `none`)
	})
}

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("%s is left behind", entry.Name())
	}
}

func TestLimits(t *testing.T) {
	target := harness.StartTarget(t, harness.Releases()[0], "kill/target")
	pid := strconv.Itoa(target.PID)
	wantFailure(t, harness.Run(t, "doctor", pid, "--max-pause", "1us"), refused, `max-pause`)
	wantFailure(t, harness.Run(t, "doctor", pid, "--captures", "6", "--interval", "2s", "--timeout", "1s"), timedOut, `1(\.0)? ?s|timeout`)
	t.Run("interrupted", func(t *testing.T) {
		wantFailure(t, midway(t, target.PID, func(tool *os.Process) { tool.Signal(syscall.SIGINT) }), stoppedBy)
	})
	if states, err := harness.States(target.PID); err != nil || strings.ContainsAny(states, "tT") {
		t.Errorf("the threads of the target are %s: %v", states, err)
	}
	target.Count(t)
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{
		{"doktor", "1"}, {"doctor", "--captures", "many", "1"}, {"doctor", "--no-such-flag", "1"}, {"doctor", "--format=pdf", "1"},
		{"top"}, {"capture"}, {"explain", "no-such-pattern"}, {"doctor", "--interval", "-1s", "1"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			wantFailure(t, harness.Run(t, args...), usage)
		})
	}
}
