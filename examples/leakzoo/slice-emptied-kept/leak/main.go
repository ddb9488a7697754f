// A nightly import that uses its batch again (pattern slice-emptied-kept).
//
// What is wrong: after the flush, batch = batch[:0] sets the length to nothing. The array behind it still
// points to every order of the largest batch, and the collector looks at arrays, not at lengths.
//
// What the twin does: clear(batch) before it cuts the length.
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
	batch   []*order // HOLDER
	flushed int      // bytes written to the database
)

func read(number int) *order {
	return &order{number: number, lines: zoo.Fill(make([]byte, 3<<10))} // LEAK
}

func flush() {
	for _, o := range batch {
		flushed += len(fmt.Sprint(o.number)) + len(o.lines)
	}
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
		Drop: func() { clear(batch[:cap(batch)]) },
	})
}
