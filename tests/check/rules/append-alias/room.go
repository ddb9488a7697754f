package appendalias

func insertAt(s []int, i int, v ...int) []int {
	n := len(s) + len(v)
	if n > cap(s) {
		out := append(s[:i], make([]int, n-i)...)
		copy(out[i:], v)
		copy(out[i+len(v):], s[i:])
		return out
	}
	s = s[:n]
	copy(s[i+len(v):], s[i:])
	copy(s[i:], v)
	return s
}

func insertAtWrongly(s []int, i int, v ...int) []int {
	out := append(s[:i], v...) // want append-alias
	return append(out, s[i:]...)
}

func growBy(s []int, n int) []int { return append(s[:cap(s)], make([]int, n)...)[:len(s)] }

func cutTheEnd(s []int, i int, v []int) []int {
	out := append(s[:i], v...)
	if len(out) < len(s) {
		clear(s[len(out):])
	}
	return out
}

func appendColon(b []int) []int { return append(b[:len(b)-2], 1, 2) }

func withColon(b []int) []int { return append(b[:len(b)-2], 1, 2) } // want append-alias
