package head

import (
	"bytes"
	"os"
)

func Head(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 100 {
		return nil, err
	}
	return bytes.Clone(data[:100]), nil
}
