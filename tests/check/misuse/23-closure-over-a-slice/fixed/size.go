package size

import "os"

func Of(path string) (func() int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	n := len(data)
	return func() int { return n }, nil
}
