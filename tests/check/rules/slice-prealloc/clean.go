package sliceprealloc

import "errors"

func sized(words []string) []int {
	n := make([]int, 0, len(words))
	for _, w := range words {
		n = append(n, len(w))
	}
	return n
}

func some(words []string) []int {
	var n []int
	for _, w := range words {
		if w == "" {
			continue
		}
		n = append(n, len(w))
	}
	return n
}

func fromChannel(words <-chan string) []int {
	var n []int
	for w := range words {
		n = append(n, len(w))
	}
	return n
}

var errEmpty = errors.New("an empty word")

func untilEmpty(words []string) []int {
	var n []int
	for _, w := range words {
		if w == "" {
			return n
		}
		n = append(n, len(w))
	}
	return n
}
