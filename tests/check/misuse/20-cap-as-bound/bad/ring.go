// Package ring takes the capacity for the length, and an index for one that is there.
package ring

func Fill(values []int) {
	for i := 0; i < cap(values); i++ {
		values[i] = i // want cap-as-len
	}
}

func Last() int {
	values := []int{1, 2, 3}
	i := 4
	return values[i] // want cap-as-len
}
