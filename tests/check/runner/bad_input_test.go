package runner

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A package that everything else lies beside: what is found in it shows that the rest was analysed.
const sound = "package a\n\nfunc f() {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}\n"

const usesDep = "package b\n\nimport \"example.com/dep/x\"\n\nfunc f() { m := x.All(); m[1] = 2 }\n"

const modLines = "module example.com/a\n\ngo 1.24\n"

// nested is n times `open`, then `middle`, then n times `end`.
func nested(n int, open, middle, end string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
}

// Each is a module with one sound file, and something wrong beside it: the finding is there all the same, each of
// the lines is said once, and nothing else is. A line names the end of what is said, after the folder.
var badInputs = []struct {
	name  string
	files map[string]string
	lines []string
}{
	{"broken files", map[string]string{
		"b/b.go": "package b\nfunc (", "c/c.go": "", "d/d.go": "hello", "e/e.go": "package e\nimport \"x\nfunc g(){\n",
		"f/f.go": "\x00\x01", "g/g.go": "package g\n\xff\xfe\n", "h/h.go": "package h\n}}}}\n", "i/i.go": "\xff\xfep\x00",
	}, []string{"/b/b.go:2:7: ", "/c/c.go:1:1: ", "/d/d.go:1:1: ", "/e/e.go:2:8: ", "/f/f.go:1:1: ", "/g/g.go:2:1: ",
		"/h/h.go:2:1: ", "/i/i.go:1:1: "}},
	{"deep nesting", map[string]string{
		"b/b.go": "package b\nvar x = " + nested(100000, "(", "1", ")") + "\n",
		"c/c.go": "package c\nfunc f() " + nested(100000, "{", "", "}") + "\n",
		"d/d.go": "package d\nvar x " + nested(100000, "[]", "int", "") + "\n",
		"e/e.go": "package e\nvar x = " + nested(100000, "f(func() { ", "", "})") + "\n",
		"f/f.go": "package f\ntype T " + nested(100000, "struct{ a ", "int", " }") + "\n",
	}, []string{"/b/b.go:2:2009: exceeded max nesting depth", "/c/c.go:2:2011: exceeded max nesting depth", "/d/d.go:2:",
		"/e/e.go:2:", "/f/f.go:2:"}},
	{"long chains", map[string]string{
		"b/b.go": "package b\nfunc f() int\nvar x = f()" + strings.Repeat("+f()", 99000) + "\n",
		"c/c.go": "package c\nfunc f(x bool) {" + strings.Repeat(" if x {} else", 900) + " {} }\n",
		"d/d.go": "package d\nvar x = \"a\"" + strings.Repeat("+\"a\"", 99000) + "\n",
		"e/e.go": "package e\nconst x = 1" + strings.Repeat("<<1", 9000) + "\nconst y = 1" + strings.Repeat("0", 100000) + "\n",
		"f/f.go": "package f\nvar x = \"" + strings.Repeat("a", 30<<20) + "\"\n",
	}, nil},
	{"cyclic imports", map[string]string{
		"b/b.go": "package b\nimport \"example.com/a/c\"\ntype T struct{ c.T }\nvar X = c.X\nfunc f(t T) { t.x.y() }\n",
		"c/c.go": "package c\nimport \"example.com/a/b\"\ntype T struct{ b.T }\nvar X = b.X\n",
		"d/d.go": "package d\nimport _ \"example.com/a/d\"\n",
	}, []string{
		"import cycle: example.com/a/b imports example.com/a/c imports example.com/a/b",
		"import cycle: example.com/a/d imports example.com/a/d",
	}},
	{"cyclic declarations", map[string]string{"b/b.go": `package b
type A = B
type B = A
type C struct{ D }
type D struct { *C; E }
type E struct{ D }
type F F
type G [len(g)]int
var g G
type H[T any] struct{ x *H[H[T]] }
type I interface{ J }
type J interface{ I; f() }
type K[T K[T]] int
type L = []L
type M map[M]M
type O[P any] = O[[]P]
const x = y
const y = x
var p, q = q, p
func r() [len(r())]int { return r() }
func f(c C, h H[int], o O[int]) { c.foo(); c.D.E.D.x++; h.x.x.x = nil; _ = o; _ = map[M]M{} }
`}, nil},
	{"wide embedding", map[string]string{"b/b.go": wideEmbedding(60)}, nil},
	{"a module that replaces itself", map[string]string{
		"go.mod": modLines + "replace example.com/a => ./\nreplace example.com/dep => ../nowhere\nrequire example.com/dep v1.0.0\n",
		"b/b.go": usesDep,
	}, []string{"/nowhere is not there, so its types are not known"}},
	{"a forged version", map[string]string{
		"go.mod": "module example.com/a\n\ngo 99999999999999999999.1\ntoolchain ../../etc\nrequire ../../etc v1.0.0\n" +
			"require example.com/dep v9999999999999999999999.0.0\nreplace example.com/dep => /etc\nreplace x => /dev/zero\n",
	}, []string{"/go.mod: go 99999999999999999999.1 is no version of Go"}},
	{"no module line", map[string]string{"go.mod": "\n"}, []string{"/go.mod: no module line"}},
	{"a go.mod of noise", map[string]string{"go.mod": strings.Repeat("\x00\"\xff (((\n", 50)},
		[]string{"/go.mod:1: ", "/go.mod: no module line"}},
	{"a large go.mod", map[string]string{"go.mod": modLines + strings.Repeat("// "+strings.Repeat("x", 1000)+"\n", 20000)},
		[]string{"/go.mod is larger than 16777216 bytes, which is the most expected"}},
	{"a go.work that goes in circles", map[string]string{
		"go.work":  "go 1.24\nuse .\nuse ./\nuse ../a\nuse ./w\nuse ./nowhere\nreplace example.com/a => ./w\n",
		"w/go.mod": modLines, "w/a.go": sound,
	}, []string{"/go.work: 1 of its 5 folders are not there (./nowhere)"}},
	{"vendored lies", map[string]string{
		"go.mod":             modLines + "require example.com/dep v1.0.0\n",
		"vendor/modules.txt": "# example.com/dep v9.9.9 => ../../../etc\n## explicit; go 1.99\nexample.com/dep/../../etc\n\x00\xff",
		"b/b.go":             usesDep,
	}, []string{"no module has the package example.com/dep/x: its types are not known"}},
}

