package poolunbounded

import "sync"

var scratch = sync.Pool{New: func() any { return new([]byte) }}

type encoder struct{ out []byte }

var encoders = sync.Pool{New: func() any { return new(encoder) }}

func grow(n int) int {
	b := scratch.Get().(*[]byte)
	*b = append((*b)[:0], make([]byte, n)...)
	size := len(*b)
	scratch.Put(b) // want pool-unbounded
	return size
}

func encode(text string) string {
	e := encoders.Get().(*encoder)
	e.out = append(e.out[:0], text...)
	s := string(e.out)
	encoders.Put(e) // want pool-unbounded
	return s
}
