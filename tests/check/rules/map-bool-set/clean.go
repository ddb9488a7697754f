package mapboolset

func answers(words []string, yes func(string) bool) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = yes(w)
	}
	return m
}

func asCondition(words []string) int {
	seen := make(map[string]bool, len(words))
	n := 0
	for _, w := range words {
		if seen[w] {
			n++
		}
		seen[w] = true
	}
	return n
}
