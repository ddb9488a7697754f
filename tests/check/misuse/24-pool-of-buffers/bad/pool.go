// Package pool puts buffers back whatever they have grown to.
package pool

import (
	"bytes"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Render(write func(*bytes.Buffer)) string {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	write(buf)
	text := buf.String()
	buffers.Put(buf) // want pool-unbounded
	return text
}
