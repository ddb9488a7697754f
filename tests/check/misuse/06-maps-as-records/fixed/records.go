package records

type User struct {
	Name string
	Age  int
}

type Record struct {
	Name string `json:"name"`
	Age  int    `json:"age"`
}

func Records(users []User) []Record {
	out := make([]Record, 0, len(users))
	for _, u := range users {
		out = append(out, Record{Name: u.Name, Age: u.Age})
	}
	return out
}
