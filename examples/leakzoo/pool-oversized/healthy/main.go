// The web service of ../leak, which lets go of large buffers (healthy twin of pool-oversized).
package main

import (
	"bytes"
	"sync"

	"memsnap.test/leakzoo/zoo"
)

const largest = 64 << 10 // bytes of a buffer that may go back

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var sent int

func render(b *bytes.Buffer, size int) {
	for b.Len() < size {
		b.Write(block[:min(len(block), size-b.Len())])
	}
}

var block = zoo.Fill(make([]byte, 4<<10))

func release(b *bytes.Buffer) {
	if b.Cap() > largest {
		return
	}
	b.Reset()
	buffers.Put(b)
}

func serve(sizes ...int) {
	inFlight := make([]*bytes.Buffer, len(sizes))
	for i, size := range sizes {
		inFlight[i] = buffers.Get().(*bytes.Buffer)
		render(inFlight[i], size)
	}
	for _, b := range inFlight {
		sent += b.Len()
		release(b)
	}
}

func main() {
	small := make([]int, 260)
	mixed := make([]int, len(small))
	for i := range small {
		small[i], mixed[i] = 500, 500
		if i < 100 {
			mixed[i] = 250 << 10
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
		Drop: func() { buffers = sync.Pool{New: buffers.New} },
	})
}
