package sharedmapinloop

import "maps"

func cloned(names []string) []map[string]string {
	m := map[string]string{}
	all := make([]map[string]string, 0, len(names))
	for _, n := range names {
		m["name"] = n
		all = append(all, maps.Clone(m))
	}
	return all
}

func fresh(names []string) []map[string]string {
	all := make([]map[string]string, 0, len(names))
	for _, n := range names {
		m := map[string]string{}
		m["name"] = n
		all = append(all, m)
	}
	return all
}

func renewed(names []string) []map[string]string {
	m := map[string]string{}
	all := make([]map[string]string, 0, len(names))
	for _, n := range names {
		m["name"] = n
		all = append(all, m)
		m = map[string]string{}
	}
	return all
}

func breaks(names []string) []map[string]string {
	m := map[string]string{}
	var all []map[string]string
	for _, n := range names {
		if n != "" {
			m["name"] = n
			all = append(all, m)
			break
		}
	}
	return all
}

func onlyRead(names []string, m map[string]string) []map[string]string {
	all := make([]map[string]string, 0, len(names))
	for range names {
		all = append(all, m)
	}
	return all
}

func counted(names []string) int {
	m := map[string]string{}
	var all []map[string]string
	for _, n := range names {
		if n == "" {
			continue
		}
		m["name"] = n
		all = append(all, m)
	}
	return len(all)
}
