package makelenappend

func names(n int) []string {
	out := make([]string, n) // zero values stay in front
	for i := 0; i < n; i++ {
		out = append(out, "x") // want make-len-append
	}
	return out
}

func constant() []int {
	ids := make([]int, 3)
	ids = append(ids, 1, 2, 3) // want make-len-append
	return ids
}
