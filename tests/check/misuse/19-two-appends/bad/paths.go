// Package paths appends twice to one slice: both results may be one array.
package paths

func Both(base []string) (left, right []string) {
	left = append(base, "left")
	right = append(base, "right") // want append-alias
	return left, right
}
