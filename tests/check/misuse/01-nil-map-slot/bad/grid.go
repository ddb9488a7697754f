// Package grid writes into a slot of a slice of maps that nobody made.
package grid

func Count(words []string, shards int) []map[string]int {
	counts := make([]map[string]int, shards)
	for _, word := range words {
		counts[len(word)%shards][word]++ // want nil-map-elem
	}
	return counts
}
