package sharedmapinloop

type rec struct{ attrs map[string]string }

func send(names []string, out chan<- map[string]string) {
	m := map[string]string{}
	for _, n := range names {
		m["name"] = n
		out <- m // want shared-map-in-loop
	}
}

func literal(names []string) []rec {
	m := make(map[string]string)
	recs := make([]rec, 0, len(names))
	for _, n := range names {
		m["name"] = n
		recs = append(recs, rec{attrs: m}) // want shared-map-in-loop
	}
	return recs
}

func byKey(names []string) map[string]map[string]int {
	inner := map[string]int{}
	all := make(map[string]map[string]int, len(names))
	for i, n := range names {
		inner[n] = i
		all[n] = inner // want shared-map-in-loop
	}
	return all
}

func byIndex(names []string) []map[string]int {
	inner := map[string]int{}
	all := make([]map[string]int, len(names))
	for i, n := range names {
		inner[n] = i
		all[i] = inner // want shared-map-in-loop
	}
	return all
}
