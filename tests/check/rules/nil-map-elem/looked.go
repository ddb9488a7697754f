package nilmapelem

// A look at the new map in between changes no slot.
func lookedAt(sums map[string]map[string]string, rows []string) {
	for _, row := range rows {
		if sums == nil {
			sums = map[string]map[string]string{}
		}
		before := sums[row]["n"]
		sums[row]["n"] = before + "1" // want nil-map-elem
	}
}

func filledInBetween(sums map[string]map[string]string, rows []string) {
	for _, row := range rows {
		if sums == nil {
			sums = map[string]map[string]string{}
		}
		if sums[row] == nil {
			sums[row] = map[string]string{}
		}
		before := sums[row]["n"]
		sums[row]["n"] = before + "1"
	}
}
