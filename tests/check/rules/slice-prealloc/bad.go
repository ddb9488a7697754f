package sliceprealloc

func lengths(words []string) []int {
	var n []int // want slice-prealloc
	for _, w := range words {
		n = append(n, len(w))
	}
	return n
}

func lengthsOrError(words []string) ([]int, error) {
	var n []int // want slice-prealloc
	for _, w := range words {
		if w == "" {
			return nil, errEmpty
		}
		n = append(n, len(w))
	}
	return n, nil
}

func lengthsOfAll(texts [][]string) [][]int {
	all := make([][]int, 0, len(texts))
	for _, words := range texts {
		var n []int // want slice-prealloc
		for _, w := range words {
			n = append(n, len(w))
		}
		all = append(all, n)
	}
	return all
}
