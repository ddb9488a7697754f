package formatmaphot

import "fmt"

func keys(sets []map[string]int, out map[int]string) {
	for i, set := range sets {
		out[i] = fmt.Sprint(set) // want format-map-hot
	}
}
