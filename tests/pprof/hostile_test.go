package pprof

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

// What every report must survive: forged profiles, read within bounds of time and memory.
var everyReport = [][]string{
	{"-top"}, {"-tree"}, {"-peek=."}, {"-list=."}, {"-traces"}, {"-tags"}, {"-raw"}, {"-comments"}, {"-proto"},
	{"-topproto"}, {"-dot"}, {"-callgrind"}, {"-dot", "-call_tree"}, {"-top", "-lines", "-focus=a", "-tagfocus=b"},
	{"-top", "-tagroot=k", "-mean", "-normalize", "-diff_base=SELF"},
}

const (
	hostileMemory = 1 << 20 // KiB of address space
	hostileTime   = 20 * time.Second
)

type boundedRun struct {
	status         int
	stdout, stderr string
}

// runBounded runs memsnap pprof with an address space of 1 GiB.
func runBounded(t *testing.T, memsnap, file string, args ...string) boundedRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hostileTime)
	defer cancel()
	words := []string{"-c", fmt.Sprintf("ulimit -v %d; exec \"$@\"", hostileMemory), "sh", memsnap, "pprof"}
	for _, arg := range args {
		words = append(words, strings.ReplaceAll(arg, "SELF", file))
	}
	cmd := exec.CommandContext(ctx, "sh", append(words, file)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Errorf("%v %s: still running after %s", args, filepath.Base(file), hostileTime)
	} else if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		t.Errorf("%v %s: ended by %s", args, filepath.Base(file), status.Signal())
	} else if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return boundedRun{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// checkAnswer wants a report, or one line that says what is wrong, with a documented status.
func checkAnswer(t *testing.T, name string, args []string, o boundedRun) {
	t.Helper()
	switch o.status {
	case 0:
	case 2, 3, 4:
		lines := strings.Split(strings.TrimRight(o.stderr, "\n"), "\n")
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "memsnap") {
			t.Errorf("%v %s: status %d, and the last line says %.200q", args, name, o.status, last)
		}
	default:
		t.Errorf("%v %s: status %d: %.300s", args, name, o.status, o.stderr)
	}
}

func hostileSample(t *testing.T) []byte {
	t.Helper()
	f := &profile.Function{ID: 1, Name: "a", SystemName: "a", Filename: "/a.go"}
	g := &profile.Function{ID: 2, Name: "b", SystemName: "b", Filename: "/b.go"}
	m := &profile.Mapping{ID: 1, Start: 0x1000, Limit: 0x9000, File: "/bin/a"}
	l1 := &profile.Location{ID: 1, Mapping: m, Address: 0x1100, Line: []profile.Line{{Function: f, Line: 3}, {Function: g, Line: 9}}}
	l2 := &profile.Location{ID: 2, Mapping: m, Address: 0x1200, Line: []profile.Line{{Function: g, Line: 5}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1, TimeNanos: 1, DurationNanos: 2,
		Mapping: []*profile.Mapping{m}, Location: []*profile.Location{l1, l2}, Function: []*profile.Function{f, g},
		Comments: []string{"c"}, DropFrames: "x", KeepFrames: "y",
	}
	for i := range 4 {
		p.Sample = append(p.Sample, &profile.Sample{
			Location: []*profile.Location{l1, l2, l1}, Value: []int64{int64(i), -5},
			Label: map[string][]string{"k": {"v"}}, NumLabel: map[string][]int64{"bytes": {64}}, NumUnit: map[string][]string{"bytes": {"bytes"}},
		})
	}
	var out bytes.Buffer
	if err := p.WriteUncompressed(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func packed(content []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(content)
	w.Close()
	return out.Bytes()
}

// forgeries are files by name.
func forgeries(t *testing.T) map[string][]byte {
	good := hostileSample(t)
	files := map[string][]byte{"empty": {}, "zeros": make([]byte, 4096), "gzip-of-nothing": packed(nil)}
	for i := 1; i < len(good); i += 1 + len(good)/60 {
		files[fmt.Sprintf("cut-%03d", i)] = good[:i]
	}
	zip := packed(good)
	for i := 1; i < len(zip); i += 1 + len(zip)/15 {
		files[fmt.Sprintf("gzip-cut-%03d", i)] = zip[:i]
	}
	random := rand.New(rand.NewSource(1))
	for i := range 120 {
		bad := bytes.Clone(good)
		for range 1 + i%3 {
			bad[random.Intn(len(bad))] ^= byte(1 << random.Intn(8))
		}
		files[fmt.Sprintf("flipped-%03d", i)] = bad
	}
	// Lengths and counts of 10^9 and more, in each field of the profile.
	for field := 1; field <= 15; field++ {
		for _, length := range []uint64{1_000_000_000, 1 << 40, 1<<63 - 1, 1<<64 - 1} {
			head := binary.AppendUvarint(nil, uint64(field)<<3|2)
			files[fmt.Sprintf("length-%02d-%x", field, length)] = append(bytes.Clone(good), binary.AppendUvarint(head, length)...)
			value := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(field)<<3), length)
			files[fmt.Sprintf("number-%02d-%x", field, length)] = append(bytes.Clone(good), value...)
		}
	}
	// Ids that are huge, zero, of one another.
	for _, id := range []uint64{0, 1<<32 - 1, 1 << 32, 1<<64 - 1} {
		location := binary.AppendUvarint([]byte{1 << 3}, id)
		files[fmt.Sprintf("location-%x", id)] = append(append(bytes.Clone(good), 4<<3|2, byte(len(location))), location...)
		stack := binary.AppendUvarint(nil, id)
		sample := append([]byte{1<<3 | 2, byte(len(stack))}, stack...)
		sample = append(sample, 2<<3|2, 2, 1, 1)
		files[fmt.Sprintf("stack-%x", id)] = append(append(bytes.Clone(good), 2<<3|2, byte(len(sample))), sample...)
	}
	bomb := append(bytes.Clone(good), binary.AppendUvarint([]byte{6<<3 | 2}, 3<<30)...)
	files["gzip-bomb"] = packedBomb(bomb, 3<<30)
	return files
}

// packedBomb is the content and so many zeros.
func packedBomb(content []byte, zeros int) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	w.Write(content)
	block := make([]byte, 1<<20)
	for ; zeros > 0; zeros -= len(block) {
		w.Write(block)
	}
	w.Close()
	return out.Bytes()
}

