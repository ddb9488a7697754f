// A store of segments that close themselves (pattern finalizer-cycle).
//
// What is wrong: the segment has a finalizer, as a net for callers who forget Close. The index of the segment
// points back to it. What a finalizer is given must stay intact, so the collector keeps all that the segment
// leads to; that is the segment itself, and the finalizer never runs.
//
// What the twin does: runtime.AddCleanup with the file number, which leads nowhere.
package main

import (
	"runtime"
	"weak"

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

var closed int // files

func open(file int) *segment {
	s := &segment{file: file, index: new(index)} // LEAK
	s.index.of = s
	for block := range s.index.offset {
		s.index.offset[block] = uint64(block) << 12
	}
	runtime.SetFinalizer(s, (*segment).close)
	segments = append(segments, weak.Make(s))
	return s
}

func (s *segment) close() { closed++ }

func (s *segment) read(block int) uint64 { return s.index.offset[block%len(s.index.offset)] }

// segments lets this program take its cycles apart again; weak pointers keep nothing alive.
var segments []weak.Pointer[segment]

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
		Drop: func() {
			for _, weakly := range segments {
				if s := weakly.Value(); s != nil {
					s.index.of = nil
				}
			}
			segments = nil
		},
	})
}
