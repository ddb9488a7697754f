// The store of ../leak with cleanups (healthy twin of finalizer-cycle).
//
// The cycle is still there; cycles alone are no problem for a collector.
package main

import (
	"runtime"
	"sync/atomic"

	"memsnap.test/leakzoo/zoo"
)

type segment struct {
	file  int
	index *index
}

type index struct {
	of     *segment
	offset [1000]uint64
}

var closed atomic.Int64

func open(file int) *segment {
	s := &segment{file: file, index: new(index)}
	s.index.of = s
	for block := range s.index.offset {
		s.index.offset[block] = uint64(block) << 12
	}
	runtime.AddCleanup(s, closeFile, file)
	return s
}

func closeFile(int) { closed.Add(1) }

func (s *segment) read(block int) uint64 { return s.index.offset[block%len(s.index.offset)] }

func main() {
	file := 0
	scan := func(n int) {
		for range n {
			open(file).read(file)
			file++
		}
	}
	steps := 0
	zoo.Run(zoo.Program{
		Warm: func() { scan(3_500) },
		Step: func() {
			if steps++; steps%8 == 0 {
				scan(10)
			}
		},
		Drop: func() {},
	})
}
