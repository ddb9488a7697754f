package pooluseafterput

import (
	"bytes"
	"sync"
)

var pool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const most = 1 << 16

func after() int {
	b := pool.Get().(*bytes.Buffer)
	if b.Cap() < most {
		pool.Put(b)
	}
	return b.Len() // want pool-use-after-put
}

func alias() []byte {
	b := pool.Get().(*bytes.Buffer)
	b.WriteString("x")
	out := b.Bytes()
	if b.Cap() < most {
		pool.Put(b)
	}
	return out // want pool-use-after-put
}

func deferred() []byte {
	b := pool.Get().(*bytes.Buffer)
	if b.Cap() < most {
		defer pool.Put(b)
	}
	b.WriteString("x")
	return b.Bytes() // want pool-use-after-put
}
