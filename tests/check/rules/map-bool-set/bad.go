package mapboolset

func has(words []string, word string) bool {
	set := map[string]bool{} // want map-bool-set
	for _, w := range words {
		if w != "" {
			set[w] = true
		}
	}
	_, ok := set[word]
	return ok
}
