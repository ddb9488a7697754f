package mapallocinloop

func reused(rows [][]string) int {
	seen := make(map[string]struct{})
	n := 0
	for _, row := range rows {
		clear(seen)
		for _, cell := range row {
			seen[cell] = struct{}{}
		}
		n += len(seen)
	}
	return n
}

func kept(rows [][]string) []map[string]struct{} {
	all := make([]map[string]struct{}, 0, len(rows))
	for _, row := range rows {
		seen := make(map[string]struct{}, len(row))
		for _, cell := range row {
			seen[cell] = struct{}{}
		}
		all = append(all, seen)
	}
	return all
}

func sometimes(rows [][]string) int {
	n := 0
	for _, row := range rows {
		if len(row) > 100 {
			seen := map[string]struct{}{row[0]: {}}
			n += len(seen)
		}
	}
	return n
}
