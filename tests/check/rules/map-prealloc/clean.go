package mapprealloc

func sized(words []string) map[string]int {
	m := make(map[string]int, len(words))
	for _, w := range words {
		m[w] = len(w)
	}
	return m
}

func some(words []string) map[string]int {
	m := make(map[string]int)
	for _, w := range words {
		if len(w) > 10 {
			m[w] = len(w)
		}
	}
	return m
}

func fromChannel(words <-chan string) map[string]int {
	m := make(map[string]int)
	for w := range words {
		m[w] = len(w)
	}
	return m
}

func few() map[string]int {
	m := make(map[string]int)
	for _, w := range []string{"a", "b"} {
		m[w] = len(w)
	}
	return m
}
