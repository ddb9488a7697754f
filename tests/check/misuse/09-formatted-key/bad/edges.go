// Package edges builds a string for each look into a map.
package edges

import "fmt"

func Weigh(from, to []int, weights map[string]int) int {
	sum := 0
	for i := range from {
		sum += weights[fmt.Sprintf("%d-%d", from[i], to[i])] // want sprintf-key
	}
	return sum
}
