// The import of ../leak, which clears its batch (healthy twin of slice-emptied-kept).
//
// The array itself is kept on purpose: it is small, and the next night needs it.
package main

import (
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

type order struct {
	number int
	lines  []byte
}

var (
	batch   []*order
	flushed int
)

func read(number int) *order {
	return &order{number: number, lines: zoo.Fill(make([]byte, 3<<10))}
}

func flush() {
	for _, o := range batch {
		flushed += len(fmt.Sprint(o.number)) + len(o.lines)
	}
	clear(batch)
	batch = batch[:0]
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for number := range 9_000 {
				batch = append(batch, read(number))
			}
			flush()
		},
		Drop: func() { batch = nil },
	})
}
