// Package size returns a closure that keeps a file for its length.
package size

import "os"

func Of(path string) (func() int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return func() int { return len(data) }, nil // want closure-retains
}
