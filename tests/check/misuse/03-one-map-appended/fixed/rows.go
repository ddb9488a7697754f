package rows

import "maps"

func Rows(names []string) []map[string]string {
	row := make(map[string]string)
	out := make([]map[string]string, 0, len(names))
	for _, name := range names {
		row["name"] = name
		out = append(out, maps.Clone(row))
	}
	return out
}
