package sprintfkey

import "fmt"

type place struct {
	zone string
	rack int
}

func tally(places []place, counts map[string]int) {
	for _, p := range places {
		counts[fmt.Sprintf("%s/%d", p.zone, p.rack)]++ // want sprintf-key
	}
}

func joined(places []place, counts map[string]int) int {
	n := 0
	for _, p := range places {
		n += counts[p.zone+"/"+p.zone] // want sprintf-key
	}
	return n
}
