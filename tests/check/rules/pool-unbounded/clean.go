package poolunbounded

import (
	"bytes"
	"sync"
)

var arrays = sync.Pool{New: func() any { return new([512]byte) }}

func fixed() int {
	a := arrays.Get().(*[512]byte)
	n := len(a)
	arrays.Put(a)
	return n
}

var bounded = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func give(b *bytes.Buffer) {
	if b.Cap() > 64<<10 {
		return
	}
	b.Reset()
	bounded.Put(b)
}

func use(f func(*bytes.Buffer)) {
	b := bounded.Get().(*bytes.Buffer)
	f(b)
	give(b)
}

var blocks = sync.Pool{New: func() any { b := make([]byte, 4096); return &b }}

func block(f func([]byte)) {
	b := blocks.Get().(*[]byte)
	f((*b)[:4096])
	blocks.Put(b)
}
