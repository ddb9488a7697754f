package pool

import (
	"bytes"
	"sync"
)

const most = 64 << 10

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Render(write func(*bytes.Buffer)) string {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	write(buf)
	text := buf.String()
	if buf.Cap() <= most {
		buffers.Put(buf)
	}
	return text
}
