package capaslen

func resliced(s []int) int {
	s = s[:cap(s)]
	return s[cap(s)-1]
}

func resliceInPlace(s []int) int { return s[:cap(s)][cap(s)-1] }

func within() byte {
	b := make([]byte, 4)
	return b[3]
}

func grown() byte {
	b := make([]byte, 4)
	b[0] = 1
	b = append(b, 1)
	return b[4]
}

func capOfOther(s, t []int) int {
	n := 0
	for i := 0; i < cap(t); i++ {
		if i < len(s) {
			n += s[i]
		}
	}
	return n
}

func reslice(s []int) []int { return s[:cap(s)] }

func full(s []int) int {
	if len(s) == cap(s) {
		return s[cap(s)-1]
	}
	return 0
}

func bothBounds(s []int) int {
	n := 0
	for i := 0; i < cap(s); i++ {
		if i >= len(s) {
			break
		}
		n += s[i]
	}
	return n
}
