package pooluseafterput

import "bytes"

func text() string {
	b := pool.Get().(*bytes.Buffer)
	defer put(b)
	b.WriteString("x")
	return b.String()
}

func put(b *bytes.Buffer) {
	if b.Cap() < most {
		pool.Put(b)
	}
}

func copied() []byte {
	b := pool.Get().(*bytes.Buffer)
	b.WriteString("x")
	out := bytes.Clone(b.Bytes())
	if b.Cap() < most {
		pool.Put(b)
	}
	return out
}

func onlyOnError(fail bool) *bytes.Buffer {
	b := pool.Get().(*bytes.Buffer)
	if fail && b.Cap() < most {
		pool.Put(b)
		return nil
	}
	return b
}

func again() int {
	b := pool.Get().(*bytes.Buffer)
	if b.Cap() < most {
		pool.Put(b)
	}
	b = pool.Get().(*bytes.Buffer)
	return b.Len()
}
