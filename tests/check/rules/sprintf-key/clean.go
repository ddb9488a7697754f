package sprintfkey

import "fmt"

func byStruct(places []place, counts map[place]int) {
	for _, p := range places {
		counts[p]++
	}
}

func once(p place, counts map[string]int) int {
	return counts[fmt.Sprintf("%s/%d", p.zone, p.rack)]
}

func constant(places []place, counts map[string]int) {
	for range places {
		counts["a"+"b"]++
	}
}