func TestForgedProfiles(t *testing.T) {
	s := environment(t)
	folder := t.TempDir()
	var group sync.WaitGroup
	room := make(chan struct{}, 2)
	runs := 0
	for name, content := range forgeries(t) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		reports := everyReport
		if strings.HasPrefix(name, "length-") || strings.HasPrefix(name, "number-") || name == "gzip-bomb" {
			reports = everyReport[:1]
		}
		runs += len(reports)
		group.Add(1)
		room <- struct{}{}
		go func() {
			defer func() { <-room; group.Done() }()
			for _, args := range reports {
				checkAnswer(t, name, args, runBounded(t, s.memsnap, path, args...))
			}
		}()
	}
	group.Wait()
	fmt.Printf("pprof: %d reports of forged profiles ended as documented\n", runs)
}

// Names that steer a terminal, end a line, close an element: none of it comes out as it went in.
func TestHostileNames(t *testing.T) {
	s := environment(t)
	const esc = "\x1b]0;owned\x07\x1b[31m"
	name := "main." + esc + "<script>alert(1)</script>\"\\\u202e"
	f := &profile.Function{ID: 1, Name: name, SystemName: name, Filename: "/" + name + ".go"}
	m := &profile.Mapping{ID: 1, Start: 1, Limit: 9, File: "/bin/" + name, BuildID: name}
	l := &profile.Location{ID: 1, Mapping: m, Address: 2, Line: []profile.Line{{Function: f, Line: 1}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: esc, Unit: esc}}, PeriodType: &profile.ValueType{Type: esc, Unit: esc},
		Mapping: []*profile.Mapping{m}, Location: []*profile.Location{l}, Function: []*profile.Function{f},
		Comments: []string{name}, DocURL: "https://a/" + esc,
		Sample: []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{7},
			Label: map[string][]string{name: {name}}, NumLabel: map[string][]int64{esc: {1}}, NumUnit: map[string][]string{esc: {esc}}}},
	}
	path := filepath.Join(t.TempDir(), "names.pb.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Write(file); err != nil {
		t.Fatal(err)
	}
	file.Close()
	for _, args := range everyReport {
		if args[0] == "-proto" || args[0] == "-topproto" {
			continue // a profile again, with the names it has
		}
		o := runBounded(t, s.memsnap, path, args...)
		checkAnswer(t, "names", args, o)
		if strings.ContainsAny(o.stdout+o.stderr, "\x1b\x07\u202e") {
			at := strings.IndexAny(o.stdout+o.stderr, "\x1b\x07\u202e")
			t.Errorf("%v: a control character came through: %.200q", args, (o.stdout + o.stderr)[at:])
		}
	}
}
