package paths

import "slices"

func Both(base []string) (left, right []string) {
	left = append(base[:len(base):len(base)], "left")
	right = slices.Concat(base, []string{"right"})
	return left, right
}
