package edges

type Edge struct{ From, To int }

func Weigh(from, to []int, weights map[Edge]int) int {
	sum := 0
	for i := range from {
		sum += weights[Edge{from[i], to[i]}]
	}
	return sum
}
