// Package index fills a map from a slice whose length it knows.
package index

type Item struct {
	ID   int
	Name string
}

func ByID(items []Item) map[int]string {
	names := make(map[int]string) // want map-prealloc
	for _, item := range items {
		names[item.ID] = item.Name
	}
	return names
}
