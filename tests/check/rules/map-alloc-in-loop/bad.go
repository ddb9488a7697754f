package mapallocinloop

func clean(rows [][]string) int {
	n := 0
	for _, row := range rows {
		seen := make(map[string]struct{}, len(row)) // want map-alloc-in-loop
		for _, cell := range row {
			seen[cell] = struct{}{}
		}
		n += len(seen)
	}
	return n
}
