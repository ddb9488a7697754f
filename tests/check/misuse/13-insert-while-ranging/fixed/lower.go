package lower

import "strings"

func Keys(users map[string]int) map[string]int {
	lower := make(map[string]int, len(users))
	for name, id := range users {
		lower[strings.ToLower(name)] = id
	}
	return lower
}

// Prune deletes and overwrites only the current key, which the language allows.
func Prune(users map[string]int) {
	for name, id := range users {
		if id < 0 {
			delete(users, name)
		} else {
			users[name] = id + 1
		}
	}
}
