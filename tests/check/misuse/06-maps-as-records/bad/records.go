// Package records makes a map with the same fixed keys for each record.
package records

type User struct {
	Name string
	Age  int
}

func Records(users []User) []map[string]any {
	out := make([]map[string]any, 0, len(users))
	for _, u := range users {
		out = append(out, map[string]any{"name": u.Name, "age": u.Age}) // want map-alloc-in-loop
	}
	return out
}
