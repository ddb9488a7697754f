// Package set uses map[string]bool where only membership counts.
package set

func Unique(words []string) int {
	seen := make(map[string]bool, len(words)) // want map-bool-set
	for _, word := range words {
		seen[word] = true
	}
	return len(seen)
}
