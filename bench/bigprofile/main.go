// bigprofile writes a heap profile with as many samples as asked: each stack is a random walk over the calls of
// a profile that was recorded from a real program, so that names, depths and sharing are those of real life.
//
//	bigprofile -from recorded.pb.gz -samples 1000000 -seed 1 [-labels=false] -o out.pb.gz
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"math/rand"
	"os"

	"github.com/google/pprof/profile"
)

func main() {
	from := flag.String("from", "", "the recorded profile")
	samples := flag.Int("samples", 1_000_000, "how many samples to write")
	seed := flag.Int64("seed", 1, "of the random numbers")
	labels := flag.Bool("labels", true, "give each sample the numeric label bytes, as heap profiles have it")
	out := flag.String("o", "", "the file to write")
	flag.Parse()
	if err := run(*from, *samples, *seed, *labels, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bigprofile:", err)
		os.Exit(1)
	}
}

func run(from string, samples int, seed int64, labels bool, out string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	recorded, err := profile.Parse(in)
	if err != nil {
		return err
	}
	walk := newWalk(recorded, seed)
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	packed, _ := gzip.NewWriterLevel(buffered, gzip.BestSpeed) // as the runtime does
	writer := &protoWriter{out: packed, strings: map[string]int64{"": 0}, table: []string{""}}
	writer.tables(recorded)
	for i := 0; i < samples; i++ {
		size := int64(8) << walk.random.Intn(16)
		count := int64(1 + walk.random.Intn(200))
		values := []int64{count, count * size, count / 2, count / 2 * size}
		writer.sample(walk.stack(), values, labels, size)
	}
	writer.finish()
	for _, end := range []func() error{packed.Close, buffered.Flush, file.Close} {
		if err := end(); err != nil {
			return err
		}
	}
	return nil
}

// walk knows which location was seen to call which.
type walk struct {
	random *rand.Rand
	roots  []uint64
	calls  map[uint64][]uint64
}

func newWalk(p *profile.Profile, seed int64) *walk {
	w := &walk{random: rand.New(rand.NewSource(seed)), calls: map[uint64][]uint64{}}
	for _, sample := range p.Sample {
		for i := len(sample.Location) - 1; i >= 0; i-- {
			if i == len(sample.Location)-1 {
				w.roots = append(w.roots, sample.Location[i].ID)
				continue
			}
			caller := sample.Location[i+1].ID
			w.calls[caller] = append(w.calls[caller], sample.Location[i].ID)
		}
	}
	return w
}

// stack walks down for 20 to 60 frames, from another root when it comes to a leaf; leaf first.
func (w *walk) stack() []uint64 {
	depth := 20 + w.random.Intn(41)
	stack := make([]uint64, depth)
	at := w.roots[w.random.Intn(len(w.roots))]
	for i := depth - 1; i >= 0; i-- {
		stack[i] = at
		if next := w.calls[at]; len(next) > 0 {
			at = next[w.random.Intn(len(next))]
		} else {
			at = w.roots[w.random.Intn(len(w.roots))]
		}
	}
	return stack
}
