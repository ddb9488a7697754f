// A nightly scan that keeps one row of twelve (pattern heap-fragmented).
//
// What is wrong: rows that stay lie between rows that go. A span of the allocator has 64 slots for rows of this
// size and goes back only as a whole; five rows that stay hold all of it. The profile shows 4 MB, the process
// has 50.
//
// What the twin does: it copies the rows that stay, side by side, before the others go.
package main

import (
	"runtime"

	"memsnap.test/leakzoo/zoo"
)

type row struct {
	key   uint64
	cells [15]uint64
}

var marked []*row // HOLDER

func fetch(key uint64) *row {
	r := &row{key: key} // LEAK
	for i := range r.cells {
		r.cells[i] = key * uint64(i+1)
	}
	return r
}

// scan reads the whole table and keeps what has to be looked at again.
func scan(rows int) {
	table := make([]*row, rows)
	for i := range table {
		table[i] = fetch(uint64(i))
	}
	for _, r := range table {
		if r.key%12 == 0 {
			marked = append(marked, r)
		}
	}
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			scan(400_000)
			runtime.GC() // hours go by
		},
		Drop: func() {
			together := make([]row, len(marked))
			for i, r := range marked {
				together[i] = *r
				marked[i] = &together[i]
			}
		},
		Measure: zoo.Spans,
	})
}
