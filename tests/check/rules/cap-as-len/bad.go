package capaslen

func last(s []int) int {
	return s[cap(s)-1] // want cap-as-len
}

func each(s []int) int {
	n := 0
	for i := 0; i < cap(s); i++ {
		n += s[i] // want cap-as-len
	}
	return n
}

func beyond() byte {
	b := make([]byte, 4)
	return b[4] // want cap-as-len
}

func lastOfSome(s []int) int {
	if len(s) > 0 && s[0] > 1 {
		return s[cap(s)-1] // want cap-as-len
	}
	s = s[:len(s)/2]
	return s[cap(s)-1] // want cap-as-len
}

func branch(s []int, i int) int {
	if i >= 0 && i < cap(s) {
		return s[i] // want cap-as-len
	}
	return 0
}
