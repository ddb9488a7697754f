// Command bench measures memsnap beside other tools on the same process in the same run, and prints ratios.
// The peers are a copy of the same bytes inside one process (the floor that memory sets) and gcore (what an
// engineer has today to get a heap out of a live process).
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"memsnap.test/bench/usage"
)

func run(name string, args ...string) ([]byte, usage.Of, error) {
	var out bytes.Buffer
	u, err := usage.Run(&out, name, args...)
	return out.Bytes(), u, err
}

// The copies are made by a process of their own: the peak of a child that is started counts what its parent has.
func copyApart(n int64) (time.Duration, error) {
	out, _, err := run(os.Args[0], fmt.Sprintf("-copy=%d", n))
	if err != nil {
		return 0, err
	}
	return time.ParseDuration(strings.TrimSpace(string(out)))
}

// Best of three copies of n bytes into warm memory.
func copyTime(n int64) time.Duration {
	from, to := make([]byte, n), make([]byte, n)
	for i := 0; i < len(from); i += 4096 {
		from[i], to[i] = 1, 2
	}
	best := time.Hour
	for i := 0; i < 3; i++ {
		start := time.Now()
		copy(to, from)
		best = min(best, time.Since(start))
	}
	return best
}

type target struct {
	cmd            *exec.Cmd
	pid            int
	objects, bytes int64
	sys            int64
}

func start(binary string, objects int) (*target, error) {
	cmd := exec.Command(binary, fmt.Sprintf("-objects=%d", objects))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	t := &target{cmd: cmd}
	if err == nil {
		_, err = fmt.Sscanf(line, "ready pid=%d objects=%d bytes=%d sys=%d", &t.pid, &t.objects, &t.bytes, &t.sys)
	}
	if err != nil {
		t.stop()
		return nil, fmt.Errorf("the target said %q: %w", line, err)
	}
	return t, nil
}

func (t *target) stop() { t.cmd.Process.Kill(); t.cmd.Wait() }

func measure(tool, binary, room string, objects int) error {
	t, err := start(binary, objects)
	if err != nil {
		return err
	}
	defer t.stop()
	out, doctor, err := run(tool, "doctor", fmt.Sprint(t.pid), "--interval", "0", "--json")
	if err != nil {
		return err
	}
	var r struct {
		Capture struct {
			PauseNs int64 `json:"pause_ns"`
			Objects int64 `json:"objects"`
		} `json:"capture"`
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return err
	}
	snap := filepath.Join(room, "bench.snap")
	if _, _, err := run(tool, "capture", "-p", fmt.Sprint(t.pid), "-o", snap, "--force"); err != nil {
		return err
	}
	_, open, err := run(tool, "rss", snap, "--json")
	if err != nil {
		return err
	}
	_, core, err := run("gcore", "-o", filepath.Join(room, "core"), fmt.Sprint(t.pid))
	if err != nil {
		return err
	}
	cores, _ := filepath.Glob(filepath.Join(room, "core.*"))
	for _, c := range cores {
		os.Remove(c)
	}
	copied, err := copyApart(t.bytes)
	if err != nil {
		return err
	}
	n := float64(r.Capture.Objects)
	fmt.Printf("%10d objects %7.0f MB | report %6.2f s wall %6.2f s CPU, %5.2f M objects/CPU s, %4.0f B/object of ours | pause %7.1f ms (%.2f s/GB) | open %4.0f ms | copy of the bytes %6.3f s: report is %.1fx | gcore %6.2f s: %.1fx our time, its stop %.0fx our pause\n",
		r.Capture.Objects, float64(t.bytes)/1e6, doctor.Wall.Seconds(), doctor.CPU.Seconds(), n/doctor.CPU.Seconds()/1e6, float64(doctor.Peak)/n,
		float64(r.Capture.PauseNs)/1e6, float64(r.Capture.PauseNs)/float64(t.bytes), float64(open.Wall.Milliseconds()), copied.Seconds(),
		doctor.Wall.Seconds()/copied.Seconds(), core.Wall.Seconds(), core.Wall.Seconds()/doctor.Wall.Seconds(), core.Wall.Seconds()*1e9/float64(r.Capture.PauseNs))
	return nil
}

func main() {
	tool := flag.String("memsnap", "build/memsnap", "the binary to measure")
	heap := flag.String("heap", "build/bench-heap", "the program it reads")
	size := flag.Int64("copy", 0, "only say how long a copy of so many bytes takes")
	flag.Parse()
	if *size > 0 {
		fmt.Println(copyTime(*size))
		return
	}
	room, err := os.MkdirTemp("", "memsnap-bench-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer os.RemoveAll(room)
	for _, objects := range []int{100_000, 1_000_000, 5_000_000} {
		if err := measure(*tool, *heap, room, objects); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
	}
}
