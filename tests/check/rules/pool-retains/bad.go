package poolretains

import (
	"os"
	"sync"
)

var heads sync.Pool

func put(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head := data[:16:16]
	heads.Put(&head) // want pool-retains
	return nil
}
