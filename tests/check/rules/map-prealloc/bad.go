package mapprealloc

func lengths(words []string) map[string]int {
	m := map[string]int{} // want map-prealloc
	for _, w := range words {
		m[w] = len(w)
	}
	return m
}
