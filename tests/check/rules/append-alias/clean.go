package appendalias

import "slices"

func remove(s []int, i int) []int {
	s = append(s[:i], s[i+1:]...)
	return s
}

func removed(s []int, i int) []int { return append(s[:i], s[i+1:]...) }

func three(base []int) ([]int, []int) {
	a := append(base[:len(base):len(base)], 1)
	b := append(base[:len(base):len(base)], 2)
	return a, b
}

func clipped(base []int) ([]int, []int) {
	base = slices.Clip(base)
	return append(base, 1), append(base, 2)
}

func exact() ([]int, []int) {
	base := []int{1, 2, 3}
	return append(base, 1), append(base, 2)
}

func made() ([]int, []int) {
	base := make([]int, 3)
	return append(base, 1), append(base, 2)
}

func branches(base []int, left bool) []int {
	if left {
		return append(base, 1)
	}
	return append(base, 2)
}

func copies(base []int, use func([]int) int) int {
	n := use(append(base, 1))
	return n
}

func nothing(base []int) []int {
	fresh := append([]int(nil), base...)
	return append(fresh, 1)
}

func moved(base []int) []int {
	next := append(base, 1)
	next = append(next, 2)
	return next
}
