// Command precision runs a program with known live bytes again and again and holds what
// `memsnap pprof --precision` says against the truth: precision MEMSNAP RUNS.
// It fails when the limits hold the truth in fewer than 92 of 100 runs, when a mean is off by more than chance
// and 2 % allow, or when a finer rate is not as much finer as the theory says.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

var sizes = []int{12, 48, 256, 1024, 8192, 65536, 524288, 2097152}

const liveBytes = 8 << 20

type limits struct{ Samples, Low, High float64 }
type row struct {
	Name       string
	Flat       float64
	FlatLimits limits `json:"flat_limits"`
}

// What one run's profile says of each size, by name of the function.
func run(memsnap, blocks, profile string, rate int) (map[string]row, error) {
	if out, err := exec.Command(blocks, strconv.Itoa(rate), strconv.Itoa(liveBytes), profile).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("blocks: %w: %s", err, out)
	}
	out, err := exec.Command(memsnap, "pprof", "--top", "--precision", "--json", "--sample_index=inuse_space",
		"--nodefraction=0", profile).Output()
	if err != nil {
		return nil, fmt.Errorf("memsnap: %w", err)
	}
	var report struct{ Rows []row }
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, err
	}
	rows := map[string]row{}
	for _, r := range report.Rows {
		rows[r.Name] = r
	}
	return rows, nil
}

// Bytes that the allocator holds for the blocks of a size. Each of 12 bytes takes a block of 16 of the tiny
// allocator, and that is what the profile counts.
func truth(size int) float64 {
	if size == 12 {
		return liveBytes / 16 * 16
	}
	return float64(liveBytes / size * size)
}

type series struct {
	estimates []float64
	held      int
}

func (s *series) mean() float64 {
	sum := 0.0
	for _, v := range s.estimates {
		sum += v
	}
	return sum / float64(len(s.estimates))
}

func (s *series) deviation() float64 {
	mean, sum := s.mean(), 0.0
	for _, v := range s.estimates {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / float64(len(s.estimates)-1))
}

func measure(memsnap, blocks, profile string, rate, runs int) (map[int]*series, error) {
	all := map[int]*series{}
	for _, size := range sizes {
		all[size] = &series{}
	}
	for range runs {
		rows, err := run(memsnap, blocks, profile, rate)
		if err != nil {
			return nil, err
		}
		for _, size := range sizes {
			r := rows[fmt.Sprintf("main.live%d", size)]
			s := all[size]
			s.estimates = append(s.estimates, r.Flat)
			if want := truth(size); r.FlatLimits.Low <= want && want <= r.FlatLimits.High {
				s.held++
			}
		}
	}
	return all, nil
}

func expectedDeviation(size, rate int) float64 {
	s := float64(size)
	if size == 12 {
		s = 16
	}
	p := 1 - math.Exp(-s/float64(rate))
	return math.Sqrt(truth(size) * s * (1 - p) / p)
}

func main() {
	memsnap := os.Args[1]
	runs, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	room, err := os.MkdirTemp("", "precision")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(room)
	blocks, profile := filepath.Join(room, "blocks"), filepath.Join(room, "heap.pb.gz")
	if out, err := exec.Command("go", "build", "-o", blocks, "./blocks").CombinedOutput(); err != nil {
		panic(string(out))
	}
	failed := false
	deviations := map[int]map[int]float64{}
	for _, rate := range []int{512 << 10, 64 << 10, 16 << 10} {
		n := runs
		if rate != 512<<10 {
			n = max(runs/3, 2)
		}
		all, err := measure(memsnap, blocks, profile, rate, n)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("one sample in %d bytes, %d runs, %d bytes live of each size\n", rate, n, liveBytes)
		fmt.Println("     size    held    bias   sd/truth  theory")
		deviations[rate] = map[int]float64{}
		for _, size := range sizes {
			s, want := all[size], truth(size)
			held, bias := float64(s.held)/float64(n), s.mean()/want-1
			theory := expectedDeviation(size, rate)
			deviations[rate][size] = s.deviation()
			chance := 3 * theory / want / math.Sqrt(float64(n))
			bad := ""
			// Of a coverage of .95, so many runs give less than .92 by chance: three deviations more are allowed.
			if held < 0.95-0.02-3*math.Sqrt(0.95*0.05/float64(n)) || math.Abs(bias) > 0.02+chance {
				bad, failed = "  FAIL", true
			}
			fmt.Printf("%9d   %.3f  %+5.1f%%   %6.1f%%  %6.1f%%%s\n", size, held, bias*100, s.deviation()/want*100, theory/want*100, bad)
		}
	}
	for _, rate := range []int{64 << 10, 16 << 10} {
		sum, n := 0.0, 0
		for _, size := range []int{48, 256, 1024} {
			sum += deviations[512<<10][size] / deviations[rate][size]
			n++
		}
		want := math.Sqrt(512 * 1024 / float64(rate))
		got := sum / float64(n)
		fmt.Printf("one in %d is %.2fx narrower than one in %d; sqrt of the ratio is %.2f\n", rate, got, 512<<10, want)
		failed = failed || (runs >= 100 && math.Abs(got/want-1) > 0.15)
	}
	if failed {
		os.Exit(1)
	}
}