func wideEmbedding(n int) string {
	var text strings.Builder
	text.WriteString("package b\n")
	for i := range n {
		fmt.Fprintf(&text, "type T%d struct { T%d; *U%d }\ntype U%d struct { *T%d; U%d }\n", i, i+1, i+1, i, i+1, i+1)
		fmt.Fprintf(&text, "type G%d[P any] struct { a G%d[[]P]; b *G%d[map[int]P] }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "type T%d struct{}\ntype U%d struct{}\ntype G%d[P any] struct{ v P }\n", n, n, n)
	text.WriteString("func f(t T0, g G0[int]) { t.x = 1; t.y(); g.a.b.a.z() }\n")
	return text.String()
}

// checked runs memsnap check, within the time and memory that no bad input may pass.
func checked(t *testing.T, root string) (status int, said []string) {
	return checkedBy(t, memsnap(t), root, nil)
}

func checkedBy(t *testing.T, program, root string, who *syscall.Credential) (status int, said []string) {
	t.Helper()
	cmd := exec.Command(program, "check", "./...", "--rules=nil-map-write")
	if who != nil {
		cmd.Args = append(cmd.Args, "--no-cache") // whose folder is not theirs
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "GOWORK=")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	_ = cmd.Run()
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	if cpu > 5*time.Second || usage.Maxrss > 1<<20 {
		t.Errorf("took %v and %d MB", cpu, usage.Maxrss>>10)
	}
	t.Logf("status %d, %v of CPU in %v, %d MB", cmd.ProcessState.ExitCode(), cpu, time.Since(began), usage.Maxrss>>10)
	return cmd.ProcessState.ExitCode(), strings.Split(strings.TrimSpace(out.String()), "\n")
}

// problems are the lines behind the summary; that types are not known is no problem of a file.
func problems(said []string) (lines []string, found int) {
	behind := false
	for _, line := range said {
		switch {
		case strings.Contains(line, "[nil-map-write]"):
			found++
		case strings.Contains(line, " warnings in ") || strings.Contains(line, " warning in "):
			behind = true
		case behind && line != "" && !strings.Contains(line, "a type that is not known"):
			lines = append(lines, line)
		}
	}
	return lines, found
}

func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "a")
	for name, text := range map[string]string{"go.mod": modLines, "a.go": sound} {
		if _, given := files[name]; !given {
			files[name] = text
		}
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func expect(t *testing.T, root string, want []string) {
	t.Helper()
	status, said := checked(t, root)
	judge(t, status, said, want)
}

func judge(t *testing.T, status int, said, want []string) {
	t.Helper()
	lines, found := problems(said)
	if status != 1 || found == 0 {
		t.Errorf("status %d with %d findings", status, found)
	}
	for _, line := range want {
		n := 0
		for _, got := range lines {
			if strings.Contains(got, line) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q is said %d times", line, n)
		}
	}
	if len(lines) != len(want) || t.Failed() {
		t.Errorf("%d lines, want %d:\n%.3000s", len(lines), len(want), strings.Join(lines, "\n"))
	}
}

func TestBadInput(t *testing.T) {
	for _, one := range badInputs {
		t.Run(one.name, func(t *testing.T) { expect(t, lay(t, one.files), one.lines) })
	}
}

// What is no file under the name of one: pipes, devices, links to nowhere, in circles and to themselves.
func TestNoFiles(t *testing.T) {
	root := lay(t, map[string]string{"l/x/a.go": sound})
	for _, err := range []error{
		syscall.Mkfifo(filepath.Join(root, "pipe.go"), 0o644), syscall.Mkfifo(filepath.Join(root, "l/go.sum"), 0o644),
		os.Symlink("/dev/zero", filepath.Join(root, "zero.go")), os.Symlink("self.go", filepath.Join(root, "self.go")),
		os.Symlink("nowhere", filepath.Join(root, "nowhere.go")), os.Symlink("..", filepath.Join(root, "l/up")),
		os.Symlink("../../l", filepath.Join(root, "l/x/round")), os.Mkdir(filepath.Join(root, "folder.go"), 0o755),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	expect(t, root, []string{"/pipe.go is no regular file", "/zero.go is no regular file", "/self.go is no regular file",
		"/nowhere.go is no regular file"})
}

// A gigabyte without a line end costs nothing: it takes no room on the disk either.
func TestGigabyteOfOneLine(t *testing.T) {
	root := lay(t, map[string]string{"b/b.go": "package b\n"})
	if err := os.Truncate(filepath.Join(root, "b/b.go"), 1<<30); err != nil {
		t.Fatal(err)
	}
	expect(t, root, []string{"/b/b.go is larger than 268435456 bytes, which is the most expected"})
}

func TestUnreadable(t *testing.T) {
	root := lay(t, map[string]string{"b/b.go": "package b\n", "c/c.go": "package c\n"})
	for _, name := range []string{"b", "c/c.go"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(filepath.Join(root, name), 0o755)
	}
	want := []string{"/b cannot be ", "/c/c.go cannot be "}
	if os.Geteuid() != 0 {
		expect(t, root, want)
		return
	}
	// root reads all: somebody else runs a copy where they can.
	program := filepath.Join(t.TempDir(), "memsnap")
	bytes, err := os.ReadFile(memsnap(t))
	if err == nil {
		err = os.WriteFile(program, bytes, 0o755)
	}
	for folder := root; err == nil && folder != filepath.Dir(os.TempDir()) && folder != "/"; folder = filepath.Dir(folder) {
		if strings.HasPrefix(folder, os.TempDir()+"/") {
			err = os.Chmod(folder, 0o755)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	status, said := checkedBy(t, program, root, &syscall.Credential{Uid: 65534, Gid: 65534})
	judge(t, status, said, want)
}

// A gate that looks at nothing would let everything through.
func TestNothingToCheck(t *testing.T) {
	status, said := checked(t, t.TempDir())
	if status != 3 || len(said) != 1 {
		t.Errorf("status %d: %q", status, said)
	}
}

// Files that change, grow and go while they are read: an answer each time, and never a crash.
func TestFilesThatChange(t *testing.T) {
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("p%d/p.go", i)] = fmt.Sprintf("package p%d\nimport _ \"example.com/a/p%d\"\n", i, (i+1)%300) +
			strings.Repeat("func _() { var m map[int]int; m[1] = 1 }\n", 200)
	}
	root := lay(t, files)
	done := make(chan bool)
	stopped := make(chan bool)
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			path := filepath.Join(root, fmt.Sprintf("p%d/p.go", i%300))
			switch i % 4 {
			case 0:
				_ = os.Remove(path)
			case 1:
				_ = os.Truncate(path, int64(i%4000))
			case 2:
				_ = os.WriteFile(path, []byte(strings.Repeat("package p\n\"", i%5000)), 0o644)
			case 3:
				_ = os.WriteFile(path, []byte(files[fmt.Sprintf("p%d/p.go", i%300)]), 0o644)
			}
		}
	}()
	for range 5 {
		if status, said := checked(t, root); status != 1 {
			t.Errorf("status %d: %.300s", status, strings.Join(said, "\n"))
		}
	}
	close(done)
	<-stopped
}
