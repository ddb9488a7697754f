package corpus

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/google/pprof/profile"
)

// random is a profile with a mixture of everything that profile.proto allows, the same for the same seed.
func random(seed uint64) *builder {
	r := rand.New(rand.NewPCG(seed, 4711))
	types := [][]string{{"samples/count", "cpu/nanoseconds"}, {"alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes"}, {"wall/microseconds"}, {"contentions/count", "delay/nanoseconds"}}[seed%4]
	b := started(types...)
	b.mapping("/usr/lib/libother.so", 0x7f0000000000, 0x7f0000100000, "c0ffee")
	var places []*profile.Location
	functions := 5 + r.IntN(60)
	for range 10 + r.IntN(150) {
		var lines []profile.Line
		for range r.IntN(4) {
			name := fmt.Sprintf("pkg%d.(*Type%d).Method%d", r.IntN(4), r.IntN(4), r.IntN(functions))
			file := fmt.Sprintf("/src/pkg%d/file%d.go", r.IntN(4), r.IntN(6))
			lines = append(lines, profile.Line{Function: b.function(name, name, file, int64(r.IntN(2)*r.IntN(90))), Line: int64(r.IntN(200)), Column: int64(r.IntN(3) * r.IntN(20))})
		}
		places = append(places, b.place(r.IntN(2), lines...))
	}
	for range 20 + r.IntN(300) {
		var stack []*profile.Location
		for range 1 + r.IntN(25) {
			stack = append(stack, places[r.IntN(1+r.IntN(len(places)))])
		}
		values := make([]int64, len(types))
		for i := range values {
			values[i] = int64(r.ExpFloat64() * 1000)
			if i%2 == 1 {
				values[i] *= 4096
			}
			if seed%5 == 0 && r.IntN(4) == 0 {
				values[i] = -values[i]
			}
		}
		label(r, b.addAt(stack, values...))
	}
	if seed%3 == 0 {
		b.DurationNanos, b.TimeNanos = int64(seed)*1e9, 1.7e18+int64(seed)
	}
	return b
}

func label(r *rand.Rand, s *profile.Sample) {
	if r.IntN(3) == 0 {
		text(s, "route", fmt.Sprintf("/r%d", r.IntN(5)))
	}
	if r.IntN(4) == 0 {
		number(s, "bytes", []int64{int64(r.IntN(1 << 20))}, "bytes")
	}
	if r.IntN(5) == 0 {
		number(s, "wait", []int64{int64(r.IntN(5000)), int64(r.IntN(10))}, "microseconds", "microseconds")
	}
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
