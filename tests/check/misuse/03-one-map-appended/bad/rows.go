// Package rows appends one map once per row: every row shows the values of the last.
package rows

func Rows(names []string) []map[string]string {
	row := make(map[string]string)
	out := make([]map[string]string, 0, len(names))
	for _, name := range names {
		row["name"] = name
		out = append(out, row) // want shared-map-in-loop
	}
	return out
}
