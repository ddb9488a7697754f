// Package lower inserts other keys into the map that it ranges over: whether they are visited is chance.
package lower

import "strings"

func Keys(users map[string]int) {
	for name, id := range users {
		users[strings.ToLower(name)] = id // want map-insert-in-range
	}
}
