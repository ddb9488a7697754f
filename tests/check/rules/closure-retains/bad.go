package closureretains

import "os"

type task struct{ run func() byte }

func first(path string) *task {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return &task{run: func() byte { return data[0] }} // want closure-retains
}
