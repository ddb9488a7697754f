package formatmaphot

import (
	"errors"
	"fmt"
)

func once(set map[string]int) string { return fmt.Sprintf("%v", set) }

func onError(sets []map[string]int, bad func(map[string]int) bool) error {
	for _, set := range sets {
		if bad(set) {
			return fmt.Errorf("bad set %v", set)
		}
	}
	return errors.New("none")
}
