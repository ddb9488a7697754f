// Package head returns the first bytes of a file, and with them all of it.
package head

import "os"

func Head(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 100 {
		return nil, err
	}
	return data[:100], nil // want subslice-retains
}
