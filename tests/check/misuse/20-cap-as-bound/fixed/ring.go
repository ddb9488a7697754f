package ring

func Fill(values []int) {
	values = values[:cap(values)]
	for i := 0; i < cap(values); i++ {
		values[i] = i
	}
}

func Last() int {
	values := []int{1, 2, 3}
	i := 2
	return values[i]
}
