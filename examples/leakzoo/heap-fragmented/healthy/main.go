// The scan of ../leak, which keeps its rows side by side (healthy twin of heap-fragmented).
//
// After the scan most of the heap is free and goes back to the kernel bit by bit. That is no leak.
package main

import (
	"runtime"

	"memsnap.test/leakzoo/zoo"
)

type row struct {
	key   uint64
	cells [15]uint64
}

var marked []row

func fetch(key uint64) *row {
	r := &row{key: key}
	for i := range r.cells {
		r.cells[i] = key * uint64(i+1)
	}
	return r
}

func scan(rows int) {
	table := make([]*row, rows)
	for i := range table {
		table[i] = fetch(uint64(i))
	}
	for _, r := range table {
		if r.key%12 == 0 {
			marked = append(marked, *r)
		}
	}
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			scan(400_000)
			runtime.GC()
		},
		Drop:    func() { marked = nil },
		Measure: zoo.Spans,
	})
}
