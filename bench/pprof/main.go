// Command pprof measures `memsnap pprof` beside `go tool pprof` on the same files in the same run: CPU seconds,
// peak memory, and the ratios, which are what counts on a machine that does other things too.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"memsnap.test/bench/usage"
)

// best is the run with the least CPU time of several.
func best(times int, name string, args ...string) (usage.Of, error) {
	least, err := usage.Run(io.Discard, name, args...)
	for i := 1; i < times && err == nil; i++ {
		var u usage.Of
		if u, err = usage.Run(io.Discard, name, args...); u.CPU < least.CPU {
			least = u
		}
	}
	return least, err
}

type bench struct {
	what  string
	args  []string // of both
	times int
	peer  bool // go tool pprof can do it on a machine of 24 GB
}

func main() {
	memsnap := flag.String("memsnap", "", "the memsnap to measure")
	generator := flag.String("bigprofile", "", "the generator of profiles")
	recorded := flag.String("recorded", "", "a heap profile of a real program")
	folder := flag.String("folder", "", "where generated profiles are kept")
	flag.Parse()
	if err := measure(*memsnap, *generator, *recorded, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure(memsnap, generator, recorded, folder string) error {
	peer, err := exec.Command("go", "tool", "-n", "pprof").Output()
	if err != nil {
		return fmt.Errorf("go tool -n pprof: %w", err)
	}
	oracle := strings.TrimSpace(string(peer))
	// Built on first use, which is not what is measured.
	if err := exec.Command("go", "tool", "pprof", "-top", recorded).Run(); err != nil {
		return fmt.Errorf("go tool pprof: %w", err)
	}
	profileOf := func(name string, args ...string) (string, error) {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		_, err := usage.Run(io.Discard, generator, append([]string{"-from", recorded, "-o", path}, args...)...)
		return path, err
	}
	million, err := profileOf("1m.pb.gz", "-samples=1000000")
	if err != nil {
		return err
	}
	plain, err := profileOf("1m-plain.pb.gz", "-samples=1000000", "-labels=false")
	if err != nil {
		return err
	}
	five, err := profileOf("5m.pb.gz", "-samples=5000000")
	if err != nil {
		return err
	}
	hundred, err := profileOf("100k.pb.gz", "-samples=100000")
	if err != nil {
		return err
	}
	fleet := []string{"-top"}
	for i := 0; i < 400; i++ {
		path, err := profileOf(fmt.Sprintf("fleet-%03d.pb.gz", i), "-samples=3000", fmt.Sprintf("-seed=%d", i+1))
		if err != nil {
			return err
		}
		fleet = append(fleet, path)
	}
	other, err := profileOf("100k-other.pb.gz", "-samples=100000", "-seed=2")
	if err != nil {
		return err
	}
	benches := []bench{
		{"-top, small heap profile", []string{"-top", recorded}, 20, true},
		{"-top, 1 M samples", []string{"-top", million}, 3, true},
		{"-top, 1 M samples without labels", []string{"-top", plain}, 3, true},
		{"-top, 5 M samples", []string{"-top", five}, 2, false},
		{"-tree, 100 k samples", []string{"-tree", hundred}, 3, true},
		{"-dot, 100 k samples", []string{"-dot", hundred}, 3, true},
		{"-diff_base -top, 2 x 100 k samples", []string{"-top", "-diff_base=" + other, hundred}, 3, true},
		{"-traces, 100 k samples", []string{"-traces", hundred}, 2, true},
		{"-traces, 1 M samples", []string{"-traces", million}, 1, false},
		{"-top, 400 profiles of 3,000 samples", fleet, 2, true},
	}
	fmt.Printf("%-38s %10s %9s   %10s %9s   %7s %7s\n", "memsnap pprof beside go tool pprof", "CPU", "peak", "CPU", "peak",
		"CPU", "peak")
	for _, b := range benches {
		ours, err := best(b.times, memsnap, append([]string{"pprof"}, b.args...)...)
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%-38s %10s %6d MB", b.what, seconds(ours.CPU), ours.Peak>>20)
		if b.peer {
			theirs, err := best(min(b.times, 5), oracle, b.args...)
			if err != nil {
				return err
			}
			line += fmt.Sprintf("   %10s %6d MB   %6.1fx %6.1fx", seconds(theirs.CPU), theirs.Peak>>20,
				float64(theirs.CPU)/float64(max(ours.CPU, time.Millisecond)), float64(theirs.Peak)/float64(ours.Peak))
		}
		fmt.Println(line)
	}
	return nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }
