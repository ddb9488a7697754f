package closureretains

import "os"

func iterates(path string) func() int {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return func() int {
		n := 0
		for _, b := range data {
			n += int(b)
		}
		return n
	}
}

func mutates(path string) func() {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return func() { data[0]++ }
}

func called(path string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	size := func() int { return len(data) }
	return size()
}

func any1(path string) func(int) byte {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return func(i int) byte { return data[i] }
}
