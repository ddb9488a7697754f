package subsliceretains

import (
	"io"
	"os"
	"slices"
)

type header struct{ magic []byte }

func read(path string) (*header, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &header{magic: data[:4]}, nil // want subslice-retains
}

func clipped(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return slices.Clip(data[:32]), nil // want subslice-retains
}

func made() []int {
	big := make([]int, 1<<20)
	for i := range big {
		big[i] = i
	}
	return big[:10] // want subslice-retains
}
