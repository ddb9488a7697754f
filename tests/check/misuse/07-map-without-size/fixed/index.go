package index

type Item struct {
	ID   int
	Name string
}

func ByID(items []Item) map[int]string {
	names := make(map[int]string, len(items))
	for _, item := range items {
		names[item.ID] = item.Name
	}
	return names
}
