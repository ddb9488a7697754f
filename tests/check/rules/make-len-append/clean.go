package makelenappend

import "io"

func header(body []byte) []byte {
	out := make([]byte, 4)
	out[0] = byte(len(body))
	return append(out, body...)
}

func copied(body []byte) []byte {
	out := make([]byte, len(body))
	copy(out, body)
	return append(out, '\n')
}

func read(r io.Reader) ([]byte, error) {
	out := make([]byte, 16)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, err
	}
	return append(out, '\n'), nil
}

func emptied(n int) []int {
	ids := make([]int, n)
	ids = ids[:0]
	for i := 0; i < n; i++ {
		ids = append(ids, i)
	}
	return ids
}

func zero(n int) []int {
	ids := make([]int, 0, n)
	ids = append(ids, 1)
	return ids
}

func indexed(n int) []int {
	ids := make([]int, n)
	for i := range ids {
		ids[i] = i
	}
	return append(ids, n)
}

func padded(text []byte) []byte {
	return append(make([]byte, 8), text...)
}
