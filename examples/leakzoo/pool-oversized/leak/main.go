// A web service that renders into pooled buffers, small and large pages alike (pattern pool-oversized).
//
// What is wrong: a buffer that once held a report of 250 KiB goes back to the pool as large as it is, and
// renders buttons for the rest of its life. Every buffer meets a report sooner or later.
//
// What the twin does: it leaves buffers above 64 KiB to the collector, as package fmt does.
package main

import (
	"bytes"
	"sync"

	"memsnap.test/leakzoo/zoo"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }} // HOLDER

var sent int // bytes

// render makes one answer.
func render(b *bytes.Buffer, size int) {
	for b.Len() < size {
		b.Write(block[:min(len(block), size-b.Len())]) // LEAK
	}
}

var block = zoo.Fill(make([]byte, 4<<10))

// serve handles as many requests at the same time as there are sizes.
func serve(sizes ...int) {
	inFlight := make([]*bytes.Buffer, len(sizes))
	for i, size := range sizes {
		inFlight[i] = buffers.Get().(*bytes.Buffer)
		render(inFlight[i], size)
	}
	for _, b := range inFlight {
		sent += b.Len()
		b.Reset()
		buffers.Put(b)
	}
}

func main() {
	small := make([]int, 260)
	mixed := make([]int, len(small))
	for i := range small {
		small[i], mixed[i] = 500, 500
		if i < 100 {
			mixed[i] = 250 << 10 // a report
		}
	}
	steps := 0
	zoo.Run(zoo.Program{
		Warm:    func() { serve(mixed...) },
		Between: func() { serve(small...) },
		Step: func() {
			if steps++; steps%10 == 0 {
				serve(small...)
			}
		},
		Drop: func() { // the collector gets what is large
			kept := make([]*bytes.Buffer, 0, len(small))
			for range len(small) {
				if b := buffers.Get().(*bytes.Buffer); b.Cap() <= 64<<10 {
					kept = append(kept, b)
				}
			}
			for _, b := range kept {
				buffers.Put(b)
			}
		},
	})
}
