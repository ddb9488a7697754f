package grid

func Count(words []string, shards int) []map[string]int {
	counts := make([]map[string]int, shards)
	for i := range counts {
		counts[i] = make(map[string]int, len(words)/shards)
	}
	for _, word := range words {
		counts[len(word)%shards][word]++
	}
	return counts
}
